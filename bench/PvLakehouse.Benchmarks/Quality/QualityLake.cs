using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;
using PvLakehouse.Sandbox;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Benchmarks.Quality;

/// <summary>A real lake that is filled from a simulated provider through its HTTP interface, first at once and then morning by morning.</summary>
internal sealed class QualityLake : IAsyncDisposable
{
    /// <summary>How many days before yesterday are read again each morning.</summary>
    public const int LookbackDays = 10;

    // Eight in the morning of the eastern market.
    private const int MorningHour = 8;

    private static readonly (string Table, string Start, Granularity Granularity)[] Judged =
    [
        ("clean_hourly_energy", "date_hour", Granularity.Hour),
        ("clean_daily_energy", "network_date", Granularity.Day),
        ("solar_clock", "month", Granularity.Month),
    ];

    private readonly KnownWorld _world;
    private readonly ScorecardOptions _options;
    private readonly SandboxServer _server;
    private readonly ServiceProvider _services;
    private readonly SteppedClock _clock;
    private readonly DuckDbEngine _engine;
    private readonly LakePipeline _pipeline;
    private readonly LakeModels _models;
    private readonly Lake _lake;

    private QualityLake(
        KnownWorld world, ScorecardOptions options, SandboxServer server, ServiceProvider services, SteppedClock clock, DuckDbEngine engine, Lake lake)
    {
        (_world, _options, _server, _services, _clock, _engine, _lake) = (world, options, server, services, clock, engine, lake);
        _pipeline = new(lake, services.GetRequiredService<OpenElectricityClient>(), services.GetRequiredService<OpenMeteoClient>());
        _models = new(lake);
    }

    /// <summary>What silver said, run by run.</summary>
    public FlagHistory Flags { get; } = new();

    /// <summary>The runs so far.</summary>
    public List<LakeRun> Runs { get; } = [];

    /// <summary>Makes an empty lake in a folder and starts the provider.</summary>
    public static async Task<QualityLake> OpenAsync(
        string folder, KnownWorld world, ScorecardOptions options, CancellationToken cancellationToken)
    {
        var clock = new SteppedClock();
        var server = await SandboxServer.StartAsync(new(world.Published) { Clock = clock }, cancellationToken);
        var services = new ServiceCollection().AddLogging()
            .AddSources(SourceOptions.Sandbox(server.BaseAddress), new FolderBodyArchive(Path.Combine(folder, "archive")))
            .BuildServiceProvider();
        var warehouse = Path.Combine(folder, "warehouse");
        Directory.CreateDirectory(warehouse);
        var catalog = await SqlCatalog.OpenSqliteAsync(
            Path.Combine(folder, "catalog.db"), warehouse, new LocalFileIO(), cancellationToken: cancellationToken);
        var engine = new DuckDbEngine(catalog, new() { TemporaryFolder = Path.Combine(folder, "tmp"), AllowedFolders = [warehouse] });
        return new(world, options, server, services, clock, engine, new Lake(catalog, engine, clock));
    }

    /// <summary>The backfill, and then a run for each morning.</summary>
    public async Task LiveAsync(CancellationToken cancellationToken)
    {
        await RunAsync(IngestMode.Backfill, _options.History, _options.History, cancellationToken);
        for (var day = _options.History.Last.AddDays(1); day <= _options.Days.Last; day = day.AddDays(1))
        {
            await RunAsync(IngestMode.Incremental, new(day.AddDays(-LookbackDays), day), new(day, day), cancellationToken);
        }
    }

    /// <summary>The rows of a query, to the end.</summary>
    public async Task<IReadOnlyList<object?[]>> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        await using var session = await _lake.Engine.OpenSessionAsync(cancellationToken);
        var result = await session.QueryAsync(sql, parameters: null, cancellationToken);
        return await result.ToListAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>An instant of a result, in UTC.</summary>
    public static DateTimeOffset InstantOf(object? value) => value switch
    {
        DateTimeOffset instant => instant,
        DateTime utc => new(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
        _ => throw new InvalidOperationException($"Expected an instant, found '{value}'."),
    };

    private async Task RunAsync(IngestMode mode, DayRange energy, DayRange weather, CancellationToken cancellationToken)
    {
        _clock.Set(NetworkClock.Nem.StartOf(energy.Last.AddDays(1)).AddHours(MorningHour).ToUniversalTime());
        var run = new LakeRun(Runs.Count, _clock.GetUtcNow(), energy);
        var request = new IngestRequest { Mode = mode, Facilities = _options.Farms, Window = weather };
        if (mode is IngestMode.Backfill)
        {
            await _pipeline.BronzeAsync("facilities", request, cancellationToken);
        }

        await _pipeline.BronzeAsync("facility_timeseries", request with { Window = energy, Refresh = mode is IngestMode.Incremental }, cancellationToken);
        await _pipeline.BronzeAsync("facility_weather", request, cancellationToken);
        foreach (var dataset in Datasets.Of("silver").Where(dataset => dataset != "hourly_air_quality"))
        {
            await _models.SilverAsync(dataset, ModelMode.Incremental, LoadStrategy.Merge, cancellationToken);
        }

        Runs.Add(run);
        foreach (var (table, start, granularity) in Judged.Where(one => Datasets.Contracts.Any(contract => contract.Name == one.Table)))
        {
            var rows = await QueryAsync(
                $"""
                SELECT facility_code, {start}, quality_issues FROM iceberg.silver.{table}
                WHERE updated_at >= TIMESTAMPTZ '{run.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}+00'
                """, cancellationToken);
            foreach (var row in rows)
            {
                var farm = (string)row[0]!;
                Flags.Note(run.Index, granularity, new(farm, StartOf(row[1], _world.ClockOf(farm))), (string)row[2]!);
            }
        }
    }

    /// <summary>The first instant of a row: an instant, a day of the network's clock, or a month as its first day or as yyyy-MM.</summary>
    private static DateTimeOffset StartOf(object? value, NetworkClock clock) => value switch
    {
        DateOnly day => clock.StartOf(day).ToUniversalTime(),
        string month => clock.StartOf(DateOnly.ParseExact($"{month}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture)).ToUniversalTime(),
        _ => InstantOf(value),
    };
}
