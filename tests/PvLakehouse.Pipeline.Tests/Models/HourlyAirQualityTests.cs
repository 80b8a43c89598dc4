using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Models;

public sealed class HourlyAirQualityTests : IAsyncLifetime
{
    private readonly TestLake _lake = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("NYNGAN", 102, 100);
        await _lake.SilverAsync("facility_master");
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Theory]
    // Constant air: the NowCast is the value itself. Breakpoints of May 2024, 40 CFR 58 appendix G.
    [InlineData(0.0, "0 0 Good")]
    [InlineData(9.0, "9 50 Good")]
    [InlineData(9.05, "9 50 Good")] // truncated to 9.0
    [InlineData(9.1, "9.1 51 Moderate")]
    [InlineData(35.4, "35.4 100 Moderate")]
    [InlineData(35.5, "35.5 101 Unhealthy for Sensitive Groups")]
    [InlineData(55.5, "55.5 151 Unhealthy")]
    [InlineData(125.5, "125.5 201 Very Unhealthy")]
    [InlineData(225.5, "225.5 301 Hazardous")]
    [InlineData(325.4, "325.4 500 Hazardous")]
    [InlineData(900.0, "900 500 Hazardous")]
    // (100-51)/(35.4-9.1) x (20-9.1) + 51 = 71.3
    [InlineData(20.0, "20 71 Moderate")]
    public async Task The_index_follows_the_breakpoints_of_2024(double concentration, string expected)
    {
        await AirAsync(Enumerable.Repeat<double?>(concentration, 4));

        Assert.Equal(expected, (await IndexAsync())[^1]);
    }

    [Fact]
    public async Task The_NowCast_weighs_recent_hours_more_when_the_air_changes()
    {
        // Hourly means 10, 10, 30 (stamps 10 10 10 50): min/max = 1/3, so the weight is 0.5:
        // (30 + 0.5 x 10 + 0.25 x 10) / (1 + 0.5 + 0.25) = 37.5 / 1.75 = 21.43, truncated 21.4.
        await AirAsync([10, 10, 10, 50]);

        Assert.StartsWith("21.4 ", (await IndexAsync())[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_index_before_two_of_the_last_three_hours_are_known()
    {
        await AirAsync([10, 10, 10]);

        Assert.Equal(["null null null", "10 53 Moderate"], await IndexAsync());
    }

    [Fact]
    public async Task An_hour_without_a_value_has_the_index_of_those_before_it()
    {
        // The hours are 10, 10, 10 and unknown: two of the last three are known.
        await AirAsync([10, 10, 10, 10, null]);

        Assert.Equal("10 53 Moderate", (await IndexAsync())[^1]);
    }

    [Theory]
    [InlineData("pm2_5", 5.4, "GOOD ")]
    [InlineData("pm2_5", 5.6, "WARNING PM2_5_ABOVE_PM10")]
    [InlineData("uv_index", 10.4, "GOOD ")]
    [InlineData("uv_index", 10.6, "WARNING UV_INDEX_ABOVE_CLEAR_SKY")]
    // Smoke of a bushfire is no fault; a concentration in ng/m3 under the name of µg/m3 is.
    [InlineData("carbon_monoxide", 20_000.0, "GOOD ")]
    [InlineData("ozone", 60_000.0, "BAD OZONE_OUT_OF_BOUNDS")]
    public async Task Parts_do_not_exceed_the_whole(string column, double value, string verdict)
    {
        Dictionary<string, double?> values = new() { ["pm2_5"] = 5, ["pm10"] = 5, ["uv_index"] = 8, ["uv_index_clear_sky"] = 8, [column] = value };
        await _lake.AirAsync(("NYNGAN", "2025-01-01T01", values), ("NYNGAN", "2025-01-01T02", values));
        await _lake.SilverAsync("hourly_air_quality");

        Assert.Equal([verdict], await _lake.RowsAsync("SELECT quality_flag, quality_issues FROM iceberg.silver.clean_hourly_air_quality"));
    }

    [Fact]
    public async Task A_corrected_hour_corrects_the_index_of_the_hours_after_it()
    {
        await AirAsync([10, 10, 10, 10, 10, 10]);
        await _lake.AirAsync(("NYNGAN", "2025-01-01T01", 50));

        await _lake.SilverAsync("hourly_air_quality");

        // Stamps 10 50 10 10 10 10: hours 30 30 10 10 10. Full recomputation must find nothing to change.
        var before = await IndexAsync();
        Assert.Null((await _lake.SilverAsync("hourly_air_quality", ModelMode.Full)).SnapshotId);
        Assert.Equal(before, await IndexAsync());
        // Last hour: weight max(10/30, 0.5) = 0.5: (10 + 5 + 2.5 + 30/8 + 30/16) / (1 + .5 + .25 + .125 + .0625) = 23.125/1.9375 = 11.93
        Assert.StartsWith("11.9 ", before[^1], StringComparison.Ordinal);
    }

    private async Task AirAsync(IEnumerable<double?> stamps)
    {
        await _lake.AirAsync([.. stamps.Select((value, hour) => ("NYNGAN", $"2025-01-01T{hour:D2}", value))]);
        await _lake.SilverAsync("hourly_air_quality");
    }

    private Task<string[]> IndexAsync() => _lake.RowsAsync(
        "SELECT pm2_5_nowcast, aqi_value, aqi_category FROM iceberg.silver.clean_hourly_air_quality ORDER BY date_hour");
}
