using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Sandbox.Simulation;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Benchmarks.Fleet;

/// <summary>A lake of all 114 farms of the registry, filled from the simulation.</summary>
internal sealed class FleetLake : IAsyncDisposable
{
    /// <summary>The year that is simulated; years before it repeat its weather and energy, day of year by day of year.</summary>
    private const int SimulatedYear = 2025;

    private static readonly (BronzeSeries Series, string Text, string Format)[] HourlySeries =
    [
        (RawFacilityWeather.Series, "date", "%Y-%m-%dT%H:%M"), (RawFacilityAirQuality.Series, "date", "%Y-%m-%dT%H:%M"),
        (RawFacilityTimeseries.Series, "interval_start", "%Y-%m-%dT%H:%M:%S+10:00"),
    ];

    private readonly SteppedClock _clock;
    private readonly SimulatedSandbox _world;
    private readonly FolderBodyArchive _archive;
    private readonly SqlCatalog _catalog;

    private FleetLake(Lake lake, SqlCatalog catalog, SteppedClock clock, SimulatedSandbox world, FolderBodyArchive archive) =>
        (Lake, _catalog, _clock, _world, _archive) = (lake, catalog, clock, world, archive);

    public Lake Lake { get; }

    /// <summary>The days that the simulation brings.</summary>
    public static DayRange SimulatedDays { get; } = new(new(SimulatedYear, 1, 1), new(SimulatedYear, 12, 31));

    /// <summary>Opens the lake of a folder, or makes it.</summary>
    public static async Task<FleetLake> OpenAsync(string folder, CancellationToken cancellationToken)
    {
        var warehouse = Path.Combine(folder, "warehouse");
        Directory.CreateDirectory(warehouse);
        var catalog = await SqlCatalog.OpenSqliteAsync(
            Path.Combine(folder, "catalog.db"), warehouse, new LocalFileIO(), cancellationToken: cancellationToken);
        var clock = new SteppedClock();
        var engine = new DuckDbEngine(catalog, new()
        {
            TemporaryFolder = Path.Combine(folder, "tmp"), AllowedFolders = [warehouse, Path.Combine(folder, "plain")],
        });
        var world = new SimulatedSandbox(new SimulationOptions(), FacilityRegistry.Load().Facilities);
        // No body is ever stored: the source has none.
        var lake = new FleetLake(new Lake(catalog, engine, clock), catalog, clock, world, new FolderBodyArchive(Path.Combine(folder, "archive")));
        lake.WakeAfter(await lake.LastDayAsync(cancellationToken) ?? SimulatedDays.Last);
        return lake;
    }

    /// <summary>Fills bronze with the simulated year and, hourly, with years before it.</summary>
    /// <param name="years">All years, at least 1.</param>
    /// <param name="resolution">Of energy; more years than one are hourly.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task FillAsync(int years, EnergyResolution resolution, CancellationToken cancellationToken)
    {
        await AddFarmsAsync(cancellationToken);
        foreach (var (series, text, format) in HourlySeries)
        {
            await new SeriesLoader(Lake, Source(series, resolution)).RunAsync(
                new IngestRequest { Mode = IngestMode.Backfill, Window = SimulatedDays }, cancellationToken);
            for (var year = SimulatedYear - 1; year > SimulatedYear - years; year--)
            {
                await RepeatAsync(series, year, text, format, cancellationToken);
            }
        }
    }

    /// <summary>Silver, gold and ops from what bronze has news of, audited and published.</summary>
    public Task RunModelsAsync(StageObserver observe, CancellationToken cancellationToken) => new AuditedRun(Lake).RunAsync(
        models => models.RunAllAsync(ModelMode.Incremental, LoadStrategy.Merge, observe, cancellationToken), observe, cancellationToken);

    /// <summary>What a morning brings to bronze, once its answers are prepared: a new day, and the lookback.</summary>
    /// <returns>The loads, to be run in order.</returns>
    public async Task<IReadOnlyList<(string Dataset, Func<Task<StageResult>> Load)>> NextMorningAsync(CancellationToken cancellationToken)
    {
        var yesterday = (await LastDayAsync(cancellationToken) ?? SimulatedDays.Last).AddDays(1);
        WakeAfter(yesterday);
        var farms = await KnownFacility.AllAsync(Lake, cancellationToken);
        var loads = new List<(string, Func<Task<StageResult>>)>();
        foreach (var (series, _, _) in HourlySeries)
        {
            var source = Source(series, EnergyResolution.Hour);
            source.Prepare(farms, new(yesterday.AddDays(-IngestRequest.DefaultLookbackDays - 1), yesterday));
            loads.Add((series.Contract.ToString(), () => new SeriesLoader(Lake, source).RunAsync(
                new IngestRequest { Mode = IngestMode.Incremental }, cancellationToken)));
        }

        return loads;
    }

    public async ValueTask DisposeAsync()
    {
        await Lake.Engine.DisposeAsync();
        await _catalog.DisposeAsync();
    }

    /// <summary>Nine in the morning of the eastern market after a day.</summary>
    private void WakeAfter(DateOnly day) => _clock.Set(NetworkClock.Nem.StartOf(day.AddDays(1)).AddHours(9).ToUniversalTime());

    private SimulatedSource Source(BronzeSeries series, EnergyResolution resolution) => new(
        series, _world, series == RawFacilityTimeseries.Series ? resolution : EnergyResolution.Hour, _clock, _archive);

    private async Task<DateOnly?> LastDayAsync(CancellationToken cancellationToken) =>
        await Lake.Tables.FindAsync(RawFacilityTimeseries.Contract, cancellationToken) is { } table
            ? SeriesState.Of(table).Coverage.NewestStretch(_ => true)?.Last
            : null;

    private async Task AddFarmsAsync(CancellationToken cancellationToken)
    {
        var table = await Lake.Tables.EnsureAsync(RawFacilities.Contract, cancellationToken);
        var ingest = Ingest.Start(RawFacilities.Contract.Name, IngestMode.Backfill, _clock, newest: null, progress: null);
        await using var session = await Lake.Engine.OpenSessionAsync(cancellationToken);
        await session.StageAsync(
            "rows",
            [.. RawFacilities.Contract.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            _world.Facilities.Select(farm => (object?[])[.. Register(farm), .. ingest.Columns]).ToAsyncEnumerable(),
            cancellationToken);
        await session.AppendAsync(table.Identifier, "SELECT * FROM rows", WriteOptions.Default, cancellationToken);
    }

    private static object?[] Register(SandboxFacility farm)
    {
        double? Sum(Func<SandboxUnit, double?> capacity) => farm.Units.Sum(unit => capacity(unit) ?? 0) is var sum and > 0 ? sum : null;
        var (registered, most) = (Sum(unit => unit.CapacityRegisteredMw), Sum(unit => unit.CapacityMaximumMw));
        return
        [
            farm.Code, farm.Name, farm.NetworkId, farm.Region, null, null, farm.Location?.Latitude, farm.Location?.Longitude,
            farm.Units.Count, registered ?? most, registered, most, null, $"solar_utility:{farm.Units.Count}",
            $"operating:{farm.Units.Count}", $"GENERATOR:{farm.Units.Count}", string.Join(',', farm.Units.Select(unit => unit.Code)), null,
        ];
    }

    /// <summary>Appends the simulated year once more, as another year: as a backfill would, a commit a year.</summary>
    private async Task RepeatAsync(BronzeSeries series, int year, string text, string format, CancellationToken cancellationToken)
    {
        var (contract, stamp) = (series.Contract, series.Stamp!);
        var (day, zone) = series == RawFacilityTimeseries.Series ? ("interval_date", 10) : (contract.Columns.First(Is).Name, 0);
        var table = (await Lake.Tables.FindAsync(contract, cancellationToken))!;
        var state = SeriesState.Of(table);
        var days = new DayRange(new(year, 1, 1), new(year, 12, 31));
        var shift = days.First.DayNumber - SimulatedDays.First.DayNumber;
        // The last day of a leap year is the last day of the simulated one too.
        var shifts = days.Days == 366 ? $"SELECT {shift} AS days UNION ALL SELECT {shift + 1}" : $"SELECT {shift} AS days";
        await using var session = await Lake.Engine.OpenSessionAsync(cancellationToken);
        await session.AppendAsync(
            contract.Identifier,
            string.Create(CultureInfo.InvariantCulture, $"""
                SELECT r.* REPLACE (
                  {stamp} + to_days(s.days) AS {stamp}, {day} + s.days AS {day},
                  strftime({stamp} AT TIME ZONE 'UTC' + to_days(s.days) + INTERVAL {zone} HOUR, '{format}') AS {text})
                FROM {contract.SqlName} r CROSS JOIN ({shifts}) s
                WHERE year(({stamp} AT TIME ZONE 'UTC') + INTERVAL 10 HOUR) = {SimulatedYear}
                  AND (s.days = {shift} OR ({stamp} AT TIME ZONE 'UTC') + INTERVAL 10 HOUR >= TIMESTAMP '{SimulatedYear}-12-31')
                """),
            new WriteOptions
            {
                SnapshotProperties = (state with { Coverage = state.Coverage.With(state.Coverage.Facilities, days) }).Properties,
            },
            cancellationToken);

        static bool Is(ColumnContract column) => column.Name.EndsWith("_date", StringComparison.Ordinal) && column.Name != "ingestion_date";
    }
}
