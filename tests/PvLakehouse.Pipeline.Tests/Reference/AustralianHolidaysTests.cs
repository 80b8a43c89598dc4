using PvLakehouse.Pipeline.Reference;

namespace PvLakehouse.Pipeline.Tests.Reference;

public sealed class AustralianHolidaysTests
{
    /// <summary>Easter Sundays as tabulated by the Astronomical Society of South Australia.</summary>
    [Theory]
    [InlineData(1961, 4, 2)]
    [InlineData(2000, 4, 23)]
    [InlineData(2008, 3, 23)] // the earliest of our time
    [InlineData(2011, 4, 24)]
    [InlineData(2024, 3, 31)]
    [InlineData(2025, 4, 20)]
    [InlineData(2026, 4, 5)]
    [InlineData(2038, 4, 25)] // the latest possible
    public void Easter_falls_where_the_tables_say(int year, int month, int day) =>
        Assert.Equal(new DateOnly(year, month, day), Easter.Sunday(year));

    /// <summary>Published by the state governments: nsw.gov.au, business.vic.gov.au, qld.gov.au, commerce.wa.gov.au, safework.sa.gov.au.</summary>
    [Theory]
    [InlineData("NSW", 2025, "01-01 01-27 04-18 04-19 04-20 04-21 04-25 06-09 10-06 12-25 12-26")]
    [InlineData("VIC", 2024, "01-01 01-26 03-11 03-29 03-30 03-31 04-01 04-25 06-10 09-27 11-05 12-25 12-26")]
    [InlineData("QLD", 2024, "01-01 01-26 03-29 03-30 03-31 04-01 04-25 05-06 10-07 12-25 12-26")]
    [InlineData("WA", 2024, "01-01 01-26 03-04 03-29 03-31 04-01 04-25 06-03 09-23 12-25 12-26")]
    [InlineData("WA", 2025, "01-01 01-27 03-03 04-18 04-20 04-21 04-25 06-02 09-29 12-25 12-26")]
    [InlineData("SA", 2024, "01-01 01-26 03-11 03-29 03-30 03-31 04-01 04-25 06-10 10-07 12-25 12-26")]
    public void A_state_keeps_the_days_that_its_government_published(string state, int year, string days)
    {
        var found = AustralianHolidays.Of(year)
            .Where(holiday => holiday.States.Contains(state))
            .Select(holiday => holiday.Date.ToString("MM-dd", System.Globalization.CultureInfo.InvariantCulture))
            .Distinct();

        Assert.Equal(days, string.Join(' ', found));
    }

    [Fact]
    public void A_weekend_Christmas_brings_two_additional_days()
    {
        // 25 December 2021 was a Saturday: Monday 27 and Tuesday 28 were additional days in every state.
        var found = AustralianHolidays.Of(2021).Where(holiday => holiday is { Date: { Month: 12 }, IsNational: true });

        Assert.Equal([25, 26, 27, 28], found.Select(holiday => holiday.Date.Day));
    }

    [Fact]
    public void Australia_Day_on_a_Sunday_is_kept_on_Monday_only()
    {
        var found = AustralianHolidays.Of(2025).Where(holiday => holiday.Date.Month == 1 && holiday.Date.Day > 1);

        Assert.Equal([new DateOnly(2025, 1, 27)], found.Select(holiday => holiday.Date));
    }
}
