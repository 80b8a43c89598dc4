using System.Globalization;
using PvLakehouse.Benchmarks.Quality;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Benchmarks;

/// <summary>The scorecard of the quality rules: precision, recall and latency on the simulator's labelled faults, one world a kind.</summary>
internal sealed class QualityBenchmark : IBenchmark
{
    private const string Latency = "latency [d]";

    /// <summary>Worlds by their seeds, with the market regions whose farms they have, all of each: curtailment is told by a region's farms together.</summary>
    private static readonly Dictionary<string, string[]> Worlds = new(StringComparer.Ordinal)
    {
        ["20240101"] = ["SA1", "VIC1", "WEM"],
        ["7"] = ["QLD1"],
    };

    private static readonly string[] Counts = ["touched", "caught", "missed", "wrong"];

    public string Name => "quality";

    public IReadOnlyList<string> Kinds { get; } = [.. Worlds.Keys];

    public int MostRounds => 1;

    public Task PrepareAsync(string scratch, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyList<Figure>> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        var options = new ScorecardOptions
        {
            Seed = long.Parse(kind, CultureInfo.InvariantCulture),
            Farms = FarmsOf(kind),
            History = new DayRange(new(2024, 1, 1), new(2024, 12, 31)),
            DailyRuns = 45,
            ProviderFaultRate = 3,
        };
        var scores = await Scorecard.MakeAsync(options, Path.Combine(scratch, kind), cancellationToken);
        await WriteMistakesAsync(Path.Combine(AppContext.BaseDirectory, $"scorecard-{kind}.csv"), scores, cancellationToken);
        return [.. scores.SelectMany(Figures)];
    }

    public void Report(IReadOnlyDictionary<string, IReadOnlyList<Measured>> runs, TextWriter to)
    {
        var figures = runs.Values.SelectMany(rounds => rounds[0].Figures).ToLookup(figure => figure.Name, figure => figure.Value, StringComparer.Ordinal);
        to.WriteLine("| fault | counted in | touched | visible | named | wrongly named | precision | recall | latency, median | latency, most |");
        to.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, unit) in FaultClasses.All.Select(one => (one.Name, one.Granularity))
            .Concat([(LedgerScore.Corrections, Granularity.Day), (LedgerScore.Duplicates, Granularity.Hour)]))
        {
            double Sum(string count) => figures[Figure(name, count)].Sum();
            var (caught, missed, wrong) = (Sum(Counts[1]), Sum(Counts[2]), Sum(Counts[3]));
            var latencies = figures[Figure(name, Latency)].Order().ToArray();
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | farm-{unit.ToString().ToLowerInvariant()} | {Sum(Counts[0])} | {caught + missed} | {caught} | {wrong} | {Share(caught, wrong)} | {Share(caught, missed)} | {Days(latencies, latencies.Length / 2)} | {Days(latencies, latencies.Length - 1)} |"));
        }

        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{runs.Count} worlds of {string.Join(" and ", runs.Keys.Select(kind => FarmsOf(kind).Count))} farms; peak memory {runs.Values.Max(rounds => rounds[0][Measured.Memory]):0} MB. Every mistake is listed in scorecard-*.csv beside the program."));
    }

    /// <summary>The farms of a world that publish data and whose place and size are known.</summary>
    private static IReadOnlyList<string> FarmsOf(string kind) =>
    [
        .. FacilityRegistry.Load().Facilities
            .Where(farm => farm is { HasIntervalData: true, Location: not null } && Worlds[kind].Contains(farm.Region, StringComparer.Ordinal)
                && farm.Units.All(unit => unit.CapacityMw > 0 && unit.DataFirstSeen is null))
            .Select(farm => farm.Code),
    ];

    private static IEnumerable<Figure> Figures(Score score) =>
    [
        new(Figure(score.Class, Counts[0]), score.Touched), new(Figure(score.Class, Counts[1]), score.Caught),
        new(Figure(score.Class, Counts[2]), score.Missed.Count), new(Figure(score.Class, Counts[3]), score.Wrong.Count),
        .. score.LatencyDays.Select(days => new Figure(Figure(score.Class, Latency), days)),
    ];

    private static string Figure(string name, string what) => $"{name}: {what}";

    private static string Share(double part, double rest) =>
        part + rest == 0 ? "-" : (part / (part + rest)).ToString("0.000", CultureInfo.InvariantCulture);

    private static string Days(double[] ordered, int index) =>
        ordered.Length == 0 ? "-" : ordered[index].ToString("0.0 d", CultureInfo.InvariantCulture);

    private static async Task WriteMistakesAsync(string file, IReadOnlyList<Score> scores, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(file);
        await writer.WriteLineAsync("fault,mistake,facility_code,start_utc,faults".AsMemory(), cancellationToken);
        foreach (var score in scores)
        {
            foreach (var (name, mistake) in score.Missed.Select(one => ("missed", one)).Concat(score.Wrong.Select(one => ("wrong", one))))
            {
                await writer.WriteLineAsync(
                    $"{score.Class},{name},{mistake.Unit.Farm},{mistake.Unit.Start:yyyy-MM-dd'T'HH:mm'Z'},{mistake.Faults}".AsMemory(), cancellationToken);
            }
        }
    }
}
