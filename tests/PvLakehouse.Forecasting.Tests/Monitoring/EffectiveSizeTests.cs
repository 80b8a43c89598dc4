using PvLakehouse.Forecasting.Monitoring;

namespace PvLakehouse.Forecasting.Tests.Monitoring;

public sealed class EffectiveSizeTests
{
    private static readonly DateOnly First = new(2025, 1, 1);

    [Fact]
    public void Days_that_remember_the_day_before_count_less()
    {
        // Deviations -1 -1 1 1: variance 1, products of neighbours 1 -1 1 with the mean 1/3: (1 - 1/3) / (1 + 1/3) = 1/2.
        var size = Of(Days(4), [4, 4, 6, 6]);

        Assert.Equal(0.5, size.Share, 12);
        Assert.Equal(14, size.Of(28), 12);
        Assert.Equal(1, size.Of(1));
    }

    [Fact]
    public void What_differs_within_the_day_counts_in_favour()
    {
        // Hours of 0 and 4 around the means of days: variance 1 + 4 against 1, so 5 / 2, but days are the most that is counted.
        var days = Days(4).SelectMany(day => (DateOnly[])[day, day]);

        Assert.Equal(1, Of(days, [2, 6, 2, 6, 4, 8, 4, 8]).Share);
        // Hours of 0.5 around them: (1 + 0.25) / 2.
        Assert.Equal(0.625, Of(days, [3.5, 4.5, 3.5, 4.5, 5.5, 6.5, 5.5, 6.5]).Share, 12);
    }

    [Fact]
    public void Days_that_turn_round_or_never_change_count_as_days()
    {
        Assert.Equal(1, Of(Days(4), [1, 2, 1, 2]).Share);
        Assert.Equal(1, Of(Days(4), [3, 3, 3, 3]).Share);
        // The mean of these is not exactly each of them.
        Assert.Equal(1, Of(Days(7), [.. Enumerable.Repeat(-34.78, 7)]).Share);
        // No day has a neighbour.
        Assert.Equal(1, Of([First, First.AddDays(5)], [1, 2]).Share);
    }

    [Fact]
    public void Farms_differ_for_good_which_says_nothing()
    {
        // The first test's values, and those of a farm that always has 100 more.
        (string, DateOnly, double)[] values =
        [
            .. Days(4).Zip([4.0, 4, 6, 6], (day, value) => ("AVLSF", day, value)),
            .. Days(4).Zip([104.0, 104, 106, 106], (day, value) => ("NYNGAN", day, value)),
        ];

        Assert.Equal(0.5, EffectiveSize.Of(values).Share, 12);
    }

    private static EffectiveSize Of(IEnumerable<DateOnly> days, double[] values) =>
        EffectiveSize.Of([.. days.Zip(values, (day, value) => ("AVLSF", day, value))]);

    private static IEnumerable<DateOnly> Days(int count) => Enumerable.Range(0, count).Select(First.AddDays);
}
