using System.Globalization;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Models;

public sealed class HourlyWeatherTests : IAsyncLifetime
{
    // 720 W/m2 on a plane that faces the sun is 700 W/m2 on the ground: the mean cosine of zenith of that hour is 0.972.
    private static readonly Dictionary<string, double?> Noon = new()
    {
        ["pressure_msl"] = 1013, ["temperature_2m"] = 20, ["wet_bulb_temperature_2m"] = 15, ["dew_point_2m"] = 10, ["wind_speed_10m"] = 10,
        ["wind_gusts_10m"] = 15, ["shortwave_radiation"] = 1000, ["diffuse_radiation"] = 300, ["direct_radiation"] = 700,
        ["direct_normal_irradiance"] = 720,
    };

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
    [InlineData("temperature_2m", null, "WARNING WEATHER_INCOMPLETE")]
    [InlineData("dew_point_2m", 16.0, "WARNING WET_BULB_OUT_OF_RANGE")]
    [InlineData("dew_point_2m", 21.0, "WARNING DEW_POINT_ABOVE_TEMPERATURE|WET_BULB_OUT_OF_RANGE")]
    [InlineData("wet_bulb_temperature_2m", 9.6, "GOOD ")]
    [InlineData("wet_bulb_temperature_2m", 9.4, "WARNING WET_BULB_OUT_OF_RANGE")]
    [InlineData("wet_bulb_temperature_2m", 20.6, "WARNING WET_BULB_OUT_OF_RANGE")]
    [InlineData("wind_gusts_10m", 7.0, "GOOD ")]
    [InlineData("wind_gusts_10m", 6.0, "WARNING GUST_BELOW_WIND")]
    // 02Z is noon: 1000 W/m2 is a clear sky, of which 700 came directly and 300 diffusely in this row.
    [InlineData("shortwave_radiation", 1075.0, "GOOD ")]
    [InlineData("shortwave_radiation", 1085.0, "WARNING RADIATION_INCONSISTENT|DIRECT_NORMAL_INCONSISTENT")]
    [InlineData("shortwave_radiation", 915.0, "WARNING RADIATION_INCONSISTENT|DIRECT_NORMAL_INCONSISTENT")]
    // 300 + 600 x 0.972 = 883, and 1000 is 1.13 of that.
    [InlineData("direct_normal_irradiance", 600.0, "WARNING DIRECT_NORMAL_INCONSISTENT")]
    // 1408 W/m2 on 1 January times 0.972 are 1368; half of it is the sun of another place.
    [InlineData("terrestrial_radiation", 700.0, "BAD SUN_MISPLACED")]
    [InlineData("terrestrial_radiation", 1350.0, "GOOD ")]
    public async Task Weather_is_judged_in_the_units_that_are_sent(string column, double? value, string verdict)
    {
        Dictionary<string, double?> values = new(Noon) { [column] = value };
        if (column == "wind_speed_10m")
        {
            values["wind_gusts_10m"] = 1.3 * value;
        }

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

    [Theory]
    [InlineData("temperature_2m", 20.5, "TEMPERATURE_2M_JUMPS")]
    [InlineData("dew_point_2m", 26.0, "DEW_POINT_2M_JUMPS")]
    [InlineData("pressure_msl", 15.5, "PRESSURE_MSL_JUMPS")]
    [InlineData("wind_speed_10m", 73.0, "WIND_SPEED_10M_JUMPS")]
    public async Task A_leap_between_the_ends_of_an_hour_is_a_warning(string column, double leap, string issue)
    {
        Dictionary<string, double?> calm = new(Noon) { ["wind_gusts_10m"] = 100 };
        Dictionary<string, double?> after = new(calm) { [column] = calm[column] + leap };
        Dictionary<string, double?> before = new(calm) { [column] = calm[column] + leap - (0.06 * leap) };
        await _lake.WeatherAsync(("NYNGAN", "2025-01-01T01", before), ("NYNGAN", "2025-01-01T02", calm), ("NYNGAN", "2025-01-01T03", after));

        await _lake.SilverAsync("hourly_weather");

        Assert.Equal(["01 false", "02 true"], await _lake.RowsAsync(
            $"SELECT strftime(date_hour, '%H'), quality_issues LIKE '%{issue}%' FROM iceberg.silver.clean_hourly_weather ORDER BY 1"));
    }

    [Theory]
    // Thirteen equal stamps bound twelve hours that stand still; the hours on both sides of them move.
    [InlineData(13, 12)]
    [InlineData(12, 0)]
    [InlineData(30, 29)]
    public async Task A_value_that_stands_still_for_half_a_day_is_a_warning_on_each_of_its_hours(int stamps, int hours)
    {
        var rows = Enumerable.Range(0, 40).Select(i =>
            ("NYNGAN", Stamp(i), new Dictionary<string, double?>(Moving(i)) { ["temperature_2m"] = i is >= 5 && i < 5 + stamps ? 20 : 15 + (0.1 * i) }));
        await _lake.WeatherAsync([.. rows]);

        await _lake.SilverAsync("hourly_weather");

        Assert.Equal([$"{hours}"], await StuckHoursAsync());
    }

    [Fact]
    public async Task A_hole_ends_a_run_and_the_stamp_that_fills_it_joins_both_sides()
    {
        var rows = Enumerable.Range(0, 20).Select(i => ("NYNGAN", Stamp(i), new Dictionary<string, double?>(Moving(i)) { ["temperature_2m"] = 20 })).ToArray();
        await _lake.WeatherAsync([.. rows.Where((_, i) => i != 9)]);
        await _lake.SilverAsync("hourly_weather");
        Assert.Equal(["0"], await StuckHoursAsync());

        await _lake.WeatherAsync(rows[9]);
        await _lake.SilverAsync("hourly_weather");

        Assert.Equal(["19"], await StuckHoursAsync());
    }

    [Fact]
    public async Task Sky_and_rain_may_stand_still_and_radiation_at_night_too()
    {
        // 24 hours without a cloud or a drop: cloud cover and precipitation are 0 all day, radiation all night.
        await _lake.WeatherAsync([.. Enumerable.Range(0, 25).Select(i => ("NYNGAN", Stamp(i), Moving(i)))]);

        await _lake.SilverAsync("hourly_weather");

        Assert.Equal(["24 0"], await _lake.RowsAsync(
            "SELECT count(*), count(CASE WHEN quality_issues LIKE '%STUCK%' THEN 1 END) FROM iceberg.silver.clean_hourly_weather"));
    }

    /// <summary>Rows arrive in any order and are corrected; after each run silver is what a full run would make of all of them.</summary>
    [Fact]
    public async Task Incremental_runs_equal_a_full_one_row_for_row_on_random_histories()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            var lake = new TestLake();
            await lake.InitializeAsync();
            await lake.FacilityAsync("NYNGAN", 102, 100);
            await lake.SilverAsync("facility_master");
            for (var run = 0; run < 4; run++)
            {
                // Two values only, so that runs of thirteen form and break.
                var stamps = Enumerable.Range(0, 60).Where(_ => random.NextDouble() < 0.6).OrderBy(_ => random.Next());
                await lake.WeatherAsync([.. stamps.Select(i => ("NYNGAN", Stamp(i), new Dictionary<string, double?>(Moving(i))
                {
                    ["temperature_2m"] = random.NextDouble() < 0.06 ? 21 : 20,
                }))]);
                await lake.SilverAsync("hourly_weather");
            }

            const string rows = "SELECT * EXCLUDE (created_at, updated_at) FROM iceberg.silver.clean_hourly_weather ORDER BY date_hour";
            var incremental = await lake.RowsAsync(rows);
            var full = await lake.SilverAsync("hourly_weather", ModelMode.Full);

            Assert.True(full.NothingNew, $"seed {seed}: {full.RowsUpdated} rows differ");
            Assert.Equal(incremental, await lake.RowsAsync(rows));
            await lake.DisposeAsync();
        }
    }

    private static string Stamp(int i) =>
        new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(i).ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);

    /// <summary>Weather in which everything moves that must.</summary>
    private static Dictionary<string, double?> Moving(int i) => new()
    {
        ["pressure_msl"] = 1000 + (0.1 * i), ["temperature_2m"] = 20 + (0.1 * i), ["wet_bulb_temperature_2m"] = 15, ["dew_point_2m"] = 10 + (0.01 * i),
        ["wind_speed_10m"] = 5 + (0.1 * i), ["wind_gusts_10m"] = 30,
    };

    private Task<string[]> StuckHoursAsync() => _lake.RowsAsync(
        "SELECT count(CASE WHEN quality_issues LIKE '%TEMPERATURE_2M_STUCK%' THEN 1 END) FROM iceberg.silver.clean_hourly_weather");
}
