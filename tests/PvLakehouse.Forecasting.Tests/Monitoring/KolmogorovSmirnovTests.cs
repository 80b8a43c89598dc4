using PvLakehouse.Forecasting.Monitoring;

namespace PvLakehouse.Forecasting.Tests.Monitoring;

public sealed class KolmogorovSmirnovTests
{
    [Theory]
    // Below 3 the first sample has 2 of 4, the second none.
    [InlineData(new double[] { 4, 1, 3, 2 }, new double[] { 3, 4, 5, 6 }, 0.5)]
    // Ties: up to 1 there are 2 of 3 and 1 of 3, up to 2 all.
    [InlineData(new double[] { 1, 1, 2 }, new double[] { 1, 2, 2 }, 1 / 3.0)]
    // Nothing in common.
    [InlineData(new double[] { 1, 2 }, new double[] { 7, 8, 9 }, 1)]
    // The same values in another number: no distance.
    [InlineData(new double[] { 1, 2 }, new double[] { 1, 1, 2, 2 }, 0)]
    public void The_distance_is_the_largest_between_the_distribution_functions(double[] first, double[] second, double expected)
    {
        Assert.Equal(expected, KolmogorovSmirnov.Of(first, second).Distance, precision: 12);
        Assert.Equal(expected, KolmogorovSmirnov.Of(second, first).Distance, precision: 12);
    }

    // The documentation of scipy.special.kolmogorov: 1, 0.96394524 and 0.26999967 at 0, 0.5 and 1.
    // Tables of Kolmogorov's distribution: 5 % at 1.3581, 1 % at 1.6276, 0.1 % at 1.9495.
    [Theory]
    [InlineData(0, 1, 1e-8)]
    [InlineData(0.5, 0.96394524, 1e-8)]
    [InlineData(1, 0.26999967, 1e-8)]
    [InlineData(1.3581, 0.05, 1e-5)]
    [InlineData(1.6276, 0.01, 1e-5)]
    [InlineData(1.9495, 0.001, 1e-6)]
    public void The_probability_is_that_of_Kolmogorovs_distribution(double value, double expected, double tolerance)
    {
        Assert.Equal(expected, KolmogorovSmirnov.Tail(value), tolerance);
        // 32 and 32 observations: sqrt(1/32 + 1/32) = 1/4.
        Assert.Equal(expected, new KolmogorovSmirnov(value / 4).Probability(32, 32), tolerance);
    }

    [Fact]
    public void Both_series_agree_where_they_meet()
    {
        Assert.Equal(KolmogorovSmirnov.Tail(1), KolmogorovSmirnov.Tail(Math.BitDecrement(1)), 1e-12);
    }

    [Fact]
    public void What_chance_exceeds_has_that_probability()
    {
        var distance = KolmogorovSmirnov.Chance(0.001, 28, 56);

        // 1.9495 sqrt(1/28 + 1/56).
        Assert.Equal(0.45122, distance, 1e-4);
        Assert.Equal(0.001, new KolmogorovSmirnov(distance).Probability(28, 56), 1e-6);
    }

    [Fact]
    public void Nothing_cannot_be_compared()
    {
        var error = Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.Of([1], []));

        Assert.StartsWith("Samples of 1 and 0 values were given", error.Message, StringComparison.Ordinal);
    }
}
