using System.Globalization;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>Every bound of weather and air: a value just beyond it is bad, one just within it is not.</summary>
public sealed class SeriesLimitsTests : IAsyncLifetime
{
    /// <summary>
    /// Column, a value just within, one just beyond. Radiation as at 02:30Z on 1 to 15 January at 34.9 S, 146.6 E: 1,405 W/m² above the
    /// atmosphere on a plane facing the sun, whose zenith angle is 12 to 14°, so QCRad allows 1.5 x 1405 x 0.97^1.2 + 100 = 2,130 W/m² of
    /// global, 0.95 x 1405 x 0.97^1.2 + 50 = 1,340 W/m² of diffuse and 1,405 W/m² of direct radiation.
    /// </summary>
    private static readonly (string Column, double Within, double Beyond)[] Weather =
    [
        ("shortwave_radiation", 2050, 2250), ("diffuse_radiation", 1280, 1400), ("direct_normal_irradiance", 1390, 1425),
        ("direct_radiation", 1390, 1425), ("shortwave_radiation", 0, -1),
        ("temperature_2m", 49.9, 50.1), ("temperature_2m", -34.9, -35.1), ("dew_point_2m", 34.9, 35.1), ("dew_point_2m", -49.9, -50.1),
        ("wet_bulb_temperature_2m", 39.9, 40.1), ("wet_bulb_temperature_2m", -39.9, -40.1),
        ("cloud_cover", 100, 101), ("cloud_cover_low", 100, 101), ("cloud_cover_mid", 100, 101), ("cloud_cover_high", 0, -1),
        ("precipitation", 304, 306), ("sunshine_duration", 3600, 3601), ("total_column_integrated_water_vapour", 99, 101),
        ("wind_speed_10m", 179, 181), ("wind_direction_10m", 360, 361), ("wind_direction_10m", 0, -1), ("wind_gusts_10m", 407, 409),
        ("pressure_msl", 1084, 1086), ("pressure_msl", 871, 869),
    ];

    private static readonly (string Column, double Within, double Beyond)[] Air =
    [
        ("pm2_5", 999, 1001), ("pm10", 4999, 5001), ("dust", 9999, 10001), ("nitrogen_dioxide", 1999, 2001), ("ozone", 999, 1001),
        ("sulphur_dioxide", 9999, 10001), ("carbon_monoxide", 49999, 50001), ("uv_index", 24.9, 25.1), ("uv_index_clear_sky", 24.9, 25.1),
        ("pm2_5", 0, -1),
    ];

    private readonly TestLake _lake = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("NYNGAN", 102, 100);
        await _lake.SilverAsync("facility_master");
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task Weather_just_within_its_bounds_is_possible_and_just_beyond_them_it_is_not()
    {
        Dictionary<string, double?> calm = new()
        {
            ["pressure_msl"] = 1013, ["temperature_2m"] = 20, ["dew_point_2m"] = 10, ["wet_bulb_temperature_2m"] = 15, ["wind_gusts_10m"] = 5,
        };
        await _lake.WeatherAsync([.. Rows(Weather, calm)]);
        await _lake.SilverAsync("hourly_weather");

        await AssertVerdictsAsync(Weather, "clean_hourly_weather");
    }

    [Fact]
    public async Task Air_just_within_its_bounds_is_possible_and_just_beyond_them_it_is_not()
    {
        await _lake.AirAsync([.. Rows(Air, [])]);
        await _lake.SilverAsync("hourly_air_quality");

        await AssertVerdictsAsync(Air, "clean_hourly_air_quality");
    }

    [Fact]
    public async Task An_hour_without_a_pollutant_is_incomplete()
    {
        await _lake.AirAsync(
            ("NYNGAN", "2025-01-01T02", new() { ["ozone"] = null }), ("NYNGAN", "2025-01-01T03", []), ("NYNGAN", "2025-01-01T04", []));
        await _lake.SilverAsync("hourly_air_quality");

        Assert.Equal(["02 88.89 WARNING AIR_QUALITY_INCOMPLETE", "03 100 GOOD "], await _lake.RowsAsync(
            "SELECT strftime(date_hour, '%H'), completeness_pct, quality_flag, quality_issues FROM iceberg.silver.clean_hourly_air_quality ORDER BY 1"));
    }

    [Fact]
    public async Task Twilight_gives_little_radiation_and_a_stuck_sensor_as_much_as_before()
    {
        // At the farm the sun is above the horizon from 19Z to 09:20Z. Radiation stands still over four hours of one day and three of another.
        await _lake.WeatherAsync([.. Enumerable.Range(0, 48).Select(i => ("NYNGAN", Stamp(0, i), new Dictionary<string, double?>
        {
            ["shortwave_radiation"] = i switch
            {
                (>= 2 and <= 5) or (>= 26 and <= 28) => 500,
                13 => 4,
                14 => 6,
                _ => (i % 24) is > 10 and < 20 ? 0 : 300 + i,
            },
            ["pressure_msl"] = i is >= 5 and < 18 ? 1000 : 1000 + (0.1 * i), ["dew_point_2m"] = i is >= 5 and < 18 ? 5 : 5 + (0.01 * i),
            ["wind_speed_10m"] = i is >= 5 and < 18 ? 9 : 9 + (0.01 * i), ["temperature_2m"] = 20 + (0.1 * i),
        }))]);
        await _lake.SilverAsync("hourly_weather");

        Assert.Equal(["4 12 12 12 0 1"], await _lake.RowsAsync($"""
            SELECT {string.Join(", ", new[]
            {
                "SHORTWAVE_RADIATION_STUCK", "PRESSURE_MSL_STUCK", "DEW_POINT_2M_STUCK", "WIND_SPEED_10M_STUCK", "TEMPERATURE_2M_STUCK", "NIGHT_RADIATION",
            }.Select(rule => $"count(*) FILTER (WHERE list_contains(string_split(quality_issues, '|'), '{rule}'))"))}
            FROM iceberg.silver.clean_hourly_weather
            """));
    }

    /// <summary>Two stamps around 02Z for each value, those within on even half days and those beyond on odd ones.</summary>
    private static IEnumerable<(string Farm, string Stamp, Dictionary<string, double?> Values)> Rows(
        (string Column, double Within, double Beyond)[] cases, Dictionary<string, double?> usual) =>
        from item in cases.Index()
        from beyond in (bool[])[false, true]
        from end in (int[])[0, 1]
        select ("NYNGAN", Stamp(Day(item.Index, beyond), 2 + end), new Dictionary<string, double?>(usual)
        {
            [item.Item.Column] = beyond ? item.Item.Beyond : item.Item.Within,
        });

    private async Task AssertVerdictsAsync((string Column, double Within, double Beyond)[] cases, string table)
    {
        var said = await _lake.RowsAsync(
            $"SELECT strftime(date_hour, '%Y-%m-%dT%H'), quality_flag, quality_issues FROM iceberg.silver.{table} ORDER BY 1");
        var byHour = said.ToDictionary(row => row[..13], row => row[14..]);
        foreach (var (index, (column, within, beyond)) in cases.Index())
        {
            var issue = $"{column.ToUpperInvariant()}_OUT_OF_BOUNDS";
            Assert.False(byHour[Stamp(Day(index, beyond: false), 2)].Contains(issue, StringComparison.Ordinal), $"{column} {within}");
            var verdict = byHour[Stamp(Day(index, beyond: true), 2)];
            Assert.True(verdict.StartsWith("BAD ", StringComparison.Ordinal) && verdict.Contains(issue, StringComparison.Ordinal), $"{column} {beyond}: {verdict}");
        }
    }

    // Radiation comes first, so that its days are in the first fortnight of January.
    private static int Day(int index, bool beyond) => (2 * index) + (beyond ? 1 : 0);

    private static string Stamp(int day, int hour) =>
        new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(day).AddHours(hour).ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);
}
