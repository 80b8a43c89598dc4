using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Ingest;

/// <summary>Loads of the weather as it was forecast: which days, which leads, and when the days to come are asked for again.</summary>
public sealed class ForecastLoadTests : IAsyncLifetime
{
    // 11 March, 10:00 in the NEM.
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 0, 0, 0, TimeSpan.Zero);

    private static readonly IngestRequest Daily = new() { Mode = IngestMode.Incremental };

    private FedLake? _fed;

    private FedLake Fed => _fed!;

    public async ValueTask InitializeAsync()
    {
        _fed = await FedLake.StartAsync(Start);
        await Fed.BronzeAsync("facilities", Daily with { Facilities = ["AVLSF"] });
        await Fed.BronzeAsync("weather_forecast", new() { Mode = IngestMode.Backfill, Window = new(new(2026, 3, 8), new(2026, 3, 9)) });
    }

    public ValueTask DisposeAsync() => Fed.DisposeAsync();

    [Fact]
    public async Task Each_stamp_has_a_row_for_each_of_seven_days_ahead()
    {
        // Two days and the seven that their forecasts are for have 217 stamps, the one that closes the last hour included. It is midnight UTC of the
        // 11th: d days ahead goes up to d days from then, so there are 107, 131, 155, 179, 203, 217 and 217 of them, from 14 UTC of the 7th on. That
        // is 65 days and 14 hours into the year: hour 1574, of which the stand-in says 1574.4 four days ahead.
        Assert.Equal(["217 1 7 1209"], await RowsAsync(
            "SELECT count(DISTINCT weather_timestamp), min(lead_days), max(lead_days), count(*) FROM iceberg.bronze.raw_weather_forecast"));
        Assert.Equal(["2026-03-07T14:00 1574.4 1574.4"], await RowsAsync(
            "SELECT date, shortwave_radiation, wind_speed_10m FROM iceberg.bronze.raw_weather_forecast WHERE lead_days = 4 ORDER BY date LIMIT 1"));
    }

    [Fact]
    public async Task A_daily_load_brings_the_days_that_are_over_and_seven_to_come()
    {
        var before = Fed.Asked.Count;

        await Fed.BronzeAsync("weather_forecast", Daily);

        // The 10th is over and was brought with the window before it, the 18th is seven days ahead: from midnight of the market, 14 UTC of the day before, to 14 UTC of the last day. The newest
        // stamp that was ever forecast is seven days from now.
        var request = Assert.Single(Fed.Asked.Skip(before));
        Assert.StartsWith("/previous-runs/v1/forecast?", request, StringComparison.Ordinal);
        Assert.Contains("&start_date=2026-03-10&end_date=2026-03-18&", request, StringComparison.Ordinal);
        Assert.Equal(["2026-03-18T00:00"], await RowsAsync("SELECT max(date) FROM iceberg.bronze.raw_weather_forecast"));
    }

    [Fact]
    public async Task The_days_to_come_are_asked_for_again_when_a_model_has_run_since()
    {
        await Fed.BronzeAsync("weather_forecast", Daily);
        var before = Fed.Asked.Count;

        Fed.Lake.Clock.Advance(TimeSpan.FromHours(5));
        await Fed.BronzeAsync("weather_forecast", Daily);
        Assert.Equal(before, Fed.Asked.Count);

        // 06 UTC.
        Fed.Lake.Clock.Advance(TimeSpan.FromHours(1));
        await Fed.BronzeAsync("weather_forecast", Daily);
        Assert.Contains("&start_date=2026-03-10&end_date=2026-03-18&", Assert.Single(Fed.Asked.Skip(before)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_goes_on_with_forecasts_only_where_there_are_some()
    {
        await using var other = await FedLake.StartAsync(Start);
        await other.BronzeAsync("facilities", Daily with { Facilities = ["AVLSF"] });

        Assert.DoesNotContain("weather_forecast", await BronzeDatasets.OfRunAsync(other.Lake.Lake, Daily, TestContext.Current.CancellationToken));
        Assert.Contains("weather_forecast", await BronzeDatasets.OfRunAsync(
            other.Lake.Lake, Daily with { WithForecasts = true }, TestContext.Current.CancellationToken));
        Assert.Contains("weather_forecast", await BronzeDatasets.OfRunAsync(Fed.Lake.Lake, Daily, TestContext.Current.CancellationToken));
    }

    private Task<string[]> RowsAsync(string sql) => Fed.Lake.RowsAsync(sql);
}
