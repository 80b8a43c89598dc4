using System.Text;
using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Sources;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>Sources that change the shape of their answers are told, cost no more than the values that cannot be read, and stop nothing.</summary>
public sealed class SchemaDriftTests : IAsyncLifetime
{
    private const string Drift = "SELECT source, endpoint, path, kind, expected, found, sample FROM iceberg.ops.schema_drift ORDER BY ALL";

    private static readonly IngestRequest OneDay = new()
    {
        Mode = IngestMode.Backfill,
        Facilities = ["AVLSF"],
        Window = new DayRange(new(2026, 3, 1), new(2026, 3, 1)),
    };

    private FedLake? _fed;

    private FedLake Fed => _fed!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _fed = await FedLake.StartAsync(new(2026, 3, 10, 2, 0, 0, TimeSpan.Zero));

    public ValueTask DisposeAsync() => Fed.DisposeAsync();

    [Fact]
    public async Task Answers_that_keep_to_their_contract_drift_nowhere()
    {
        await Fed.LoadAsync(OneDay);

        Assert.Null(await Fed.Lake.Lake.Tables.FindAsync(PvLakehouse.Pipeline.Ops.SchemaDriftTable.Contract, Token));
    }

    [Fact]
    public async Task An_unknown_field_is_kept_in_the_body_and_noted_with_path_and_sample()
    {
        Replace("/v4/data/facilities/NEM", "\"columns\":{", "\"quality\":{\"grade\":\"A\"},\"columns\":{");
        await Fed.BronzeAsync("facilities", OneDay);

        var load = await Fed.BronzeAsync("facility_timeseries", OneDay);

        Assert.Equal(24, load.RowsInserted);
        Assert.Equal(
            ["openelectricity/energy has a field that is not known, $.data[].results[].quality (an object); the archived bodies keep it."], load.Notes);
        Assert.Equal(
            ["openelectricity energy $.data[].results[].quality unknown  an object {\"grade\":\"A\"}"], await Fed.Lake.RowsAsync(Drift));
        var batch = Assert.Single(await Fed.Lake.RowsAsync("SELECT ingest_batch_id FROM iceberg.ops.schema_drift"));
        var body = await new PvLakehouse.Pipeline.Sources.Archive.FolderBodyArchive(Fed.Archive)
            .ReadAsync("raw_facility_timeseries", batch, Token).SingleAsync(Token);
        Assert.Contains("\"quality\":{\"grade\":\"A\"}", Encoding.UTF8.GetString(body.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_another_type_is_null_and_every_other_value_stays()
    {
        // The fourth hour of the day comes as a text, the fifth as an object.
        Replace(
            "/v4/data/facilities/NEM",
            ("\"2026-03-01T03:00:00+10:00\",1.409", "\"2026-03-01T03:00:00+10:00\",\"1.409\""),
            ("\"2026-03-01T04:00:00+10:00\",1.41", "\"2026-03-01T04:00:00+10:00\",{\"mwh\":1.41}"));
        await Fed.BronzeAsync("facilities", OneDay);

        var load = await Fed.BronzeAsync("facility_timeseries", OneDay);

        Assert.Equal(24, load.RowsInserted);
        Assert.Equal(
            ["2026-03-01T03:00:00+10:00", "2026-03-01T04:00:00+10:00"],
            await Fed.Lake.RowsAsync("SELECT interval_start FROM iceberg.bronze.raw_facility_timeseries WHERE value IS NULL ORDER BY 1"));
        Assert.Equal(
            ["openelectricity energy $.data[].results[].data[][1] retyped a number or null the text '1.409' \"1.409\""], await Fed.Lake.RowsAsync(Drift));
    }

    [Fact]
    public async Task A_missing_variable_another_unit_and_a_column_that_is_none_cost_their_own_values_only()
    {
        Replace(
            "/v1/archive",
            ("\"cloud_cover_low\":[", "\"cloud_cover_lowest\":["),
            ("\"wind_speed_10m\":\"km/h\"", "\"wind_speed_10m\":\"m/s\""),
            ("\"pressure_msl\":[", "\"pressure_msl\":\"none\",\"before\":["));
        await Fed.BronzeAsync("facilities", OneDay);

        var load = await Fed.BronzeAsync("facility_weather", OneDay);

        Assert.Equal(25, load.RowsInserted);
        Assert.Equal(["0 0 0 25"], await Fed.Lake.RowsAsync(
            "SELECT count(cloud_cover_low), count(wind_speed_10m), count(pressure_msl), count(temperature_2m) FROM iceberg.bronze.raw_facility_weather"));
        Assert.Equal(
            [
                "open-meteo archive $.hourly.before unknown",
                "open-meteo archive $.hourly.cloud_cover_low missing",
                "open-meteo archive $.hourly.cloud_cover_lowest unknown",
                "open-meteo archive $.hourly.pressure_msl retyped",
                "open-meteo archive $.hourly_units.wind_speed_10m retyped",
            ],
            await Fed.Lake.RowsAsync("SELECT source, endpoint, path, kind FROM iceberg.ops.schema_drift ORDER BY ALL"));
        Assert.Contains(
            "open-meteo/archive has changed at $.hourly_units.wind_speed_10m: expected the unit 'km/h', found 'm/s'; such values are null.", load.Notes);
    }

    [Fact]
    public async Task A_farm_whose_coordinates_are_none_has_none_and_is_loaded()
    {
        Replace("/v4/facilities/", "\"location\":{\"lat\":-", "\"location\":{\"lat\":-9");

        var load = await Fed.BronzeAsync("facilities", OneDay);

        Assert.Equal(1, load.RowsInserted);
        Assert.Equal(["null"], await Fed.Lake.RowsAsync("SELECT location_lat FROM iceberg.bronze.raw_facilities"));
        Assert.Equal(
            ["openelectricity facilities $.data[].location.lat retyped degrees from -90 to 90"],
            await Fed.Lake.RowsAsync("SELECT source, endpoint, path, kind, expected FROM iceberg.ops.schema_drift"));
    }

    [Fact]
    public async Task The_same_again_writes_no_snapshot_and_raises_no_second_alert()
    {
        var alerts = new MemoryAlerts();
        Fed.Alerts = alerts;
        Replace("/v1/air-quality", "\"dust\":[", "\"dost\":[");
        await Fed.BronzeAsync("facilities", OneDay);
        await Fed.BronzeAsync("facility_air_quality", OneDay);
        var first = (await Fed.Lake.Lake.Tables.FindAsync(PvLakehouse.Pipeline.Ops.SchemaDriftTable.Contract, Token))!.CurrentSnapshot!.SnapshotId;

        var again = await Fed.BronzeAsync("facility_air_quality", OneDay with { Refresh = true });

        Assert.Equal(first, (await Fed.Lake.Lake.Tables.FindAsync(PvLakehouse.Pipeline.Ops.SchemaDriftTable.Contract, Token))!.CurrentSnapshot!.SnapshotId);
        // What costs values is said each time; what is new but harmless, once.
        Assert.Equal(["open-meteo/air-quality has no $.hourly.dust any more, expected a list of values; its values are null."], again.Notes);
        Assert.Equal(["schema drift"], alerts.Raised.Select(alert => alert.Title));
    }

    private void Replace(string path, string part, string replacement) => Replace(path, (part, replacement));

    private void Replace(string path, params (string Part, string Replacement)[] changes) => Fed.Alter = (request, answer) =>
    {
        if (request.Path != path)
        {
            return answer;
        }

        var body = Encoding.UTF8.GetString(answer.Body);
        foreach (var (part, replacement) in changes)
        {
            Assert.Contains(part, body, StringComparison.Ordinal);
            body = body.Replace(part, replacement, StringComparison.Ordinal);
        }

        return StubAnswer.Ok(body);
    };

    private sealed class MemoryAlerts : IAlertSink
    {
        public List<Alert> Raised { get; } = [];

        public Task RaiseAsync(Alert alert, CancellationToken cancellationToken)
        {
            Raised.Add(alert);
            return Task.CompletedTask;
        }
    }
}
