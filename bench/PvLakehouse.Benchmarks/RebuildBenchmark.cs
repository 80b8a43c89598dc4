using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PvLakehouse.Engine;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation;

namespace PvLakehouse.Benchmarks;

/// <summary>Rebuilds the hourly silver tables and the gold fact: through Iceberg, and the same SELECTs on plain Parquet.</summary>
/// <remarks>Every measured rebuild runs in a process of its own, the two kinds in turn, so that neither warms the other and
/// each has its own peak of memory.</remarks>
internal static class RebuildBenchmark
{
    private const string Child = "rebuild-once";

    private static readonly (string Layer, string Dataset)[] Rebuilt =
    [
        ("silver", "hourly_energy"), ("silver", "hourly_weather"), ("silver", "hourly_air_quality"), ("gold", "fact_solar_environmental"),
    ];

    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is [Child, var kind, var folder])
        {
            return await RebuildOnceAsync(kind, folder, cancellationToken);
        }

        var rounds = arguments is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        var scratch = Path.Combine(Path.GetTempPath(), $"pvlake-bench-{Guid.CreateVersion7():N}");
        try
        {
            await PrepareAsync(scratch, cancellationToken);
            var (iceberg, plain) = (new List<Measured>(), new List<Measured>());
            for (var round = 0; round < rounds; round++)
            {
                iceberg.Add(await MeasureAsync("iceberg", scratch, cancellationToken));
                plain.Add(await MeasureAsync("plain", scratch, cancellationToken));
            }

            Report(iceberg, plain);
            return 0;
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    private static void Report(List<Measured> iceberg, List<Measured> plain)
    {
        Console.WriteLine("| rebuild of silver and gold, full | Iceberg | plain DuckDB on plain Parquet | ratio |");
        Console.WriteLine("|---|---:|---:|---:|");
        for (var i = 0; i < Rebuilt.Length; i++)
        {
            Line($"{Rebuilt[i].Layer}.{Rebuilt[i].Dataset} [s]", Median(iceberg, run => run.Seconds[i]), Median(plain, run => run.Seconds[i]));
        }

        Line("all four [s]", Median(iceberg, run => run.Seconds.Sum()), Median(plain, run => run.Seconds.Sum()));
        Line("peak memory [MB]", Median(iceberg, run => run.PeakMegabytes), Median(plain, run => run.PeakMegabytes));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nMedians of {iceberg.Count} runs each, in turn; ratio of all four by pairs: {string.Join(' ', iceberg.Zip(plain, (a, b) => $"{a.Seconds.Sum() / b.Seconds.Sum():0.00}"))}"));

        static void Line(string what, double a, double b) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {a:0.000} | {b:0.000} | {a / b:0.00} |"));
    }

    private static double Median(List<Measured> runs, Func<Measured, double> value) => runs.Select(value).Order().ElementAt(runs.Count / 2);

    /// <summary>The lake of the demo: eight farms, 2024-01-01 to 2025-12-22, and a plain copy of every table.</summary>
    private static async Task PrepareAsync(string scratch, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(
            new(new SimulatedSandbox(new SimulationOptions(), FacilityRegistry.Load().Facilities)), cancellationToken);
        await using var services = new ServiceCollection().AddLogging()
            .AddSources(SourceOptions.Sandbox(sandbox.BaseAddress), new FolderBodyArchive(Path.Combine(scratch, "archive")))
            .BuildServiceProvider();
        var lake = await OpenAsync(scratch, cancellationToken);
        var pipeline = new LakePipeline(lake, services.GetRequiredService<OpenElectricityClient>(), services.GetRequiredService<OpenMeteoClient>());
        await pipeline.RunAsync(
            new IngestRequest { Mode = IngestMode.Backfill, Window = new DayRange(new(2024, 1, 1), new(2025, 12, 22)) },
            (_, stage) => stage(),
            cancellationToken);
        Directory.CreateDirectory(PlainFolder(scratch));
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        foreach (var table in Datasets.Contracts)
        {
            var file = PlainParquetEngine.FileOf(PlainFolder(scratch), table.Identifier);
            // COPY reads through a name of the session: the engine resolves catalog tables in queries, not in statements of its own.
            await session.BindAsync($"copy_{table.Name}", new TableAt(table.Identifier), cancellationToken);
            await session.ExecuteAsync($"COPY (SELECT * FROM copy_{table.Name}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)", cancellationToken);
        }
    }

    private static async Task<Lake> OpenAsync(string scratch, CancellationToken cancellationToken)
    {
        var warehouse = Path.Combine(scratch, "warehouse");
        Directory.CreateDirectory(warehouse);
        var catalog = await SqlCatalog.OpenSqliteAsync(
            Path.Combine(scratch, "catalog.db"), warehouse, new LocalFileIO(), cancellationToken: cancellationToken);
        return new Lake(catalog, Engine(catalog, scratch), TimeProvider.System);
    }

    private static DuckDbEngine Engine(ICatalog catalog, string scratch) => new(catalog, new DuckDbEngineOptions
    {
        TemporaryFolder = Path.Combine(scratch, "tmp"),
        AllowedFolders = [Path.Combine(scratch, "warehouse"), PlainFolder(scratch)],
    });

    private static string PlainFolder(string scratch) => Path.Combine(scratch, "plain");

    private static async Task<int> RebuildOnceAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        var lake = await OpenAsync(scratch, cancellationToken);
        lake = kind == "plain" ? lake with { Engine = new PlainParquetEngine(lake.Engine, PlainFolder(scratch)) } : lake;
        var models = new LakeModels(lake);
        foreach (var (layer, dataset) in Rebuilt)
        {
            var result = layer == "silver"
                ? await models.SilverAsync(dataset, ModelMode.Full, LoadStrategy.Overwrite, cancellationToken)
                : await models.GoldAsync(dataset, ModelMode.Full, LoadStrategy.Overwrite, cancellationToken);
            Console.WriteLine(result.Elapsed.TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
        }

        using var process = Process.GetCurrentProcess();
        Console.WriteLine((process.PeakWorkingSet64 / 1e6).ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }

    private static async Task<Measured> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(RebuildBenchmark).Assembly.Location, Child, kind, scratch]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var numbers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        return process.ExitCode == 0
            ? new([.. numbers.SkipLast(1)], numbers[^1])
            : throw new InvalidOperationException($"A measured {kind} rebuild ended with {process.ExitCode}.");
    }

    private sealed record Measured(double[] Seconds, double PeakMegabytes);
}
