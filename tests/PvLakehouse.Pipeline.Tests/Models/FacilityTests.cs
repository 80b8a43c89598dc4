namespace PvLakehouse.Pipeline.Tests.Models;

public sealed class FacilityTests : IAsyncLifetime
{
    private readonly TestLake _lake = new();

    public ValueTask InitializeAsync() => _lake.InitializeAsync();

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task An_ingest_that_brings_nothing_new_changes_no_row()
    {
        await _lake.FacilityAsync("NYNGAN", 102, 100);
        await _lake.SilverAsync("facility_master");
        await _lake.FacilityAsync("NYNGAN", 102, 100);

        var second = await _lake.SilverAsync("facility_master");

        Assert.True(second.NothingNew);
        // The watermark moved with the second run, so the third has nothing to look at.
        Assert.Null((await _lake.SilverAsync("facility_master")).SnapshotId);
    }

    [Fact]
    public async Task A_changed_capacity_closes_one_period_and_opens_the_next()
    {
        await _lake.FacilityAsync("NYNGAN", 102, 100);
        await _lake.SilverAsync("facility_master");
        await _lake.FacilityAsync("NYNGAN", 112, 110);
        await _lake.FacilityAsync("NYNGAN", 112, 110);

        await _lake.SilverAsync("facility_master");

        Assert.Equal(
            ["100.0000 false true true", "110.0000 true false true"],
            await _lake.RowsAsync(
                """
                SELECT total_capacity_maximum_mw, is_current, effective_to IS NOT NULL,
                  effective_to IS NOT DISTINCT FROM lead(effective_from) OVER (ORDER BY effective_from)
                FROM iceberg.silver.clean_facility_master ORDER BY effective_from
                """));
    }

    [Theory]
    [InlineData("NSW1", -34.9, 146.6, "Australia/Sydney")]
    [InlineData("NSW1", -31.99, 141.39, "Australia/Broken_Hill")]
    [InlineData("QLD1", -23.5, 148.1, "Australia/Brisbane")]
    [InlineData("SA1", -32.4, 137.8, "Australia/Adelaide")]
    [InlineData("VIC1", -34.4, 142.2, "Australia/Melbourne")]
    [InlineData("WEM", -31.0, 116.0, "Australia/Perth")]
    [InlineData("NT1", -12.5, 131.0, "null")]
    public async Task A_farm_keeps_the_clock_of_its_region(string region, double latitude, double longitude, string zone)
    {
        await _lake.FacilityAsync("FARM", 10, 9, region, latitude: latitude, longitude: longitude);

        await _lake.SilverAsync("facility_master");

        Assert.Equal([zone], await _lake.RowsAsync("SELECT timezone_name FROM iceberg.silver.clean_facility_master"));
    }

    [Fact]
    public async Task A_farm_without_capacity_is_bad()
    {
        await _lake.FacilityAsync("FARM", 0, 0);

        await _lake.SilverAsync("facility_master");

        Assert.Equal(["BAD CAPACITY_INVALID"], await _lake.RowsAsync("SELECT quality_flag, quality_issues FROM iceberg.silver.clean_facility_master"));
    }

    [Theory]
    [InlineData("NSW1", null, 147.08, "BAD LOCATION_MISSING")]
    [InlineData("NSW1", -31.56, null, "BAD LOCATION_MISSING")]
    [InlineData("NT1", -12.46, 130.84, "WARNING REGION_UNKNOWN")]
    public async Task A_farm_needs_a_place_and_a_region(string region, double? latitude, double? longitude, string verdict)
    {
        await _lake.FacilityAsync("FARM", 102, 100, region, latitude: latitude, longitude: longitude);

        await _lake.SilverAsync("facility_master");

        Assert.Equal([verdict], await _lake.RowsAsync("SELECT quality_flag, quality_issues FROM iceberg.silver.clean_facility_master"));
    }

    [Theory]
    // Nyngan lies in New South Wales, Emerald in Queensland, 1,100 km north of the border.
    [InlineData("NSW1", -31.56, 147.08, "GOOD ")]
    [InlineData("QLD1", -23.53, 148.16, "GOOD ")]
    [InlineData("VIC1", -31.56, 147.08, "BAD LOCATION_OUTSIDE_REGION")]
    [InlineData("NSW1", -23.53, 148.16, "BAD LOCATION_OUTSIDE_REGION")]
    // The sign of the latitude lost: in the Pacific, north of New Guinea.
    [InlineData("NSW1", 31.56, 147.08, "BAD LOCATION_OUTSIDE_AUSTRALIA|LOCATION_OUTSIDE_REGION")]
    public async Task A_farm_lies_in_the_state_of_its_region(string region, double latitude, double longitude, string verdict)
    {
        await _lake.FacilityAsync("FARM", 11, 10, region, latitude: latitude, longitude: longitude);

        await _lake.SilverAsync("facility_master");

        Assert.Equal([verdict], await VerdictsAsync());
    }

    [Fact]
    public async Task A_capacity_that_changes_is_a_warning_on_the_period_that_brings_it()
    {
        await _lake.FacilityAsync("NYNGAN", 102, 100);
        await _lake.FacilityAsync("NYNGAN", 102.5, 100);
        await _lake.FacilityAsync("NYNGAN", 132.5, 120);

        await _lake.SilverAsync("facility_master");

        // 102 to 102.5 MW is half a per cent.
        Assert.Equal(["GOOD ", "GOOD ", "WARNING CAPACITY_CHANGED"], await VerdictsAsync());
    }

    [Theory]
    [InlineData(102, 0, "WARNING CAPACITY_MAXIMUM_MISSING")]
    [InlineData(254.1, 190, "GOOD ")]
    [InlineData(100, 100, "GOOD ")]
    [InlineData(50, 100, "WARNING CAPACITY_IMPLAUSIBLE")]
    [InlineData(1020, 100, "WARNING CAPACITY_IMPLAUSIBLE")]
    public async Task Capacities_must_belong_together(double registered, double maximum, string verdict)
    {
        await _lake.FacilityAsync("FARM", registered, maximum);

        await _lake.SilverAsync("facility_master");

        Assert.Equal([verdict], await VerdictsAsync());
    }

    [Fact]
    public async Task Stages_of_one_farm_may_share_a_place_and_others_may_not()
    {
        // The second name is the first one and more, as those of two stages are; the third is another farm.
        await _lake.FacilityAsync("LIMO", 11, 10);
        await _lake.FacilityAsync("LIMO2", 11, 10, name: "LIMO Farm 2");
        await _lake.SilverAsync("facility_master");
        Assert.Equal(["GOOD ", "GOOD "], await VerdictsAsync());

        await _lake.FacilityAsync("OTHER", 11, 10);
        await _lake.SilverAsync("facility_master");

        Assert.Equal(["WARNING LOCATION_SHARED", "WARNING LOCATION_SHARED", "WARNING LOCATION_SHARED"], await VerdictsAsync());
    }

    [Fact]
    public async Task A_code_that_one_answer_holds_twice_is_a_warning()
    {
        await _lake.FacilitiesAsync(("FARM", 11, 10), ("FARM", 11, 10));

        await _lake.SilverAsync("facility_master");

        Assert.Equal(["WARNING CODE_LISTED_TWICE"], await VerdictsAsync());
    }

    [Fact]
    public async Task A_new_farm_never_renumbers_the_old_ones()
    {
        await _lake.FacilityAsync("BOMENSF", 121, 100);
        await _lake.FacilityAsync("DARLSF", 324, 275);
        await _lake.SilverAsync("facility_master");
        await _lake.GoldAsync("dim_facility");
        // AVLSF sorts first, and gets the next key all the same.
        await _lake.FacilityAsync("AVLSF", 254.1, 190);
        await _lake.SilverAsync("facility_master");

        var second = await _lake.GoldAsync("dim_facility");

        Assert.Equal((1, 0), (second.RowsInserted, second.RowsUpdated));
        Assert.Equal(
            ["0 UNKNOWN null", "1 BOMENSF 100.0000", "2 DARLSF 275.0000", "3 AVLSF 190.0000"],
            await _lake.RowsAsync("SELECT facility_key, facility_code, capacity_mw FROM iceberg.gold.dim_facility ORDER BY 1"));
    }

    private Task<string[]> VerdictsAsync() => _lake.RowsAsync(
        "SELECT quality_flag, quality_issues FROM iceberg.silver.clean_facility_master ORDER BY effective_from, facility_code");
}
