namespace PvLakehouse.Pipeline.Tests.Models;

public sealed class HourlyWeatherTests : IAsyncLifetime
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
    public async Task Radiation_belongs_to_the_hour_before_its_stamp_and_temperature_to_both_sides()
    {
        await _lake.WeatherAsync(
            ("NYNGAN", "2025-01-01T02", new() { ["shortwave_radiation"] = 900, ["temperature_2m"] = 30, ["precipitation"] = 1 }),
            ("NYNGAN", "2025-01-01T03", new() { ["shortwave_radiation"] = 950, ["temperature_2m"] = 31, ["precipitation"] = 2 }));

        await _lake.SilverAsync("hourly_weather");

        // The hour 02-03: radiation and rain stamped 03, temperature the mean of 30 and 31. No other hour has both stamps.
        Assert.Equal(["2025-01-01T02 950 30.5 2"], await _lake.RowsAsync(
            "SELECT date_hour, shortwave_radiation, temperature_2m, precipitation FROM iceberg.silver.clean_hourly_weather"));
    }

    [Theory]
    [InlineData(350, 10, "0")]
    [InlineData(10, 350, "0")]
    [InlineData(80, 100, "90")]
    [InlineData(260, 280, "270")]
    [InlineData(90, 270, "null")]
    public async Task Wind_direction_is_averaged_on_the_circle(double before, double after, string mean)
    {
        await _lake.WeatherAsync(
            ("NYNGAN", "2025-01-01T02", new() { ["wind_direction_10m"] = before }),
            ("NYNGAN", "2025-01-01T03", new() { ["wind_direction_10m"] = after }));

        await _lake.SilverAsync("hourly_weather");

        Assert.Equal([mean], await _lake.RowsAsync("SELECT wind_direction_10m FROM iceberg.silver.clean_hourly_weather"));
    }

    [Fact]
    public async Task The_stamp_that_arrives_later_completes_the_hour_before_it()
    {
        await _lake.WeatherAsync(("NYNGAN", "2025-01-01T02", []));
        Assert.Equal(0, (await _lake.SilverAsync("hourly_weather")).RowsInserted);
        await _lake.WeatherAsync(("NYNGAN", "2025-01-01T03", []));

        Assert.Equal(1, (await _lake.SilverAsync("hourly_weather")).RowsInserted);
    }

    [Theory]
    // km/h: 100 is a storm, 200 (55 m/s) is no sustained wind of this continent.
    [InlineData("wind_speed_10m", 100.0, "GOOD ")]
    [InlineData("wind_speed_10m", 200.0, "BAD WIND_SPEED_10M_OUT_OF_BOUNDS")]
    [InlineData("temperature_2m", 50.7, "BAD TEMPERATURE_2M_OUT_OF_BOUNDS")]
    [InlineData("dew_point_2m", 1.0, "WARNING DEW_POINT_ABOVE_TEMPERATURE")]
    [InlineData("temperature_2m", null, "WARNING WEATHER_INCOMPLETE")]
    // 02Z is noon: 1000 W/m2 is a clear sky, of which nothing came directly or diffusely in this row.
    [InlineData("shortwave_radiation", 1000.0, "WARNING RADIATION_INCONSISTENT")]
    public async Task Weather_is_judged_in_the_units_that_are_sent(string column, double? value, string verdict)
    {
        Dictionary<string, double?> values = new() { ["pressure_msl"] = 1013, [column] = value };
        await _lake.WeatherAsync(("NYNGAN", "2025-01-01T02", values), ("NYNGAN", "2025-01-01T03", values));

        await _lake.SilverAsync("hourly_weather");

        Assert.Equal([verdict], await _lake.RowsAsync("SELECT quality_flag, quality_issues FROM iceberg.silver.clean_hourly_weather"));
    }

    [Fact]
    public async Task Radiation_at_night_is_bad()
    {
        // 14Z is midnight at the farm.
        Dictionary<string, double?> values = new() { ["pressure_msl"] = 1013, ["shortwave_radiation"] = 20, ["diffuse_radiation"] = 20 };
        await _lake.WeatherAsync(("NYNGAN", "2025-01-01T14", values), ("NYNGAN", "2025-01-01T15", values));

        await _lake.SilverAsync("hourly_weather");

        Assert.Equal(["BAD NIGHT_RADIATION"], await _lake.RowsAsync("SELECT quality_flag, quality_issues FROM iceberg.silver.clean_hourly_weather"));
    }
}
