using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Models;

public sealed class HourlyEnergyTests : IAsyncLifetime
{
    private readonly TestLake _lake = new();

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("NYNGAN", 102, 100);
        await _lake.FacilityAsync("TWIN", 50, 40, units: 2);
        await _lake.SilverAsync("facility_master");
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task The_last_received_value_of_an_hour_counts()
    {
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T02", 80.5), ("NYNGAN", "NYNGAN1", "2025-01-01T03", 70));
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T02", 81.25));

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal(["2025-01-01T02 81.25", "2025-01-01T03 70"], await _lake.RowsAsync(
            "SELECT date_hour, energy_mwh FROM iceberg.silver.clean_hourly_energy ORDER BY 1"));
    }

    [Fact]
    public async Task A_correction_after_the_first_run_changes_its_hour_and_no_other()
    {
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T02", 80.5), ("NYNGAN", "NYNGAN1", "2025-01-01T03", 70));
        await _lake.SilverAsync("hourly_energy");
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T02", 81.25));

        var second = await _lake.SilverAsync("hourly_energy");

        Assert.Equal((0, 1), (second.RowsInserted, second.RowsUpdated));
        Assert.Equal(["true false", "true true"], await _lake.RowsAsync(
            """
            SELECT created_at = min(created_at) OVER (), updated_at = min(updated_at) OVER ()
            FROM iceberg.silver.clean_hourly_energy ORDER BY date_hour
            """));
    }

    [Fact]
    public async Task Running_again_writes_no_snapshot()
    {
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T02", 80.5));
        await _lake.SilverAsync("hourly_energy");

        Assert.Null((await _lake.SilverAsync("hourly_energy")).SnapshotId);
        Assert.Null((await _lake.SilverAsync("hourly_energy", ModelMode.Full)).SnapshotId);
    }

    [Fact]
    public async Task Units_are_summed_and_a_missing_one_lowers_completeness()
    {
        await _lake.EnergyAsync(
            ("TWIN", "TWIN1", "2025-01-01T02", 10.1), ("TWIN", "TWIN2", "2025-01-01T02", 20.2),
            ("TWIN", "TWIN1", "2025-01-01T03", 10.1),
            ("TWIN", "TWIN1", "2025-01-01T04", 10.1), ("TWIN", "TWIN2", "2025-01-01T04", null));

        await _lake.SilverAsync("hourly_energy");

        // Score of a partial hour: half complete, one warning: 0.5 x 0.8.
        Assert.Equal(
            [
                "2025-01-01T02 30.3 2 2 100 GOOD 1 ",
                "2025-01-01T03 10.1 1 2 50 WARNING 0.4 PARTIAL_HOUR",
                "2025-01-01T04 10.1 1 2 50 WARNING 0.4 PARTIAL_HOUR",
            ],
            await _lake.RowsAsync(
                """
                SELECT date_hour, energy_mwh, intervals_count, expected_intervals, completeness_pct, quality_flag, quality_score, quality_issues
                FROM iceberg.silver.clean_hourly_energy ORDER BY 1
                """));
    }

    [Theory]
    // 2025-01-01T02Z is noon at the farm, 14Z its midnight; AC capacity is 100 MW.
    [InlineData("2025-01-01T02", 97.0, "GOOD ")]
    [InlineData("2025-01-01T02", 99.7, "GOOD ")]
    [InlineData("2025-01-01T02", 99.8, "GOOD CLIPPED")]
    [InlineData("2025-01-01T02", 101.0, "GOOD CLIPPED")]
    [InlineData("2025-01-01T02", 101.1, "BAD OVER_CAPACITY")]
    // 102 MW registered are hardly more than the 100 MW AC, so 120 MW of modules are assumed: 1.1 x 120.
    [InlineData("2025-01-01T02", 131.9, "BAD OVER_CAPACITY")]
    [InlineData("2025-01-01T02", 132.1, "BAD OVER_CAPACITY|OVER_NAMEPLATE")]
    // 2025-06-21T07Z: the sun sets minutes after the hour begins, so a fifth of the capacity cannot be.
    [InlineData("2025-06-21T07", 20.0, "BAD ABOVE_CLEAR_SKY")]
    [InlineData("2025-06-21T07", 0.5, "GOOD ")]
    // An hour earlier it falls from 11 to 1 deg: at 6 deg modules that face it get some 400 W/m2, which 150 MW turn into more than 40.
    [InlineData("2025-06-21T06", 40.0, "GOOD ")]
    [InlineData("2025-01-01T14", 0.5, "GOOD ")]
    [InlineData("2025-01-01T14", 0.6, "BAD NIGHT_ENERGY")]
    [InlineData("2025-01-01T14", 9.9, "BAD NIGHT_ENERGY")]
    [InlineData("2025-01-01T14", 10.1, "BAD NIGHT_ENERGY|NIGHT_GENERATION")]
    [InlineData("2025-01-01T14", -3.0, "GOOD ")]
    [InlineData("2025-01-01T14", -3.1, "BAD NEGATIVE_ENERGY")]
    [InlineData("2025-01-01T02", null, "BAD ENERGY_MISSING")]
    public async Task Energy_is_judged_by_the_farms_own_capacity_and_sun(string hour, double? energy, string verdict)
    {
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", hour, energy));

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal([verdict], await _lake.RowsAsync("SELECT quality_flag, quality_issues FROM iceberg.silver.clean_hourly_energy"));
    }

    [Theory]
    // A capacity of 0 is an unknown one.
    [InlineData(0.0, "WARNING CAPACITY_UNKNOWN")]
    [InlineData(1000.0, "GOOD ")]
    public async Task Without_a_capacity_no_limit_can_be_checked(double capacity, string verdict)
    {
        await _lake.FacilityAsync("OTHER", capacity, capacity);
        await _lake.SilverAsync("facility_master");
        await _lake.EnergyAsync(("OTHER", "OTHER1", "2025-01-01T02", 900));

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal([verdict], await _lake.RowsAsync("SELECT quality_flag, quality_issues FROM iceberg.silver.clean_hourly_energy"));
    }

    [Fact]
    public async Task The_capacity_of_the_time_judges_not_the_newest_one()
    {
        await _lake.EnergyAsync(("NYNGAN", "NYNGAN1", "2025-01-01T02", 150));
        // The farm grows, but only from today (2026) on.
        await _lake.FacilityAsync("NYNGAN", 202, 200);
        await _lake.SilverAsync("facility_master");

        await _lake.SilverAsync("hourly_energy");

        Assert.Equal(["BAD"], await _lake.RowsAsync("SELECT quality_flag FROM iceberg.silver.clean_hourly_energy"));
    }
}
