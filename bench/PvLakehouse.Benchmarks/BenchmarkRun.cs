using System.Diagnostics;
using System.Globalization;

namespace PvLakehouse.Benchmarks;

/// <summary>Prepares a benchmark, measures its kinds in turn, each time in a new process, and reports.</summary>
internal static class BenchmarkRun
{
    /// <summary>First argument of the processes that measure.</summary>
    public const string Child = "measure-once";

    /// <summary>First argument of the processes that prepare one measurement.</summary>
    public const string Preparation = "prepare-once";

    public static async Task RunAsync(IBenchmark benchmark, int rounds, CancellationToken cancellationToken)
    {
        var scratch = Path.Combine(Path.GetTempPath(), $"pvlake-bench-{Guid.CreateVersion7():N}");
        try
        {
            await benchmark.PrepareAsync(scratch, cancellationToken);
            var runs = benchmark.Kinds.ToDictionary(kind => kind, _ => new List<Measured>(), StringComparer.Ordinal);
            for (var round = 0; round < Math.Min(rounds, benchmark.MostRounds); round++)
            {
                foreach (var kind in benchmark.Kinds)
                {
                    runs[kind].Add(await MeasureAsync(benchmark, kind, scratch, cancellationToken));
                }
            }

            benchmark.Report(
                runs.ToDictionary(r => r.Key, r => (IReadOnlyList<Measured>)r.Value, StringComparer.Ordinal), Console.Out);
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    /// <summary>What a process that measures does: one line for each figure.</summary>
    public static async Task MeasureOnceAsync(
        IBenchmark benchmark, string kind, string scratch, CancellationToken cancellationToken)
    {
        var figures = await benchmark.MeasureAsync(kind, scratch, cancellationToken);
        using var process = Process.GetCurrentProcess();
        foreach (var (name, value) in figures.Append(new Figure(Measured.Memory, process.PeakWorkingSet64 / 1e6)))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{value:R}"));
        }
    }

    /// <summary>The middle of the values of a figure.</summary>
    public static double Median(IReadOnlyList<Measured> runs, string figure) =>
        runs.Select(run => run[figure]).Order().ElementAt(runs.Count / 2);

    /// <summary>A line of a table: a figure in Iceberg, in the reference, and their ratio.</summary>
    public static string Compare(string what, double iceberg, double reference) =>
        string.Create(CultureInfo.InvariantCulture, $"| {what} | {iceberg:0.000} | {reference:0.000} | {iceberg / reference:0.00} |");

    private static async Task<Measured> MeasureAsync(
        IBenchmark benchmark, string kind, string scratch, CancellationToken cancellationToken)
    {
        if (benchmark is IPreparesRounds)
        {
            await RunAsync(Preparation, benchmark, kind, scratch, cancellationToken);
        }

        var output = await RunAsync(Child, benchmark, kind, scratch, cancellationToken);
        return new([.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)]);
    }

    /// <summary>Runs a process of this program and gives what it printed.</summary>
    private static async Task<string> RunAsync(
        string what, IBenchmark benchmark, string kind, string scratch, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BenchmarkRun).Assembly.Location, what, benchmark.Name, kind, scratch])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"The process '{what}' of {benchmark.Name}, {kind}, ended with {process.ExitCode}.");
    }

    private static Figure Read(string line) => line.Split('\t') is [var name, var value]
        ? new Figure(name, double.Parse(value, CultureInfo.InvariantCulture))
        : throw new InvalidOperationException($"A measurement printed '{line}'.");
}
