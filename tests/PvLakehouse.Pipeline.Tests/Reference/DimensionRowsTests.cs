using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Gold;

namespace PvLakehouse.Pipeline.Tests.Reference;

public sealed class DimensionRowsTests
{
    [Fact]
    public void A_day_knows_its_week_season_and_holiday()
    {
        var row = Row(DimDate.Contract, DimDate.Rows(2024, 2024).Single(row => row[0] is 20240610));

        // 10 June 2024: Monday of ISO week 24, King's Birthday outside Queensland and Western Australia.
        Assert.Equal(new DateOnly(2024, 6, 10), row["full_date"]);
        Assert.Equal("2024-06", row["year_month"]);
        Assert.Equal(24, row["week"]);
        Assert.Equal(1, row["day_of_week"]);
        Assert.Equal("Winter", row["season"]);
        Assert.Equal(false, row["is_holiday"]);
        Assert.Equal("King's Birthday", row["holiday_name"]);
        Assert.Equal("ACT|NSW|NT|SA|TAS|VIC", row["holiday_states"]);
    }

    [Fact]
    public void A_leap_year_has_366_days_and_an_unknown_member() => Assert.Equal(367, DimDate.Rows(2024, 2024).Count());

    [Theory]
    [InlineData(20241231, 1)] // the last days of 2024 belong to week 1 of 2025
    [InlineData(20240101, 1)]
    public void Weeks_are_those_of_ISO_8601(int key, int week) =>
        Assert.Equal(week, Row(DimDate.Contract, DimDate.Rows(2024, 2024).Single(row => key.Equals(row[0])))["week"]);

    [Theory]
    [InlineData(5, "Night", false)]
    [InlineData(6, "Morning", false)]
    [InlineData(10, "Morning", true)]
    [InlineData(15, "Afternoon", true)]
    [InlineData(16, "Afternoon", false)]
    [InlineData(17, "Evening", false)]
    [InlineData(21, "Night", false)]
    public void An_hour_knows_its_part_of_the_day(int hour, string part, bool peak)
    {
        var row = Row(DimTime.Contract, DimTime.Rows().Single(row => hour.Equals(row[0])));

        Assert.Equal((part, peak), (row["day_part"], row["is_peak_hour"]));
    }

    [Fact]
    public void Unknown_members_never_meet_a_real_key()
    {
        Assert.Single(DimTime.Rows(), row => row[0] is DimTime.Unknown);
        Assert.Single(DimDate.Rows(2024, 2024), row => row[0] is DimDate.Unknown);
        Assert.Single(DimAqiCategory.Rows(), row => row[0] is DimAqiCategory.Unknown);
    }

    private static Dictionary<string, object?> Row(TableContract contract, object?[] values) =>
        contract.Columns.Select(column => column.Name).Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
}
