using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Tests.Support;

namespace PvLakehouse.Sandbox.Tests.OpenMeteo;

public sealed class WeatherErrorTests : IAsyncLifetime
{
    private TestSandbox _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await TestSandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("archive", "latitude=91&longitude=0&hourly=rain", "Latitude must be in range of -90 to 90°. Given: 91.0.")]
    [InlineData("archive", "latitude=0&longitude=-180.5&hourly=rain", "Longitude must be in range of -180 to 180°. Given: -180.5.")]
    [InlineData("archive", "latitude=0,1&longitude=0&hourly=rain", "Parameter 'latitude' and 'longitude' must have the same number of elements")]
    [InlineData("archive", "longitude=0&hourly=rain", "Value required for key 'latitude'.")]
    [InlineData("archive", "latitude=north&longitude=0", "Data corrupted at path ''. Cannot initialize Float from invalid String value north.")]
    [InlineData("archive", "latitude=0&longitude=0&start_date=2025-11-01&hourly=rain", "Parameter 'start_date' and 'end_date' must have the same number of elements")]
    [InlineData("archive", "latitude=0&longitude=0&start_date=2025-11-02&end_date=2025-11-01&hourly=rain", "End-date must be larger or equals than start-date")]
    [InlineData("archive", "latitude=0&longitude=0&start_date=01.11.2025&end_date=2025-11-01&hourly=rain", "Invalid date format. Make sure to use 'YYYY-MM-DD'")]
    [InlineData("archive", "latitude=0&longitude=0&start_date=2025-02-30&end_date=2025-11-01&hourly=rain", "Invalid date")]
    [InlineData("archive", "latitude=0&longitude=0&start_hour=2025-11-01&end_hour=2025-11-01&hourly=rain", "Invalid date format. Make sure to use 'YYYY-MM-DDTHH:mm'")]
    [InlineData("archive", "latitude=0&longitude=0&start_date=2025-11-20&end_date=2025-11-21&hourly=rain", "Parameter 'end_date' is out of allowed range from 1940-01-01 to 2025-11-20")]
    [InlineData("archive", "latitude=0&longitude=0&start_date=1939-12-31&end_date=2025-11-20&hourly=rain", "Parameter 'start_date' is out of allowed range from 1940-01-01 to 2025-11-20")]
    [InlineData("era5", "latitude=0&longitude=0&hourly=rain", "Both 'start_date' and 'end_date' must be set in the url")]
    [InlineData("forecast", "latitude=0&longitude=0&start_date=2025-08-18&end_date=2025-11-20&hourly=rain", "Parameter 'start_date' is out of allowed range from 2025-08-19 to 2025-12-05")]
    [InlineData("air-quality", "latitude=0&longitude=0&start_date=2025-11-20&end_date=2025-11-27&hourly=pm10", "Parameter 'end_date' is out of allowed range from 2013-01-01 to 2025-11-26")]
    [InlineData("forecast", "latitude=0&longitude=0&past_days=1&start_date=2025-11-20&end_date=2025-11-20&hourly=rain", "Parameter 'past_days' is mutually exclusive with 'start_date' and 'end_date'")]
    [InlineData("forecast", "latitude=0&longitude=0&past_days=94&hourly=rain", "Past days is invalid. Allowed range 0 to 93. Given 94.")]
    [InlineData("forecast", "latitude=0&longitude=0&forecast_days=17&hourly=rain", "Forecast days is invalid. Allowed range 0 to 16. Given 17.")]
    [InlineData("forecast", "latitude=0&longitude=0&timezone=Mars/Base&hourly=rain", "Invalid timezone")]
    [InlineData("forecast", "latitude=0&longitude=0&hourly=rain,rains", "Data corrupted at path ''. Cannot initialize ForecastVariable from invalid String value rain,rains.")]
    [InlineData("forecast", "latitude=0&longitude=0&hourly=rain_previous_day1", "Data corrupted at path ''. Cannot initialize ForecastVariable from invalid String value rain_previous_day1.")]
    [InlineData("../previous-runs/v1/forecast", "latitude=0&longitude=0&hourly=rain_previous_day8", "Data corrupted at path ''. Cannot initialize ForecastVariable from invalid String value rain_previous_day8.")]
    [InlineData("air-quality", "latitude=0&longitude=0&hourly=rain", "Data corrupted at path ''. Cannot initialize CamsVariable from invalid String value rain.")]
    [InlineData("forecast", "latitude=0&longitude=0&hourly=rain&wind_speed_unit=bft", "Data corrupted at path ''. Cannot initialize WindspeedUnit from invalid String value bft.")]
    [InlineData("forecast", "latitude=0&longitude=0&hourly=rain&format=xml", "Data corrupted at path ''. Cannot initialize ForecastResultFormat from invalid String value xml.")]
    [InlineData("air-quality", "latitude=0&longitude=0&hourly=pm10&domains=cams_europe", "No data is available for this location")]
    [InlineData("forecast", "latitude=0&longitude=0&daily=sunrise", "The sandbox does not offer 'daily'; ask for 'hourly' and aggregate.")]
    [InlineData("forecast", "latitude=0&longitude=0&current=rain", "The sandbox does not offer 'current'.")]
    [InlineData("forecast", "latitude=0&longitude=0&hourly=rain&timezone=auto", "The sandbox does not offer 'timezone=auto'; name the zone, best GMT.")]
    [InlineData("forecast", "latitude=0&longitude=0&hourly=rain&elevation=100", "The sandbox does not offer 'elevation'.")]
    [InlineData("forecast", "latitude=0&longitude=0&hourly=rain&format=xlsx", "The sandbox does not offer 'format=xlsx'.")]
    [InlineData("forecast", "latitude=0&longitude=0&hourly=rain&models=icon_global", "The sandbox does not offer the model 'icon_global' here; it offers best_match.")]
    public async Task Refused_requests_get_the_reason_in_the_words_of_the_server(string endpoint, string query, string reason)
    {
        var (status, body) = await _sandbox.GetAsync($"v1/{endpoint}?{query}");

        Assert.Equal((400, 2, true, reason), (status, body.AsObject().Count, (bool)body["error"]!, (string?)body["reason"]));
    }

    [Fact]
    public async Task The_historical_forecast_has_a_prefix_and_starts_in_2016()
    {
        var (status, body) = await _sandbox.GetAsync(
            "historical-forecast/v1/forecast?latitude=0&longitude=0&hourly=rain&start_date=2015-12-31&end_date=2016-01-01");
        var ok = await _sandbox.OkAsync(
            "historical-forecast/v1/forecast?latitude=0&longitude=0&hourly=rain&start_date=2016-01-01&end_date=2016-01-01");

        Assert.Equal((400, "Parameter 'start_date' is out of allowed range from 2016-01-01 to 2025-12-05"), (status, (string?)body["reason"]));
        Assert.Equal(24, ok["hourly"]!["rain"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("v1/nothing")]
    [InlineData("nothing")]
    public async Task Unknown_paths_are_404(string path)
    {
        var (status, body) = await _sandbox.GetAsync(path);

        Assert.Equal((404, """{"error":true,"reason":"Not Found"}"""), (status, body.ToJsonString()));
    }

    [Theory]
    [InlineData("{", "Data corrupted at path ''. The given data was not valid JSON.")]
    [InlineData("[1]", "Data corrupted at path ''. Expected a JSON object of parameters.")]
    [InlineData("""{"latitude":{}}""", "Value at path 'latitude' was not of type 'String'.")]
    public async Task A_posted_body_that_is_no_object_of_parameters_is_400(string json, string reason)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");

        using var response = await _sandbox.Client.PostAsync("v1/archive", content, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_offers_the_best_match_only()
    {
        await using var sandbox = await TestSandbox.StartAsync(new CountingData { Kind = SandboxDataKind.Replay });

        var (status, body) = await sandbox.GetAsync(
            "v1/archive?latitude=0&longitude=0&hourly=rain&models=era5&start_date=2025-11-01&end_date=2025-11-01");

        Assert.Equal((400, "The sandbox does not offer the model 'era5' here; it offers best_match."), (status, (string?)body["reason"]));
    }
}
