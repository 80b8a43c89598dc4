using System.Globalization;

namespace PvLakehouse.Pipeline.Tests.Models;

/// <summary>Farms whose energy is early or late against the sun, under days that are all alike.</summary>
public sealed class SolarClockTests : IAsyncLifetime
{
    private static readonly DateOnly January = new(2025, 1, 20), February = new(2025, 2, 1);

    private readonly TestLake _lake = new();

    private SunnyDays Days => new(_lake);

    public async ValueTask InitializeAsync()
    {
        await _lake.InitializeAsync();
        await _lake.FacilityAsync("ALPHA", 120, 100);
        await _lake.SilverAsync("facility_master");
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Theory]
    [InlineData(0.0, "")]
    [InlineData(0.1, "")]
    [InlineData(0.5, "CLOCK_SHIFTED")]
    [InlineData(-0.5, "CLOCK_SHIFTED")]
    [InlineData(1.0, "CLOCK_SHIFTED")]
    [InlineData(-1.0, "CLOCK_SHIFTED")]
    public async Task A_month_that_is_early_or_late_is_named_with_its_offset(double late, string issue)
    {
        await Days.WeatherAsync("ALPHA", January, 9);
        await Days.EnergyAsync("ALPHA", January, 9, (_, _) => 1, late);

        await RunAsync();

        var month = (await _lake.RowsAsync(
            "SELECT days_used, noon_offset_h FROM iceberg.silver.solar_clock"))[0].Split(' ');
        Assert.Equal("9", month[0]);
        // The weather's bell and the plane's are not the same curve, and hours that night cuts off are not compared.
        Assert.InRange(double.Parse(month[1], CultureInfo.InvariantCulture), late - 0.15, late + 0.15);
        Assert.Equal([issue], await IssuesAsync("CLOCK_SHIFTED"));
    }

    [Theory]
    // As a clock does that takes daylight saving in, half of it, or none.
    [InlineData(1.0, "CLOCK_SHIFTED|CLOCK_STEP")]
    [InlineData(0.5, "CLOCK_SHIFTED|CLOCK_STEP")]
    [InlineData(0.1, "")]
    public async Task A_clock_that_is_changed_between_two_months_shows_a_step(double step, string issues)
    {
        await Days.WeatherAsync("ALPHA", January, 24);
        await Days.EnergyAsync("ALPHA", January, 12, (_, _) => 1);
        await Days.EnergyAsync("ALPHA", February, 12, (_, _) => 1, step);

        await RunAsync();

        Assert.Equal(["", issues], await IssuesAsync("CLOCK_SHIFTED", "CLOCK_STEP"));
        // The days know on which the change was: a median of a week keeps its edge.
        Assert.Equal(issues.Length == 0 ? ["0 null"] : ["12 2025-02-01"], await _lake.RowsAsync(
            """
            SELECT count(*), CAST(min(network_date) AS VARCHAR) FROM iceberg.silver.clean_daily_energy
            WHERE quality_issues LIKE '%CLOCK_SHIFTED%'
            """));
    }

    [Theory]
    // Late by 0.5 h for nine days; and days between clouds that are late by 0.9 h and early by 0.4 h in turn, whose weekly medians are 0.4 h,
    // with quartiles 0.65 h apart at least: a standard error of 1.2533 x 0.65 / 1.349 / sqrt(7) = 0.23 h.
    [InlineData(0.5, 0.5, 0.5, "CLOCK_SHIFTED")]
    [InlineData(0.9, -0.4, 0.4, "")]
    public async Task A_spell_of_a_few_days_is_told_from_a_cloudy_week(double first, double second, double third, string issue)
    {
        await Days.WeatherAsync("ALPHA", February, 25);
        for (var day = 0; day < 25; day++)
        {
            var late = day is < 8 or > 16 ? 0 : (day % 3) switch { 2 => first, 0 => second, _ => third };
            await Days.EnergyAsync("ALPHA", February.AddDays(day), 1, (_, _) => 1, late);
        }

        await RunAsync();

        Assert.Equal([issue], await IssuesAsync("CLOCK_SHIFTED"));
        Assert.Equal(["true"], await _lake.RowsAsync(
            "SELECT count(*) >= 5 FROM iceberg.silver.clean_daily_energy WHERE abs(clock_offset_h) > 0.25"));
    }

    [Theory]
    // 60 MWh at noon make 516 MWh a day (60 x 2 x 13.5 / pi). Three hours after sunset that repeat 8 MWh are 24 MWh: 4.7 % of the month
    // when it happens every evening, 0.5 % when it happens once in nine.
    [InlineData(9, "DUSK_DAWN_ASYMMETRY")]
    [InlineData(1, "")]
    public async Task Energy_that_is_left_over_in_the_evenings_only_is_named(int evenings, string issue)
    {
        await Days.WeatherAsync("ALPHA", January, 9);
        await Days.EnergyAsync("ALPHA", January, 9, (_, _) => 1);
        await _lake.EnergyAsync([.. Enumerable.Range(0, evenings).SelectMany(day => Enumerable.Range(20, 3).Select(hour =>
            ("ALPHA", "ALPHA1", SunnyDays.Hour(January.AddDays(day), hour), (double?)8)))]);

        await RunAsync();

        Assert.Equal([issue], await IssuesAsync("DUSK_DAWN_ASYMMETRY"));
    }

    [Theory]
    [InlineData(4, "CLOCK_UNKNOWN")]
    [InlineData(5, "")]
    public async Task Four_days_are_too_few_to_tell(int days, string issue)
    {
        await Days.WeatherAsync("ALPHA", January, days);
        await Days.EnergyAsync("ALPHA", January, days, (_, _) => 1, late: 1);

        await RunAsync();

        Assert.Equal([issue], await IssuesAsync("CLOCK_UNKNOWN"));
    }

    private async Task<string[]> IssuesAsync(params string[] among) =>
        [.. (await _lake.RowsAsync("SELECT quality_issues FROM iceberg.silver.solar_clock ORDER BY month"))
            .Select(issues => string.Join('|', issues.Split('|').Where(among.Contains)))];

    private async Task RunAsync()
    {
        foreach (var dataset in new[] { "hourly_weather", "hourly_energy", "daily_energy", "solar_clock" })
        {
            await _lake.SilverAsync(dataset);
        }
    }
}
