using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>silver.clean_weather_forecast: hours, days ahead, and when each could be known.</summary>
public sealed class WeatherForecastTests : IAsyncLifetime
{
    private readonly TestLake _lake = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("NYNGAN", 102, 100);
        await _lake.SilverAsync("facility_master");
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task An_hour_has_the_radiation_of_its_end_and_the_mean_of_the_momentary_values_of_both_ends()
    {
        await _lake.ForecastAsync(
            ("NYNGAN", "2025-01-01T02", 2, new() { ["shortwave_radiation"] = 700, ["temperature_2m"] = 30 }),
            ("NYNGAN", "2025-01-01T03", 2, new() { ["shortwave_radiation"] = 800, ["temperature_2m"] = 32 }),
            // One day ahead there is one stamp only, which makes no hour.
            ("NYNGAN", "2025-01-01T03", 1, new() { ["shortwave_radiation"] = 810, ["temperature_2m"] = 33 }));

        await _lake.SilverAsync("hourly_forecast");

        Assert.Equal(["2025-01-01 02:00 2 800 31"], await _lake.RowsAsync(
            "SELECT strftime(date_hour, '%Y-%m-%d %H:%M'), lead_days, shortwave_radiation, temperature_2m FROM iceberg.silver.clean_weather_forecast"));
    }

    [Fact]
    public async Task A_row_could_be_known_seven_hours_after_the_latest_run_that_had_a_part_in_it()
    {
        await _lake.ForecastAsync(
            ("NYNGAN", "2025-01-01T02", 2, new() { ["shortwave_radiation"] = 700 }),
            ("NYNGAN", "2025-01-01T03", 2, new() { ["shortwave_radiation"] = 800 }));

        await _lake.SilverAsync("hourly_forecast");

        // The hour ends at 03 UTC with a stamp that a run of two days before, 03 UTC at the latest, has forecast.
        Assert.Equal(["2024-12-30 03:00 2024-12-30 10:00"], await _lake.RowsAsync(
            "SELECT strftime(issued_at, '%Y-%m-%d %H:%M'), strftime(known_at, '%Y-%m-%d %H:%M') FROM iceberg.silver.clean_weather_forecast"));
    }

    [Fact]
    public async Task A_newer_run_replaces_what_was_forecast_and_the_same_again_changes_nothing()
    {
        Dictionary<string, double?> At(double radiation) => new() { ["shortwave_radiation"] = radiation };
        await _lake.ForecastAsync(("NYNGAN", "2025-01-01T02", 3, At(700)), ("NYNGAN", "2025-01-01T03", 3, At(800)));
        await _lake.SilverAsync("hourly_forecast");
        await _lake.ForecastAsync(("NYNGAN", "2025-01-01T03", 3, At(650)), ("NYNGAN", "2025-01-01T04", 3, At(900)));

        await _lake.SilverAsync("hourly_forecast");

        Assert.Equal(["650", "900"], await _lake.RowsAsync("SELECT shortwave_radiation FROM iceberg.silver.clean_weather_forecast ORDER BY date_hour"));
        Assert.Null((await _lake.SilverAsync("hourly_forecast")).SnapshotId);
        Assert.Null((await _lake.SilverAsync("hourly_forecast", ModelMode.Full)).SnapshotId);
    }

    [Fact]
    public async Task More_light_than_the_sun_can_give_is_bad()
    {
        // 13:00 at Nyngan in January: the sun is near the zenith, the QCRad limit 1.5 x 1413 x cos^1.2 + 100 is some 2,200 W/m2.
        await _lake.ForecastAsync(
            ("NYNGAN", "2025-01-01T02", 1, new() { ["shortwave_radiation"] = 900 }),
            ("NYNGAN", "2025-01-01T03", 1, new() { ["shortwave_radiation"] = 2300 }));

        await _lake.SilverAsync("hourly_forecast");

        Assert.Equal(["BAD FORECAST_SHORTWAVE_RADIATION_OUT_OF_BOUNDS"], await _lake.RowsAsync(
            "SELECT quality_flag, quality_issues FROM iceberg.silver.clean_weather_forecast"));
    }
}
