namespace PvLakehouse.Benchmarks.Quality;

/// <summary>Scores what is known from how values arrive: corrections, and rows that come twice.</summary>
internal sealed class LedgerScore(KnownWorld world, ScorecardOptions options, QualityLake lake)
{
    private const double Equal = 1e-5;

    /// <summary>The name of the line of corrections.</summary>
    public const string Corrections = "late correction";

    /// <summary>The name of the line of duplicates.</summary>
    public const string Duplicates = "duplicate";

    /// <summary>Both lines.</summary>
    public async Task<IReadOnlyList<Score>> OfAsync(CancellationToken cancellationToken) =>
        [await CorrectionsAsync(cancellationToken), await DuplicatesAsync(cancellationToken)];

    /// <summary>A farm-day is corrected when a later run was told another value of one of its hours.</summary>
    private async Task<Score> CorrectionsAsync(CancellationToken cancellationToken)
    {
        var rows = await lake.QueryAsync(
            """
            SELECT facility_code, interval_ts, min(ingested_at)
            FROM (
              SELECT facility_code, interval_ts, ingested_at, value,
                lag(value) OVER known AS value_before, row_number() OVER known AS version
              FROM iceberg.bronze.raw_facility_timeseries
              WINDOW known AS (PARTITION BY facility_code, unit_code, interval_ts ORDER BY ingested_at, ingest_batch_id))
            WHERE version > 1 AND value IS DISTINCT FROM value_before
            GROUP BY 1, 2
            """, cancellationToken);
        var told = new Dictionary<JudgedUnit, DateTimeOffset>();
        foreach (var row in rows)
        {
            var (farm, at) = ((string)row[0]!, QualityLake.InstantOf(row[2]));
            var day = JudgedUnit.Of(farm, world.ClockOf(farm), Granularity.Day, QualityLake.InstantOf(row[1]));
            told[day] = told.TryGetValue(day, out var before) && before < at ? before : at;
        }

        var corrected = Corrected();
        var caught = corrected.Where(day => told.ContainsKey(day.Key)).ToArray();
        return new(
            Corrections, Granularity.Day, corrected.Count, caught.Length,
            [.. corrected.Keys.Where(day => !told.ContainsKey(day)).Select(day => new Mistake(day, ""))],
            [.. told.Keys.Where(day => !corrected.ContainsKey(day)).Select(day => new Mistake(day, ""))])
        {
            LatencyDays = [.. caught.Select(day => Math.Max(0, (told[day.Key] - day.Value).TotalDays))],
        };
    }

    /// <summary>The days whose published values changed between two runs that read them, with the instant of the change.</summary>
    private Dictionary<JudgedUnit, DateTimeOffset> Corrected()
    {
        var corrected = new Dictionary<JudgedUnit, DateTimeOffset>();
        foreach (var label in world.Labels.Values.SelectMany(labels => labels))
        {
            var clock = world.ClockOf(label.FacilityCode);
            for (var day = JudgedUnit.Of(label.FacilityCode, clock, Granularity.Day, label.FromUtc); day.Start < label.ToUtc; day = day with { Start = day.Start.AddDays(1) })
            {
                var date = clock.DayOf(day.Start);
                var reads = lake.Runs.Where(run => run.Days.First <= date && date <= run.Days.Last).Select(run => run.At).ToArray();
                DateTimeOffset?[] changes = [label.KnownFromUtc, label.KnownUntilUtc];
                foreach (var change in changes.OfType<DateTimeOffset>().Where(change => reads.Any(read => read < change) && reads.Any(read => read >= change)))
                {
                    var (before, after) = (reads.Last(read => read < change), reads.First(read => read >= change));
                    if (Differs(day, before, after))
                    {
                        corrected[day] = corrected.TryGetValue(day, out var known) && known < change ? known : change;
                    }
                }
            }
        }

        return corrected;
    }

    private bool Differs(JudgedUnit day, DateTimeOffset before, DateTimeOffset after) =>
        world.PublishedHours(day.Farm, day.Start, 24, before).Zip(world.PublishedHours(day.Farm, day.Start, 24, after))
            .Any(hour => hour.First is null != hour.Second is null || Math.Abs((hour.First ?? 0) - (hour.Second ?? 0)) > Equal);

    /// <summary>An hour sent twice is absorbed when silver has its energy once, and so must be every other hour.</summary>
    private async Task<Score> DuplicatesAsync(CancellationToken cancellationToken)
    {
        var rows = await lake.QueryAsync(
            "SELECT facility_code, date_hour, energy_mwh FROM iceberg.silver.clean_hourly_energy", cancellationToken);
        var silver = rows.ToDictionary(
            row => new JudgedUnit((string)row[0]!, QualityLake.InstantOf(row[1])), row => row[2] is { } value ? Convert.ToDouble(value, provider: null) : (double?)null);
        var twice = world.Labels.Values.SelectMany(labels => labels)
            .Where(label => label.Kind is Sandbox.Simulation.Faults.DataFaultKind.Duplicate)
            .SelectMany(label => Enumerable.Range(0, (int)(label.ToUtc - label.FromUtc).TotalHours).Select(hour => new JudgedUnit(label.FacilityCode, label.FromUtc.AddHours(hour))))
            .ToHashSet();
        var (caught, missed, wrong) = (0, new List<Mistake>(), new List<Mistake>());
        foreach (var farm in options.Farms)
        {
            for (var date = options.Days.First; date <= options.Days.Last; date = date.AddDays(1))
            {
                var start = world.ClockOf(farm).StartOf(date).ToUniversalTime();
                var read = lake.Runs.Last(run => run.Days.First <= date && date <= run.Days.Last).At;
                var published = world.PublishedHours(farm, start, 24, read);
                for (var hour = 0; hour < published.Length; hour++)
                {
                    var unit = new JudgedUnit(farm, start.AddHours(hour));
                    var isRight = IsSame(silver.GetValueOrDefault(unit), published[hour]);
                    caught += isRight && twice.Contains(unit) ? 1 : 0;
                    if (!isRight)
                    {
                        (twice.Contains(unit) ? missed : wrong).Add(new(unit, ""));
                    }
                }
            }
        }

        return new(Duplicates, Granularity.Hour, twice.Count, caught, missed, wrong);
    }

    // The API publishes six decimals a unit.
    private static bool IsSame(double? kept, double? published) =>
        kept is null == published is null && Math.Abs((kept ?? 0) - (published ?? 0)) < Equal;
}
