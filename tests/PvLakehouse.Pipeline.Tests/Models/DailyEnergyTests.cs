using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Tests.Models;

public sealed class DailyEnergyTests : IAsyncLifetime
{
    private static readonly DateOnly First = new(2025, 1, 1);

    private readonly TestLake _lake = new();

    private SunnyDays Days => new(_lake);

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("ALPHA", 120, 100);
        await _lake.FacilityAsync("BRAVO", 120, 100);
        await _lake.SilverAsync("facility_master");
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task A_day_adds_its_hours_up_and_compares_them_with_the_weather()
    {
        await Days.WeatherAsync("ALPHA", First, 9);
        await Days.EnergyAsync("ALPHA", First, 9, (day, _) => day == 8 ? 0.5 : 1);

        await RunAsync();

        // The ninth day has half the energy under the same sky: half the ratio of the eight before it, up to the sun's own course.
        Assert.Equal(["24 0 true true"], await _lake.RowsAsync(
            """
            SELECT d.hours_known, d.hours_missing, abs(d.energy_mwh - h.mwh) < 1e-4, d.relative_ratio BETWEEN 0.49 AND 0.51
            FROM iceberg.silver.clean_daily_energy d
            JOIN (SELECT network_date, sum(energy_mwh) AS mwh FROM iceberg.silver.clean_hourly_energy GROUP BY 1) h ON h.network_date = d.network_date
            WHERE d.network_date = DATE '2025-01-09'
            """));
        // Six days are too few to say what is usual, seven are enough.
        Assert.Equal(["2025-01-07 true", "2025-01-08 false"], await _lake.RowsAsync(
            """
            SELECT CAST(network_date AS VARCHAR), typical_ratio IS NULL FROM iceberg.silver.clean_daily_energy
            WHERE network_date BETWEEN DATE '2025-01-07' AND DATE '2025-01-08' ORDER BY 1
            """));
    }

    [Theory]
    [InlineData(1.0, "")]
    [InlineData(2.0, "DOUBLED_DAY")]
    [InlineData(1.5, "")]
    [InlineData(0.001, "UNIT_MIX_UP")]
    [InlineData(1000, "UNIT_MIX_UP")]
    public async Task A_day_of_another_scale_is_vetoed(double factor, string issue)
    {
        await Days.WeatherAsync("ALPHA", First, 10);
        await Days.EnergyAsync("ALPHA", First, 10, (day, _) => day == 9 ? factor : 1);

        await RunAsync();

        Assert.Equal([issue], await IssuesAsync("ALPHA", "network_date = DATE '2025-01-10'", "DOUBLED_DAY", "UNIT_MIX_UP"));
        Assert.Equal([""], (await IssuesAsync("ALPHA", "network_date < DATE '2025-01-10'", "DOUBLED_DAY", "UNIT_MIX_UP")).Distinct());
    }

    [Theory]
    // A bell of 60 MWh at noon is 516 MWh a day. 103 MWh in three hours around noon make it 645, 1.25 times; in two hours, with a tenth more
    // in all others, 641, 1.24 times. 103 MWh are above the connection's 100 MW but not above the modules.
    [InlineData(3, 1.0, "DOUBLED_DAY")]
    [InlineData(2, 1.1, "")]
    public async Task Three_hours_above_the_connection_make_a_day_of_one_and_a_quarter_a_doubled_one(int hours, double others, string issue)
    {
        await Days.WeatherAsync("ALPHA", First, 10);
        await Days.EnergyAsync("ALPHA", First, 10, (day, hour) =>
            day < 9 ? 1 : hour >= 11 && hour < 11 + hours ? 103 / (60 * SunnyDays.Share(hour)) : others);

        await RunAsync();

        Assert.Equal([issue], await IssuesAsync("ALPHA", "network_date = DATE '2025-01-10'", "DOUBLED_DAY"));
        Assert.Equal(["true"], await _lake.RowsAsync(
            "SELECT relative_ratio BETWEEN 1.21 AND 1.29 FROM iceberg.silver.clean_daily_energy WHERE network_date = DATE '2025-01-10'"));
    }

    [Theory]
    [InlineData(97, "")]
    [InlineData(100, "CLIPPED")]
    public async Task A_day_at_the_connections_limit_says_so_and_stays_good(double noon, string issue)
    {
        await Days.EnergyAsync("ALPHA", First, 1, (_, hour) => hour == 12 ? noon / (60 * SunnyDays.Share(hour)) : 1);

        await RunAsync();

        Assert.Equal([$"GOOD {issue}"], await _lake.RowsAsync("SELECT quality_flag, quality_issues FROM iceberg.silver.clean_daily_energy"));
    }

    [Fact]
    public async Task An_outage_of_a_day_is_no_change_of_unit()
    {
        await Days.WeatherAsync("ALPHA", First, 10);
        // A trickle in the first hours of sun, then nothing: a thousandth of the usual energy, but not its shape.
        await Days.EnergyAsync("ALPHA", First, 10, (day, hour) => day < 9 ? 1 : hour == 8 ? 0.015 : 0);

        await RunAsync();

        Assert.Equal(["OUTAGE"], await IssuesAsync("ALPHA", "network_date = DATE '2025-01-10'", "DOUBLED_DAY", "UNIT_MIX_UP", "OUTAGE"));
    }

    [Fact]
    public async Task Missing_hours_are_a_gap_and_missing_days_are_rows()
    {
        await Days.EnergyAsync("ALPHA", First, 10, (day, hour) => (day, hour) switch
        {
            (0, < 5) => null, // the series begins at 05:00
            (2, 13 or 14) => null,
            (4, _) => null,
            (9, > 20) => null, // and ends, for now, at 20:00
            _ => 1,
        });

        await RunAsync();

        Assert.Equal(["2025-01-03 24 2 GAP", "2025-01-05 24 24 GAP"], await _lake.RowsAsync(
            """
            SELECT CAST(network_date AS VARCHAR), hours_expected, hours_missing, quality_issues
            FROM iceberg.silver.clean_daily_energy WHERE hours_missing > 0 ORDER BY 1
            """));
        Assert.Equal(["19 21 10"], await _lake.RowsAsync(
            "SELECT min(hours_expected), min(CASE WHEN network_date > DATE '2025-01-09' THEN hours_expected END), count(*) FROM iceberg.silver.clean_daily_energy"));
    }

    [Fact]
    public async Task A_series_that_ends_while_its_market_goes_on_has_stopped()
    {
        await Days.EnergyAsync("ALPHA", First, 2, (_, _) => 1);
        await Days.EnergyAsync("BRAVO", First, 4, (_, _) => 1);
        await RunAsync();
        // Two days may be late.
        Assert.Equal(["", "", "GAP", "GAP"], await IssuesAsync("ALPHA", "true", "GAP", "SERIES_STOPPED"));

        await Days.EnergyAsync("BRAVO", First.AddDays(4), 1, (_, _) => 1);
        await RunAsync();
        Assert.Equal(["", "", "SERIES_STOPPED", "SERIES_STOPPED", "SERIES_STOPPED"], await IssuesAsync("ALPHA", "true", "GAP", "SERIES_STOPPED"));
        Assert.Equal(["BAD 3"], await _lake.RowsAsync(
            "SELECT quality_flag, count(*) FROM iceberg.silver.clean_daily_energy WHERE quality_issues LIKE '%STOPPED%' GROUP BY 1"));

        // The farm's values arrive after all.
        await Days.EnergyAsync("ALPHA", First.AddDays(2), 3, (_, _) => 1);
        await RunAsync();
        Assert.Equal(["", "", "", "", ""], await IssuesAsync("ALPHA", "true", "GAP", "SERIES_STOPPED"));
    }

    [Theory]
    [InlineData(0.0, "")]
    [InlineData(0.15, "")]
    [InlineData(0.5, "CLOCK_SHIFTED")]
    [InlineData(-1.0, "CLOCK_SHIFTED")]
    public async Task Energy_that_is_early_or_late_against_the_weather_shows_a_shifted_clock(double late, string issue)
    {
        await Days.WeatherAsync("ALPHA", First, 9);
        await Days.EnergyAsync("ALPHA", First, 9, (_, _) => 1, late);

        await RunAsync();

        Assert.Equal([issue], (await IssuesAsync("ALPHA", "true", "CLOCK_SHIFTED")).Distinct());
    }

    [Fact]
    public async Task A_feed_that_stops_in_the_evening_names_the_day()
    {
        // The value of 18:00, 8 MWh, repeats in the night: 20:55 is the last of it.
        await Days.EnergyAsync("ALPHA", First, 1, (_, hour) => hour is 19 or 20 or 21 ? null : 1);
        var evening = 60 * SunnyDays.Share(18);
        await _lake.EnergyAsync(
            ("ALPHA", "ALPHA1", SunnyDays.Hour(First, 19), evening), ("ALPHA", "ALPHA1", SunnyDays.Hour(First, 20), evening),
            ("ALPHA", "ALPHA1", SunnyDays.Hour(First, 21), evening * 11 / 12));

        await RunAsync();

        Assert.Equal(["4 FROZEN_EVENING"], await _lake.RowsAsync(
            "SELECT frozen_hours, quality_issues FROM iceberg.silver.clean_daily_energy"));
    }

    [Fact]
    public async Task A_changed_hour_touches_the_days_that_look_at_it_and_no_other()
    {
        await Days.WeatherAsync("ALPHA", First, 50);
        await Days.EnergyAsync("ALPHA", First, 50, (_, _) => 1);
        await RunAsync();
        await _lake.EnergyAsync(("ALPHA", "ALPHA1", SunnyDays.Hour(First.AddDays(9), 12), 30));

        await RunAsync();

        var touched = await _lake.RowsAsync(
            """
            SELECT CAST(min(network_date) AS VARCHAR), max(network_date) <= DATE '2025-02-09'
            FROM iceberg.silver.clean_daily_energy WHERE updated_at > (SELECT min(updated_at) FROM iceberg.silver.clean_daily_energy)
            """);
        // From three days before the tenth to 30 days after it, and of these only the rows whose figures changed.
        Assert.Equal("true", touched[0].Split(' ')[1]);
        Assert.True(string.CompareOrdinal(touched[0], "2025-01-07") >= 0, touched[0]);
        Assert.Null((await _lake.SilverAsync("daily_energy", ModelMode.Full)).SnapshotId);
    }

    private async Task<string[]> IssuesAsync(string farm, string where, params string[] among) =>
        [.. (await _lake.RowsAsync(
            $"SELECT quality_issues FROM iceberg.silver.clean_daily_energy WHERE facility_code = '{farm}' AND {where} ORDER BY network_date"))
            .Select(issues => string.Join('|', issues.Split('|').Where(among.Contains)))];

    private async Task RunAsync()
    {
        await _lake.SilverAsync("hourly_weather");
        await _lake.SilverAsync("hourly_energy");
        await _lake.SilverAsync("daily_energy");
    }
}
