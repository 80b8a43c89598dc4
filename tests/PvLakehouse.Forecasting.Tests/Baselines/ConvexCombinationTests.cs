using PvLakehouse.Forecasting.Baselines;

namespace PvLakehouse.Forecasting.Tests.Baselines;

public sealed class ConvexCombinationTests
{
    [Fact]
    public void The_weight_is_that_of_the_world_it_was_fitted_to()
    {
        // 60 % of the way from climatology to persistence.
        var fitted = ConvexCombination.Fit([(10, 20, 14), (30, 20, 26), (25, 5, 17)]);

        Assert.Equal(0.6, fitted.Weight, precision: 12);
        Assert.Equal(16, fitted.Of(persistence: 20, climatology: 10), precision: 12);
    }

    [Theory]
    [InlineData(0, 10, 20, 1.0)] // the actual value lies beyond persistence
    [InlineData(10, 20, 0, 0.0)] // and beyond climatology
    [InlineData(10, 10, 3, 0.0)] // nothing tells the two apart
    public void The_weight_stays_a_share(double climatology, double persistence, double actual, double weight) =>
        Assert.Equal(weight, ConvexCombination.Fit([(persistence, climatology, actual)]).Weight);
}
