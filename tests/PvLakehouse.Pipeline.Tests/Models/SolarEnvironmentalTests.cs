using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Models;

public sealed class SolarEnvironmentalTests : IAsyncLifetime
{
    private readonly TestLake _lake = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("NYNGAN", 102, 100);
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task An_hour_without_energy_is_a_row_that_says_so()
    {
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T01", 80), ("NYNGAN", "NYNGAN1", "2025-01-01T03", 82));

        await _lake.RunAsync();

        Assert.Equal(
            ["2025-01-01T01 80.000000 true", "2025-01-01T02 null false", "2025-01-01T03 82.000000 true"],
            await _lake.RowsAsync("SELECT date_hour, energy_mwh, is_valid FROM iceberg.gold.fact_solar_environmental ORDER BY 1"));
        Assert.Equal(["ENERGY_MISSING|WEATHER_MISSING|AIR_QUALITY_MISSING"], await _lake.RowsAsync(
            "SELECT quality_issues FROM iceberg.gold.fact_solar_environmental WHERE energy_mwh IS NULL"));
    }

    [Fact]
    public async Task The_hole_between_two_loads_is_filled_with_rows_too()
    {
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T01", 80));
        await _lake.RunAsync();
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T04", 83));
        await _lake.RunAsync();
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2024-12-31T23", 79));
        await _lake.RunAsync();

        // 23, 00, 01, 02, 03, 04
        Assert.Equal(["6 3"], await _lake.RowsAsync("SELECT count(*), count(energy_mwh) FROM iceberg.gold.fact_solar_environmental"));
    }

    [Fact]
    public async Task The_hour_that_a_clock_repeats_is_two_rows_and_the_skipped_one_none()
    {
        // Sydney, 6 April 2025: 3:00 AEDT becomes 2:00 AEST at 2025-04-05T16Z; 5 October 2025: 2:00 becomes 3:00 at 2025-10-04T16Z.
        await _lake.EnergyAsync(
            ("NYNGAN", "NYNGAN1", "2025-04-05T15", 0), ("NYNGAN", "NYNGAN1", "2025-04-05T16", 0), ("NYNGAN", "NYNGAN1", "2025-04-05T17", 0));
        await _lake.RunAsync();
        Assert.Equal(
            ["2025-04-05T15 2025-04-06T02 20250406 2", "2025-04-05T16 2025-04-06T02 20250406 2", "2025-04-05T17 2025-04-06T03 20250406 3"],
            await LocalAsync("2025-04-06"));

        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-10-04T15", 0), ("NYNGAN", "NYNGAN1", "2025-10-04T16", 0));
        await _lake.RunAsync();
        Assert.Equal(["2025-10-04T15 2025-10-05T01 20251005 1", "2025-10-04T16 2025-10-05T03 20251005 3"], await LocalAsync("2025-10-05"));

        Task<string[]> LocalAsync(string day) => _lake.RowsAsync(
            $"""
            SELECT date_hour, local_date_hour, date_key, time_key FROM iceberg.gold.fact_solar_environmental
            WHERE energy_mwh IS NOT NULL AND CAST(local_date_hour AS DATE) = DATE '{day}' ORDER BY 1
            """);
    }

    [Fact]
    public async Task Every_dimension_key_of_the_fact_exists()
    {
        await FullHourAsync();

        await _lake.RunAsync();

        Assert.Equal(["1 1 1 1 1"], await _lake.RowsAsync(
            """
            SELECT count(*), count(d.date_key), count(t.time_key), count(f.facility_key), count(a.aqi_category_key)
            FROM iceberg.gold.fact_solar_environmental e
            LEFT JOIN iceberg.gold.dim_date d ON d.date_key = e.date_key
            LEFT JOIN iceberg.gold.dim_time t ON t.time_key = e.time_key
            LEFT JOIN iceberg.gold.dim_facility f ON f.facility_key = e.facility_key
            LEFT JOIN iceberg.gold.dim_aqi_category a ON a.aqi_category_key = e.aqi_category_key
            """));
    }

    [Fact]
    public async Task Irradiation_humidity_and_reference_energy_follow_from_the_sources()
    {
        await FullHourAsync();

        await _lake.RunAsync();

        // 800 W/m2 for an hour are 0.8 kWh/m2; x 102 MW registered = 81,600 kWh; 1,800 s are half an hour of sun.
        // Magnus at 25 and 15 degrees: 100 exp(17.625x15/258.04)/exp(17.625x25/268.04) = 53.8258 %.
        Assert.Equal(["0.800000 81600.000000 0.500 53.83 100.00 GOOD"], await _lake.RowsAsync(
            """
            SELECT irr_kwh_m2_hour, yr_weighted_kwh, sunshine_hours, round(humidity_2m, 2), completeness_pct, quality_flag
            FROM iceberg.gold.fact_solar_environmental
            """));
    }

    [Fact]
    public async Task A_second_run_writes_nothing_anywhere()
    {
        await FullHourAsync();
        await _lake.RunAsync();

        Assert.All(await _lake.RunAsync(), stage => Assert.True(stage.SnapshotId is null, stage.Table));
        Assert.All(await _lake.RunAsync(ModelMode.Full), stage => Assert.True(stage.SnapshotId is null, stage.Table));
    }

    [Fact]
    public async Task A_late_value_reaches_gold_and_touches_its_hour_only()
    {
        // 13:00 to 21:00 at the farm, where the sun sets at 20:15; nothing at night.
        await _lake.EnergyAsync([.. Enumerable.Range(0, 24).Select(hour => ("NYNGAN", "NYNGAN1", $"2025-01-01T{hour:D2}", (double?)(hour < 9 ? hour : 0)))]);
        await _lake.RunAsync();
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T03", 42));

        var fact = (await _lake.RunAsync()).Single(stage => stage.Table == "gold.fact_solar_environmental");

        Assert.Equal((0, 1, 0), (fact.RowsInserted, fact.RowsUpdated, fact.RowsUnchanged));
        // 0 + 1 + ... + 8 = 36; 3 became 42.
        Assert.Equal(["75"], await _lake.RowsAsync("SELECT CAST(sum(energy_mwh) AS DOUBLE) FROM iceberg.gold.fact_solar_environmental"));
    }

    [Fact]
    public async Task The_fact_waits_for_its_dimensions()
    {
        await FullHourAsync();
        await _lake.SilverAsync("facility_master");
        await _lake.SilverAsync("hourly_energy");

        var error = await Assert.ThrowsAsync<PipelineException>(() => _lake.GoldAsync("fact_solar_environmental"));

        Assert.Contains("run 'pvlake gold dim_facility' first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_farm_that_the_dimension_does_not_know_yet_stops_the_fact()
    {
        await FullHourAsync();
        await _lake.RunAsync();
        await _lake.FacilityAsync("LATE", 10, 9);
        await _lake.EnergyAsync(("LATE", "LATE1", "2025-01-01T02", 5));
        await _lake.SilverAsync("facility_master");
        await _lake.SilverAsync("hourly_energy");

        var error = await Assert.ThrowsAsync<PipelineException>(() => _lake.GoldAsync("fact_solar_environmental"));
        Assert.Contains("LATE", error.Message, StringComparison.Ordinal);
        Assert.Contains("run 'pvlake gold dim_facility' first", error.Message, StringComparison.Ordinal);

        await _lake.GoldAsync("dim_facility");
        Assert.Equal(1, (await _lake.GoldAsync("fact_solar_environmental")).RowsInserted);
    }

    /// <summary>One hour with everything: 80 MWh, 800 W/m², half an hour of sun, 25 °C, dew point 15 °C, clean air.</summary>
    private async Task FullHourAsync()
    {
        Dictionary<string, double?> weather = new()
        {
            ["shortwave_radiation"] = 800, ["direct_radiation"] = 600, ["diffuse_radiation"] = 200, ["direct_normal_irradiance"] = 650,
            ["sunshine_duration"] = 1800, ["temperature_2m"] = 25, ["dew_point_2m"] = 15, ["wet_bulb_temperature_2m"] = 18, ["pressure_msl"] = 1013,
        };
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T02", 80));
        await _lake.WeatherAsync(("NYNGAN", "2025-01-01T02", weather), ("NYNGAN", "2025-01-01T03", weather));
        await _lake.AirAsync(("NYNGAN", "2025-01-01T02", 5), ("NYNGAN", "2025-01-01T03", 5));
    }
}
