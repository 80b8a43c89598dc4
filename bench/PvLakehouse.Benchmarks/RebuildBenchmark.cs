using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PvLakehouse.Benchmarks.Fleet;
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

/// <summary>Rebuilds silver and gold completely: through Iceberg, and by the same SELECTs on plain Parquet.</summary>
/// <param name="name">Name on the command line.</param>
/// <param name="title">What is rebuilt, for the head of the table.</param>
/// <param name="fill">Fills the lake of a folder, bronze to gold.</param>
internal sealed class RebuildBenchmark(string name, string title, Func<string, CancellationToken, Task> fill) : IBenchmark
{
    private const string Iceberg = "iceberg";
    private const string Plain = "plain";
    private const string All = "all [s]";

    private static readonly (string Layer, string Dataset)[] Rebuilt =
    [
        ("silver", "hourly_weather"), ("silver", "hourly_air_quality"), ("silver", "hourly_energy"), ("silver", "daily_energy"),
        ("silver", "solar_clock"), ("gold", "fact_solar_environmental"), ("gold", "agg_daily_facility"), ("gold", "agg_monthly_facility"),
    ];

    /// <summary>The demo: eight farms, 2024-01-01 to 2025-12-22, hourly.</summary>
    public static RebuildBenchmark OfDemo { get; } = new("rebuild", "eight farms, two years hourly", FillDemoAsync);

    /// <summary>The fleet: 114 farms, a year of energy in intervals of five minutes.</summary>
    public static RebuildBenchmark OfFleet { get; } = new("fleet", "114 farms, a year of five minutes", FillFleetAsync);

    public string Name => name;

    public IReadOnlyList<string> Kinds => [Iceberg, Plain];

    public void Report(IReadOnlyDictionary<string, IReadOnlyList<Measured>> runs, TextWriter to)
    {
        var (iceberg, plain) = (runs[Iceberg], runs[Plain]);
        to.WriteLine($"| {title} | Iceberg | plain DuckDB on plain Parquet | ratio |");
        to.WriteLine("|---|---:|---:|---:|");
        foreach (var figure in iceberg[0].Figures)
        {
            to.WriteLine(BenchmarkRun.Compare(
                figure.Name, BenchmarkRun.Median(iceberg, figure.Name), BenchmarkRun.Median(plain, figure.Name)));
        }

        var ratios = iceberg.Zip(plain, (a, b) => a[All] / b[All]);
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nMedians of {iceberg.Count} runs each, in turn; ratio of all by pairs: {string.Join(' ', ratios.Select(r => r.ToString("0.00", CultureInfo.InvariantCulture)))}"));
    }

    /// <summary>Fills the lake and copies every table to a plain file.</summary>
    public async Task PrepareAsync(string scratch, CancellationToken cancellationToken)
    {
        await fill(scratch, cancellationToken);
        var lake = await OpenAsync(scratch, cancellationToken);
        Directory.CreateDirectory(PlainFolder(scratch));
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        foreach (var table in Datasets.Contracts)
        {
            if (await lake.Tables.FindAsync(table, cancellationToken) is { CurrentSnapshot: not null })
            {
                var file = Path.Combine(PlainParquetEngine.FolderOf(PlainFolder(scratch), table.Identifier), "0.parquet");
                // COPY reads through a name of the session: the engine resolves catalog tables in queries, not in statements of its own.
                await session.BindAsync($"copy_{table.Name}", new TableAt(table.Identifier), cancellationToken);
                await session.ExecuteAsync($"COPY (SELECT * FROM copy_{table.Name}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)", cancellationToken);
            }
        }
    }

    private static async Task FillDemoAsync(string scratch, CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxServer.StartAsync(
            new(new SimulatedSandbox(new SimulationOptions(), FacilityRegistry.Load().Facilities)), cancellationToken);
        await using var services = new ServiceCollection().AddLogging()
            .AddSources(SourceOptions.Sandbox(sandbox.BaseAddress), new FolderBodyArchive(Path.Combine(scratch, "archive")))
            .BuildServiceProvider();
        var pipeline = new LakePipeline(
            await OpenAsync(scratch, cancellationToken),
            services.GetRequiredService<OpenElectricityClient>(), services.GetRequiredService<OpenMeteoClient>());
        await pipeline.RunAsync(
            new IngestRequest { Mode = IngestMode.Backfill, Window = new DayRange(new(2024, 1, 1), new(2025, 12, 22)) },
            (_, stage) => stage(),
            cancellationToken);
    }

    private static async Task FillFleetAsync(string scratch, CancellationToken cancellationToken)
    {
        await using var lake = await FleetLake.OpenAsync(scratch, cancellationToken);
        await lake.FillAsync(years: 1, EnergyResolution.FiveMinutes, cancellationToken);
        await lake.RunModelsAsync((_, stage) => stage(), cancellationToken);
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

    public async Task<IReadOnlyList<Figure>> MeasureAsync(string kind, string scratch, CancellationToken cancellationToken)
    {
        var lake = await OpenAsync(scratch, cancellationToken);
        lake = kind == Plain ? lake with { Engine = new PlainParquetEngine(lake.Engine, PlainFolder(scratch)) } : lake;
        var models = new LakeModels(lake);
        var figures = new List<Figure>();
        foreach (var (layer, dataset) in Rebuilt)
        {
            var result = layer == "silver"
                ? await models.SilverAsync(dataset, ModelMode.Full, LoadStrategy.Overwrite, cancellationToken)
                : await models.GoldAsync(dataset, ModelMode.Full, LoadStrategy.Overwrite, cancellationToken);
            figures.Add(new Figure($"{layer}.{dataset} [s]", result.Elapsed.TotalSeconds));
        }

        figures.Add(new Figure(All, figures.Sum(f => f.Value)));
        return figures;
    }
}
