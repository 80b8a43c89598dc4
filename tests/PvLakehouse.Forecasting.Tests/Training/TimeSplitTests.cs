using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tests.Training;

/// <summary>Time is cut in order, with gaps.</summary>
public sealed class TimeSplitTests
{
    [Fact]
    public void A_hundred_days_are_cut_at_70_and_85()
    {
        var hours = Enumerable.Range(0, 101).Select(day => Hours.Of(0.5, days: day)).ToArray();

        var split = TimeSplit.Of(hours);

        // From 1 January 02:00 on, 70 and 85 days later, at midnight.
        Assert.Equal(new(2025, 3, 12, 0, 0, 0, TimeSpan.Zero), split.ValidationFrom);
        Assert.Equal(new(2025, 3, 27, 0, 0, 0, TimeSpan.Zero), split.TestFrom);
    }

    [Fact]
    public void Of_many_days_only_the_newest_are_kept_from_learning()
    {
        var hours = Enumerable.Range(0, 401).Select(day => Hours.Of(0.5, days: day)).ToArray();

        var split = TimeSplit.Newest(hours, mostDays: 28);

        // From 1 January 2025 02:00 on, 344 and 372 of 400 days later, at midnight.
        Assert.Equal(new(2025, 12, 11, 0, 0, 0, TimeSpan.Zero), split.ValidationFrom);
        Assert.Equal(new(2026, 1, 8, 0, 0, 0, TimeSpan.Zero), split.TestFrom);
        // 28 days are more than 15 % of a hundred.
        Assert.Equal(TimeSplit.Of(hours[..101]), TimeSplit.Newest(hours[..101], mostDays: 28));
        Assert.Contains("no row", Assert.Throws<ForecastingException>(() => TimeSplit.Newest([], 28)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_is_issued_in_one_stretch_and_for_another_is_in_neither()
    {
        var split = new TimeSplit(Hours.Noon.AddDays(10), Hours.Noon.AddDays(20), TimeSpan.FromDays(2));

        // The hour before noon of day 10 ends when training does; one day later it does not.
        Assert.True(split.IsTraining(Hours.Of(0.5, days: 10 - (1 / 24.0))));
        Assert.False(split.IsTraining(Hours.Of(0.5, days: 10)));
        // Issued in the gap.
        Assert.False(split.IsValidation(Hours.Of(0.5, days: 12, lead: 24)));
        Assert.True(split.IsValidation(Hours.Of(0.5, days: 13, lead: 24)));
        // Issued in validation for an hour of the test.
        var across = Hours.Of(0.5, days: 20, lead: 24);
        Assert.False(split.IsValidation(across) || split.IsTest(across));
        Assert.True(split.IsTest(Hours.Of(0.5, days: 23, lead: 24)));
    }

    [Fact]
    public void Too_few_days_are_refused()
    {
        var refused = Assert.Throws<ForecastingException>(() => TimeSplit.Of([Hours.Of(0.5), Hours.Of(0.5, days: 12)]));

        Assert.Contains("span 12 days; expected 20 or more", refused.Message, StringComparison.Ordinal);
        Assert.Contains("no row", Assert.Throws<ForecastingException>(() => TimeSplit.Of([])).Message, StringComparison.Ordinal);
    }
}
