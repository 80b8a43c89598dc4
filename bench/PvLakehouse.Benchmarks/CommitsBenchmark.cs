using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Benchmarks;

/// <summary>1,000 appends of one row each to one table: what a commit costs, and whether it costs more and more.</summary>
/// <remarks>The reference writes the same row with the same DuckDB to a Parquet file of its own and forces it to the disk.</remarks>
internal sealed class CommitsBenchmark : IBenchmark
{
    private const string Iceberg = "iceberg";
    private const string Plain = "plain";
    private const int Commits = 1000;
    private const int Window = 100;

    private static readonly TableIdentifier Target = TableIdentifier.Parse("bench.commits");

    public string Name => "commits";

    public IReadOnlyList<string> Kinds => [Iceberg, Plain];

    public Task PrepareAsync(string scratch, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(scratch);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<Figure>> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        var lake = await BenchLake.OpenAsync(Path.Combine(scratch, Guid.NewGuid().ToString("N")), cancellationToken);
        var catalog = lake.Catalog;
        await using var engine = lake.Engine();
        await using var session = await engine.OpenSessionAsync(cancellationToken);
        if (kind == Plain)
        {
            var io = new LocalFileIO();
            return Latencies(await TimesAsync(async i =>
            {
                var file = lake.Plain(string.Create(CultureInfo.InvariantCulture, $"{i}.parquet"));
                await session.ExecuteAsync($"COPY ({Row(i)}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)", cancellationToken);
                await io.PersistAsync([file], cancellationToken);
            }));
        }

        await catalog.CreateNamespaceAsync(Target.Namespace, cancellationToken: cancellationToken);
        var table = await catalog.CreateTableAsync(Target, new TableCreation
        {
            Schema = new([
                NestedField.Mandatory(1, "n", IcebergType.Parse("long")), NestedField.Optional(2, "value", IcebergType.Parse("double"))]),
        }, cancellationToken);
        var times = await TimesAsync(i => session.AppendAsync(Target, Row(i), WriteOptions.Default, cancellationToken));
        await table.RefreshAsync(cancellationToken);
        var metadata = new DirectoryInfo(Path.Combine(table.Metadata.Location, "metadata")).GetFiles();
        return
        [
            .. Latencies(times),
            new("last metadata file [kB]", new FileInfo(LocalFileIO.PathOf(table.MetadataLocation)).Length / 1e3),
            new("all metadata files [MB]", metadata.Sum(f => f.Length) / 1e6),
            new("metadata files", metadata.Length),
        ];
    }

    public void Report(IReadOnlyDictionary<string, IReadOnlyList<Measured>> runs, TextWriter to)
    {
        to.WriteLine("| 1,000 appends of one row | Iceberg | plain Parquet file, forced to disk | ratio |");
        to.WriteLine("|---|---:|---:|---:|");
        var shared = runs[Plain][0].Figures.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var figure in runs[Iceberg][0].Figures)
        {
            var iceberg = BenchmarkRun.Median(runs[Iceberg], figure.Name);
            to.WriteLine(shared.Contains(figure.Name)
                ? BenchmarkRun.Compare(figure.Name, iceberg, BenchmarkRun.Median(runs[Plain], figure.Name))
                : string.Create(CultureInfo.InvariantCulture, $"| {figure.Name} | {iceberg:0.###} | | |"));
        }
    }

    private static string Row(int i) => string.Create(CultureInfo.InvariantCulture, $"SELECT {i}::BIGINT AS n, {i} / 2.0::DOUBLE AS value");

    private static async Task<List<double>> TimesAsync(Func<int, Task> work)
    {
        var times = new List<double>();
        for (var i = 0; i < Commits; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await work(i);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return times;
    }

    private static List<Figure> Latencies(List<double> times) =>
    [
        new("all [s]", times.Sum() / 1e3),
        new("first 100, median [ms]", Quantile(times.Take(Window), 0.5)),
        new("last 100, median [ms]", Quantile(times.TakeLast(Window), 0.5)),
        new("last 100, 95 % [ms]", Quantile(times.TakeLast(Window), 0.95)),
    ];

    private static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)(share * (sorted.Count - 1))];
    }
}
