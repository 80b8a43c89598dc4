using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Benchmarks.Fleet;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Benchmarks;

/// <summary>What a day costs 114 farms after one year of history and after ten, and what the first run over that history takes.</summary>
internal sealed class DailyBenchmark : IBenchmark
{
    private const string All = "all [s]";
    private const string Processor = "all, processor time [s]";
    private const string First = "first";
    private const int DaysOfMeasurement = 3;

    private static readonly int[] Years = [1, 10];

    public string Name => "daily";

    public IReadOnlyList<string> Kinds { get; } = [.. Years.Select(years => $"{First}-{years}"), .. Years.Select(years => $"{years}")];

    /// <summary>Bronze of both lakes.</summary>
    public async Task PrepareAsync(string scratch, CancellationToken cancellationToken)
    {
        foreach (var years in Years)
        {
            await using var lake = await FleetLake.OpenAsync(FolderOf(scratch, $"{years}"), cancellationToken);
            await lake.FillAsync(years, EnergyResolution.Hour, cancellationToken);
        }
    }

    /// <summary>The first run over the history, which later rounds find done; or days of which each figure is the median.</summary>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        await using var lake = await FleetLake.OpenAsync(FolderOf(scratch, kind), cancellationToken);
        if (kind.StartsWith(First, StringComparison.Ordinal))
        {
            return [.. (await RunAsync(lake, [], cancellationToken)).Select(stage => new Figure(stage.Key, stage.Value))];
        }

        var days = new List<Dictionary<string, double>>();
        for (var day = 0; day <= DaysOfMeasurement; day++)
        {
            days.Add(await RunAsync(lake, await lake.NextMorningAsync(cancellationToken), cancellationToken));
        }

        // The first day warms the process up.
        return
        [
            .. days[^1].Keys.Select(figure =>
                new Figure(figure, days.Skip(1).Select(day => day.GetValueOrDefault(figure)).Order().ElementAt(DaysOfMeasurement / 2))),
        ];
    }

    public void Report(IReadOnlyDictionary<string, IReadOnlyList<Measured>> runs, TextWriter to)
    {
        to.WriteLine("| a day of 114 farms | after 1 year | after 10 years | ratio |");
        to.WriteLine("|---|---:|---:|---:|");
        foreach (var figure in runs["10"][0].Figures)
        {
            to.WriteLine(BenchmarkRun.Compare(
                figure.Name, BenchmarkRun.Median(runs["10"], figure.Name), BenchmarkRun.Median(runs["1"], figure.Name)));
        }

        var ratios = runs["10"].Zip(runs["1"], (ten, one) => ten[All] / one[All]);
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nMedians of {runs["10"].Count} runs each of {DaysOfMeasurement} days, in turn; ratio by pairs: {string.Join(' ', ratios.Select(r => r.ToString("0.00", CultureInfo.InvariantCulture)))}"));
        to.WriteLine("\n| first run over bronze | 1 year | 10 years | ratio |");
        to.WriteLine("|---|---:|---:|---:|");
        var (tenYears, oneYear) = (runs[$"{First}-10"], runs[$"{First}-1"]);
        foreach (var figure in tenYears[0].Figures)
        {
            to.WriteLine(BenchmarkRun.Compare(figure.Name, tenYears[0][figure.Name], oneYear[0][figure.Name]));
        }

        if (tenYears.Count > 1)
        {
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"\nA run that finds nothing new: {oneYear[1][All]:0.000} s after 1 year, {tenYears[1][All]:0.000} s after 10."));
        }
    }

    private static string FolderOf(string scratch, string kind) => Path.Combine(scratch, kind.Split('-')[^1]);

    /// <summary>Loads and models, timed by stage.</summary>
    private static async Task<Dictionary<string, double>> RunAsync(
        FleetLake lake, IReadOnlyList<(string Dataset, Func<Task<StageResult>> Load)> loads, CancellationToken cancellationToken)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        var (started, busy) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        foreach (var (dataset, load) in loads)
        {
            await ObserveAsync(dataset, load);
        }

        await lake.RunModelsAsync(ObserveAsync, cancellationToken);
        figures[All] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        figures[Processor] = (Environment.CpuUsage.TotalTime - busy).TotalSeconds;
        return figures;

        async Task<StageResult> ObserveAsync(string dataset, Func<Task<StageResult>> stage)
        {
            var began = Stopwatch.GetTimestamp();
            var result = await stage();
            figures[$"{dataset} [s]"] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return result;
        }
    }
}
