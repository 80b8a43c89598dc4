using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using PvLakehouse.Engine;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Keeping;
using PvLakehouse.Pipeline.Ledger;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Solar;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>A real lake in a temporary folder, filled in domain words.</summary>
public sealed class TestLake : IAsyncLifetime
{
    private const double Latitude = -34.9;
    private const double Longitude = 146.6;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"pvlake-models-{Guid.CreateVersion7():N}");
    private DuckDbEngine? _engine;
    private Lake? _lake;
    private readonly Dictionary<string, string> _regions = new(StringComparer.Ordinal);
    private int _batch;

    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Rows that a model computes at once.</summary>
    internal long RowsOfSlice { get; init; } = 1_000_000;

    /// <summary>Threads of a session. One is quickest for so few rows while other tests keep the other processors busy.</summary>
    internal int Threads { get; init; } = 1;

    internal Lake Lake => _lake ?? throw new InvalidOperationException("The lake is not open yet.");

    /// <summary>A folder outside of the lake that its engine may write to.</summary>
    internal string Exports => Path.Combine(_folder, "exports");

    /// <summary>The lake with its places.</summary>
    internal KeptLake Kept => new(Lake, new LocalFileIO(), Path.Combine(_folder, "warehouse"), _folder, "simulation");

    internal LakeModels Models => new(Lake);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var warehouse = Path.Combine(_folder, "warehouse");
        Directory.CreateDirectory(warehouse);
        var catalog = await SqlCatalog.OpenSqliteAsync(Path.Combine(_folder, "catalog.db"), warehouse, new LocalFileIO(), cancellationToken: Token);
        _engine = new DuckDbEngine(catalog, new DuckDbEngineOptions
        {
            TemporaryFolder = Path.Combine(_folder, "tmp"),
            AllowedFolders = [warehouse, Exports],
            Threads = Threads,
            TableFunctions = [EnergyLedger.Function(() => Lake)],
        });
        _lake = new Lake(catalog, _engine, Clock) { RowsOfSlice = RowsOfSlice };
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>An ingest of a farm's metadata.</summary>
    internal Task FacilityAsync(
        string code, double registeredMw, double maximumMw, string region = "NSW1", int units = 1, double? latitude = Latitude, double? longitude = Longitude,
        string? name = null)
    {
        _regions[code] = region;
        return IngestAsync(RawFacilities.Contract, [Facility(code, registeredMw, maximumMw, region, units, latitude, longitude, name)]);
    }

    /// <summary>One ingest of the metadata of several farms at one place.</summary>
    internal Task FacilitiesAsync(params (string Code, double RegisteredMw, double MaximumMw)[] farms) => IngestAsync(
        RawFacilities.Contract,
        farms.Select(farm => Facility(farm.Code, farm.RegisteredMw, farm.MaximumMw, "NSW1", units: 1, Latitude, Longitude, name: null)));

    /// <summary>An ingest of hourly energy: farm, unit, UTC hour as yyyy-MM-ddTHH, value.</summary>
    internal Task EnergyAsync(params (string Farm, string Unit, string Hour, double? Mwh)[] values) =>
        IngestAsync(RawFacilityTimeseries.Contract, values.Select(value => (object?[])
        [
            NetworkOf(value.Farm), NetworkOf(value.Farm), _regions.GetValueOrDefault(value.Farm, "NSW1"), value.Farm, $"{value.Farm} Farm", value.Unit,
            "energy", "1h", "MWh",
            NetworkTime(value.Farm, value.Hour).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            value.Mwh, Hour(value.Hour), DateOnly.FromDateTime(NetworkTime(value.Farm, value.Hour).DateTime),
        ]));

    /// <summary>An ingest of energy of intervals of any length: their labels as UTC instants, yyyy-MM-ddTHH:mm.</summary>
    internal Task IntervalsAsync(string network, string farm, string unit, string interval, params (string Label, double? Mwh)[] values) =>
        IngestAsync(RawFacilityTimeseries.Contract, values.Select(value =>
        {
            var label = DateTimeOffset.ParseExact(
                value.Label, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            var local = label.ToOffset(NetworkClock.Of(network).Offset);
            return (object?[])
            [
                network, network, network == "WEM" ? "WEM" : "NSW1", farm, $"{farm} Farm", unit, "energy", interval, "MWh",
                local.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), value.Mwh, label, DateOnly.FromDateTime(local.DateTime),
            ];
        }));

    /// <summary>An ingest of weather: farm, UTC stamp, and the columns that matter; every other column is 0, above the atmosphere what the
    /// sun gives.</summary>
    internal Task WeatherAsync(params (string Farm, string Stamp, Dictionary<string, double?> Values)[] rows) =>
        IngestAsync(RawFacilityWeather.Contract, rows.Select(row => Series(
            RawFacilityWeather.Contract, row.Farm, row.Stamp, new(row.Values) { ["terrestrial_radiation"] = row.Values.GetValueOrDefault("terrestrial_radiation", AboveTheAtmosphere(row.Stamp)) }, unless: 0)));

    /// <summary>An ingest of air quality: farm, UTC stamp, PM2.5, which is all there is of PM10; every other column is 0.</summary>
    internal Task AirAsync(params (string Farm, string Stamp, double? Pm25)[] rows) => AirAsync(
        [.. rows.Select(row => (row.Farm, row.Stamp, new Dictionary<string, double?> { ["pm2_5"] = row.Pm25, ["pm10"] = row.Pm25 }))]);

    /// <summary>An ingest of air quality: farm, UTC stamp, and the columns that matter; every other column is 0.</summary>
    internal Task AirAsync(params (string Farm, string Stamp, Dictionary<string, double?> Values)[] rows) =>
        IngestAsync(RawFacilityAirQuality.Contract, rows.Select(row => Series(RawFacilityAirQuality.Contract, row.Farm, row.Stamp, row.Values, unless: 0)));

    /// <summary>An ingest of forecasts: farm, UTC stamp, days ahead, and the columns that matter; every other column is 0.</summary>
    internal Task ForecastAsync(params (string Farm, string Stamp, int LeadDays, Dictionary<string, double?> Values)[] rows) =>
        IngestAsync(RawWeatherForecast.Contract, rows.Select(row => Series(
            RawWeatherForecast.Contract, row.Farm, row.Stamp, new(row.Values) { ["lead_days"] = row.LeadDays }, unless: 0)));

    internal async Task<StageResult> SilverAsync(string dataset, ModelMode mode = ModelMode.Incremental)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        return await Models.SilverAsync(dataset, mode, LoadStrategy.Merge, Token);
    }

    internal async Task<StageResult> GoldAsync(string dataset, ModelMode mode = ModelMode.Incremental)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        return await Models.GoldAsync(dataset, mode, LoadStrategy.Merge, Token);
    }

    /// <summary>All silver and gold tables, incrementally.</summary>
    internal async Task<IReadOnlyList<StageResult>> RunAsync(ModelMode mode = ModelMode.Incremental)
    {
        var results = new List<StageResult>();
        foreach (var dataset in Datasets.Of("silver"))
        {
            results.Add(await SilverAsync(dataset, mode));
        }

        foreach (var dataset in Datasets.Of("gold"))
        {
            results.Add(await GoldAsync(dataset, mode));
        }

        return results;
    }

    /// <summary>The rows of a query, values as invariant text joined by a blank.</summary>
    internal async Task<string[]> RowsAsync(string sql)
    {
        await using var session = await Lake.Engine.OpenSessionAsync(Token);
        var result = await session.QueryAsync(sql, parameters: null, Token);
        return [.. (await result.ToListAsync(Token)).Select(row => string.Join(' ', row.Select(Text)))];
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        DateTime instant => instant.ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private string NetworkOf(string farm) => _regions.GetValueOrDefault(farm) == "WEM" ? "WEM" : "NEM";

    private DateTimeOffset NetworkTime(string farm, string hour) => Hour(hour).ToOffset(TimeSpan.FromHours(NetworkOf(farm) == "WEM" ? 8 : 10));

    private static DateTimeOffset Hour(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static object?[] Facility(
        string code, double registeredMw, double maximumMw, string region, int units, double? latitude, double? longitude, string? name) =>
    [
        code, name ?? $"{code} Farm", region == "WEM" ? "WEM" : "NEM", region, null, null, latitude, longitude, units,
        Known(registeredMw) ?? Known(maximumMw), Known(registeredMw), Known(maximumMw), null, "solar_utility:1", "operating:1", "GENERATOR:1",
        string.Join(',', Enumerable.Range(1, units).Select(n => $"{code}{n}")), null,
    ];

    // As the loader does: a capacity of 0 is none.
    private static double? Known(double megawatts) => megawatts > 0 ? megawatts : null;

    /// <summary>Mean of the hour before a stamp at the farms of these tests [W/m²].</summary>
    private static double AboveTheAtmosphere(string stamp) =>
        HourGeometry.Of(new Site(Latitude, Longitude), UtcHour.StartingAt(Hour(stamp).AddHours(-1))).ExtraterrestrialHorizontal;

    private static object?[] Series(TableContract contract, string farm, string stamp, Dictionary<string, double?> values, double unless) =>
    [
        farm, $"{farm} Farm", Latitude, Longitude, Hour(stamp).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture),
        // Between the five columns above and the instant, its day and the four audit columns below lie the variables.
        .. contract.Columns.Skip(5).SkipLast(6).Select(column => Typed(column, values.TryGetValue(column.Name, out var value) ? value : unless)),
        Hour(stamp), DateOnly.FromDateTime(Hour(stamp).UtcDateTime),
    ];

    private static object? Typed(ColumnContract column, double? value)
    {
        object? whole = (int?)value;
        return column.Type == "int" ? whole : value;
    }

    private async Task IngestAsync(TableContract contract, IEnumerable<object?[]> rows)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Lake.Tables.EnsureAsync(contract, Token);
        var at = Clock.GetUtcNow();
        object?[] audit = [$"batch-{++_batch:D3}", "backfill", at, DateOnly.FromDateTime(at.UtcDateTime)];
        await using var session = await Lake.Engine.OpenSessionAsync(Token);
        await session.StageAsync(
            "rows",
            [.. contract.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            rows.Select(row => (object?[])[.. row, .. audit]).ToAsyncEnumerable(),
            Token);
        await session.AppendAsync(contract.Identifier, "SELECT * FROM rows", WriteOptions.Default, Token);
    }
}
