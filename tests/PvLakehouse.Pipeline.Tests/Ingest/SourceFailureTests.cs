using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Tests.Sources;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>A source that fails is told, stops nobody else, and the next run fills its holes.</summary>
public sealed class SourceFailureTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 2, 0, 0, TimeSpan.Zero);

    private static readonly IngestRequest ThreeDays = new()
    {
        Mode = IngestMode.Backfill,
        Facilities = ["AVLSF", "EMERASF"],
        Window = new DayRange(new(2026, 3, 1), new(2026, 3, 3)),
    };

    private FedLake? _fed;

    private FedLake Fed => _fed!;

    public async ValueTask InitializeAsync() => _fed = await FedLake.StartAsync(Now);

    public ValueTask DisposeAsync() => Fed.DisposeAsync();

    [Theory]
    [InlineData("/v1/archive", "raw_facility_weather", 429, """{"error":true,"reason":"Daily API request limit exceeded. Please try again tomorrow."}""")]
    [InlineData("/v4/data/facilities/NEM", "raw_facility_timeseries", 200, """{"version":"4.5","success":true,"data":[{"network_code" cut""")]
    public async Task A_source_that_is_down_stops_no_other_and_the_next_run_fills_its_holes(string path, string table, int status, string body)
    {
        Fed.Spoil = request => request.Path == path ? StubAnswer.Of(status, body) : null;

        var (results, failure) = await Fed.FailAsync(ThreeDays);

        Assert.Contains("1 of 4 datasets could not be read to the end", failure.Message, StringComparison.Ordinal);
        Assert.Equal([$"bronze.{table}"], results.Where(stage => stage.Failure is not null).Select(stage => stage.Table));
        Assert.Equal(0, await CountAsync($"bronze.{table}"));
        // Three days of two farms: the hours of energy, or those of the weather when energy is what is missing, whose last stamp closes an hour.
        Assert.True(await CountAsync("gold.fact_solar_environmental") >= 144);

        Fed.Spoil = null;
        await Fed.RunAsync(ThreeDays);

        Assert.True(await CountAsync($"bronze.{table}") >= 144);
        Assert.Equal(144, await CountAsync("gold.fact_solar_environmental WHERE energy_mwh IS NOT NULL AND shortwave_radiation IS NOT NULL AND pm2_5 IS NOT NULL"));
    }

    [Fact]
    public async Task Without_the_register_the_farms_that_the_lake_knows_are_loaded()
    {
        await Fed.BronzeAsync("facilities", ThreeDays);
        Fed.Spoil = request => request.Path == "/v4/facilities/" ? StubAnswer.Of(500, "{}") : null;

        var (_, failure) = await Fed.FailAsync(ThreeDays with { Refresh = true });

        Assert.Contains("openelectricity/facilities", failure.Message, StringComparison.Ordinal);
        Assert.Equal(144, await CountAsync("gold.fact_solar_environmental WHERE energy_mwh IS NOT NULL"));
    }

    [Fact]
    public async Task Nothing_but_the_register_that_answers_is_told_as_what_it_is()
    {
        Fed.Spoil = request => request.Path == "/v4/facilities/" ? null : StubAnswer.Of(500, "{}");

        var (_, failure) = await Fed.FailAsync(ThreeDays);

        Assert.Contains("3 of 4 datasets", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, await CountAsync("bronze.raw_facilities"));
    }

    private async Task<int> CountAsync(string what) =>
        int.Parse((await Fed.Lake.RowsAsync($"SELECT count(*) FROM iceberg.{what}"))[0], System.Globalization.CultureInfo.InvariantCulture);
}
