using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Ops;
using PvLakehouse.Pipeline.Quality;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Silver;

namespace PvLakehouse.Pipeline.Holding;

/// <summary>Makes ops.held_days: finds the farm-days that break veto rules and the version of each that gold keeps.</summary>
/// <remarks>
/// What gold has of a held day is the newest version that physics allows, judged as of now: so it does not depend on which runs
/// there were, and a full run comes to the same.
/// </remarks>
internal sealed class HeldDaysRunner(Lake lake)
{
    // The newest version of a day is judged by its rows in silver; an earlier one by all that silver is made from.
    private static readonly ModelSource[] Sources =
    [
        new(CleanHourlyEnergy.Contract), new(CleanDailyEnergy.Contract), new(RawFacilityTimeseries.Contract), new(CleanHourlyWeather.Contract),
        new(CleanFacilityMaster.Contract),
    ];

    public async Task<StageResult> RunAsync(ModelMode mode, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var target = await lake.Tables.EnsureAsync(HeldDays.Contract, cancellationToken);
        var sources = new List<PinnedSource>();
        foreach (var source in Sources)
        {
            sources.Add(await PinnedSource.OfAsync(lake, source, target, cancellationToken));
        }

        var isCurrent = Watermark.Of(target.Metadata, lake.HeadOf(target), Watermark.Model) == RuleBook.Version;
        var isConsumed = isCurrent && sources.TrueForAll(source => source.IsConsumed);
        if (mode == ModelMode.Incremental && isConsumed)
        {
            return new(HeldDays.Contract.ToString(), null, Stopwatch.GetElapsedTime(started));
        }

        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await ModelSession.StartAsync(session, cancellationToken);
        foreach (var source in sources)
        {
            await source.BindAsync(session, isCurrent ? mode : ModelMode.Full, cancellationToken);
        }

        await lake.BindAsync(session, HeldDays.Contract, cancellationToken);
        var days = await FindCandidatesAsync(session, cancellationToken) is var (first, last)
            ? await JudgedDaysAsync(session, sources, first, last, cancellationToken)
            : [];
        await KeepAsync([.. days.Where(day => day.IsVetoed && day.Earlier.Count > 0)], cancellationToken);
        var outcome = await WriteAsync(session, days, sources, isConsumed, cancellationToken);
        return await ReportAsync(ModelRunner.Result(HeldDays.Contract, outcome, started), days, cancellationToken);
    }

    /// <summary>Finds the farm-days that have changed, and the held ones that a change near them may free or bind, as <c>candidates</c>.</summary>
    /// <returns>First and last of the days; null when there is none.</returns>
    private static async Task<(DateOnly First, DateOnly Last)?> FindCandidatesAsync(ISqlSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            $"""
            CREATE TEMP TABLE candidates AS
            WITH changed AS (
              SELECT facility_code, network_date FROM added_clean_hourly_energy WHERE network_date IS NOT NULL
              UNION
              SELECT facility_code, network_date FROM added_clean_daily_energy
              UNION
              SELECT facility_code, network_date(hour_of_interval(network_id, "interval", interval_ts), network_id)
              FROM added_raw_facility_timeseries WHERE metric = 'energy'
            ),
            span AS (
              SELECT min(day) - {VersionSession.DaysAfter} AS first_day, max(day) + {VersionSession.DaysBefore} AS last_day
              FROM (
                SELECT network_date AS day FROM changed
                UNION ALL
                SELECT CAST(utc_clock(date_hour) AS DATE) FROM added_clean_hourly_weather
              )
            )
            SELECT facility_code, network_date FROM changed
            UNION
            SELECT facility_code, network_date FROM held_days, span
            WHERE {HeldDays.IsHeld} AND (network_date BETWEEN first_day AND last_day OR EXISTS (FROM added_clean_facility_master))
            """,
            cancellationToken);
        var span = await RowsAsync(session, "SELECT min(network_date), max(network_date) FROM candidates", cancellationToken);
        return span[0][0] is DateOnly first && span[0][1] is DateOnly last ? (first, last) : null;
    }

    /// <summary>The candidates that break a veto rule, or were held before.</summary>
    private static async Task<IReadOnlyList<JudgedDay>> JudgedDaysAsync(
        ISqlSession session, List<PinnedSource> sources, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        // Files of other months are never opened.
        await BindDaysAsync(CleanHourlyEnergy.Contract, "network_date", CleanHourlyEnergy.Contract.Name);
        await BindDaysAsync(CleanDailyEnergy.Contract, "network_date", CleanDailyEnergy.Contract.Name);
        await BindDaysAsync(RawFacilityTimeseries.Contract, "interval_date", "versions_of_days");
        await session.ExecuteAsync(
            $"""
            CREATE TEMP TABLE judged AS
            WITH broken AS (
              SELECT facility_code, network_date, {Veto.Of("quality_issues")} AS names FROM clean_hourly_energy WHERE {Veto.Breaks("quality_issues")}
              UNION ALL
              SELECT facility_code, network_date, {Veto.Of("quality_issues")} FROM clean_daily_energy WHERE {Veto.Breaks("quality_issues")}
            ),
            vetoed AS (
              SELECT facility_code, network_date, array_to_string(list_sort(list_distinct(flatten(list(names)))), '|') AS reasons
              FROM broken GROUP BY facility_code, network_date
            )
            SELECT c.facility_code, c.network_date, v.reasons
            FROM candidates c
            LEFT JOIN vetoed v ON v.facility_code = c.facility_code AND v.network_date = c.network_date
            WHERE v.reasons IS NOT NULL
              OR EXISTS (SELECT 1 FROM held_days h WHERE h.facility_code = c.facility_code AND h.network_date = c.network_date)
            """,
            cancellationToken);
        var rows = await RowsAsync(
            session,
            """
            WITH told AS (
              SELECT DISTINCT facility_code, network_date, ingested_at
              FROM (
                SELECT facility_code, network_date(hour_of_interval(network_id, "interval", interval_ts), network_id) AS network_date, ingested_at
                FROM versions_of_days WHERE metric = 'energy')
              SEMI JOIN judged USING (facility_code, network_date)
            )
            SELECT j.facility_code, j.network_date, j.reasons,
              (SELECT list(epoch_us(t.ingested_at) ORDER BY t.ingested_at DESC) FROM told t
                WHERE t.facility_code = j.facility_code AND t.network_date = j.network_date),
              count(h.energy_mwh), sum(h.energy_mwh)
            FROM judged j
            LEFT JOIN clean_hourly_energy h ON h.facility_code = j.facility_code AND h.network_date = j.network_date
            GROUP BY j.facility_code, j.network_date, j.reasons
            ORDER BY j.facility_code, j.network_date
            """,
            cancellationToken);
        return [.. rows.Where(row => row[3] is not null).Select(JudgedDay.From)];

        Task BindDaysAsync(TableContract contract, string day, string name)
        {
            var source = sources.Single(source => source.Source.Table == contract);
            // An interval that ends a day bears the stamp of the next one.
            var filter = Expression.And(Expression.GreaterThanOrEqual(day, first), Expression.LessThanOrEqual(day, last.AddDays(1)));
            return session.BindAsync(name, new TableAt(source.Table.Identifier, source.Pinned) { Filter = filter }, cancellationToken);
        }
    }

    /// <summary>Looks for the newest earlier version of each day that breaks no veto rule.</summary>
    private async Task KeepAsync(IReadOnlyList<JudgedDay> days, CancellationToken cancellationToken)
    {
        var open = days.ToList();
        for (var age = 0; open.Count > 0; age++)
        {
            await using var session = await VersionSession.OpenAsync(
                lake, open.ToDictionary(day => day.Day, day => day.Earlier[age]), cancellationToken);
            var possible = await session.PossibleAsync(cancellationToken);
            foreach (var day in open.Where(day => possible.ContainsKey(day.Day)))
            {
                day.Keep(day.Earlier[age], possible[day.Day]);
            }

            open.RemoveAll(day => day.KeptKnownAt is not null || day.Earlier.Count == age + 1);
        }
    }

    private async Task<WriteOutcome> WriteAsync(
        ISqlSession session, IReadOnlyList<JudgedDay> days, List<PinnedSource> sources, bool isConsumed, CancellationToken cancellationToken)
    {
        var stamp = Instants.ToMicroseconds(lake.Clock.GetUtcNow());
        await session.StageAsync(
            "days",
            [
                new("facility_code", IcebergType.String), new("network_date", IcebergType.Date), new("known_at", IcebergType.TimestampTz),
                new("reasons", IcebergType.String), new("hours", IcebergType.Long), new("energy_mwh", IcebergType.Double),
                new("kept_known_at", IcebergType.TimestampTz), new("kept_energy_mwh", IcebergType.Double),
            ],
            days.Select(day => (object?[])
            [
                day.Day.Facility, day.Day.Date, day.KnownAt, day.Reasons, day.Hours, day.EnergyMwh, day.KeptKnownAt, day.KeptEnergyMwh,
            ]).ToAsyncEnumerable(),
            cancellationToken);
        var select = $"""
            WITH now_held AS (
              SELECT d.facility_code, d.network_date, d.known_at,
                CASE WHEN h.status IN ('{HeldDays.Released}', '{HeldDays.Rejected}') THEN h.status ELSE '{HeldDays.Open}' END AS status,
                d.reasons, d.hours, d.energy_mwh, d.kept_known_at, d.kept_energy_mwh, h.decided_at, h.decided_by, h.comment,
                '{RuleBook.Version}' AS rule_set_version
              FROM days d
              LEFT JOIN held_days h ON h.facility_code = d.facility_code AND h.network_date = d.network_date AND h.known_at = d.known_at
              WHERE d.reasons IS NOT NULL
            ),
            no_more AS (  -- earlier versions of the days, and versions without veto
              SELECT h.facility_code, h.network_date, h.known_at,
                CASE WHEN h.known_at <> d.known_at THEN '{HeldDays.Superseded}'
                  WHEN h.status = '{HeldDays.Open}' THEN '{HeldDays.Cleared}' ELSE h.status END AS status,
                h.reasons, h.hours, h.energy_mwh, h.kept_known_at, h.kept_energy_mwh, h.decided_at, h.decided_by, h.comment, h.rule_set_version
              FROM held_days h
              JOIN days d ON d.facility_code = h.facility_code AND d.network_date = h.network_date
              WHERE d.reasons IS NULL OR h.known_at <> d.known_at
            )
            SELECT *, {Instants.Literal(stamp)} AS created_at, {Instants.Literal(stamp)} AS updated_at
            FROM (SELECT * FROM now_held UNION ALL SELECT * FROM no_more)
            """;
        var target = await lake.Tables.EnsureAsync(HeldDays.Contract, cancellationToken);
        return await session.MergeAsync(
            HeldDays.Contract.Identifier,
            select,
            ModelRunner.Merge(target, HeldDays.Contract, new WriteOptions
            {
                Branch = lake.Branch,
                SnapshotProperties = Watermark.Properties(sources.Select(source => (source.Source.Table, source.Rows)), RuleBook.Version, stamp),
                CommitWhenEmpty = !isConsumed,
            }),
            cancellationToken);
    }

    private async Task<StageResult> ReportAsync(StageResult result, IReadOnlyList<JudgedDay> days, CancellationToken cancellationToken)
    {
        if (result.RowsInserted == 0)
        {
            return result;
        }

        var example = days.First(day => day.IsVetoed);
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.RowsInserted} {(result.RowsInserted == 1 ? "farm-day is" : "farm-days are")} held back from gold, for example {example.Day.Facility} {example.Day.Date:yyyy-MM-dd} ({example.Reasons}); "
            + $"see 'pvlake audit list'.");
        await lake.Alerts.RaiseAsync(new Alert(lake.Clock.GetUtcNow(), "farm-days held", note), cancellationToken);
        return result with { Notes = [note] };
    }

    private static async Task<IReadOnlyList<object?[]>> RowsAsync(ISqlSession session, string sql, CancellationToken cancellationToken) =>
        await (await session.QueryAsync(sql, parameters: null, cancellationToken)).ToListAsync(cancellationToken);
}
