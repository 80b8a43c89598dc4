using PvLakehouse.Sandbox.OpenMeteo;

namespace PvLakehouse.Sandbox.Tests.Plans;

public sealed class CallWeightTests
{
    // Source: the worked examples of Open-Meteo's pricing page.
    [Theory]
    [InlineData(21, 1, 31, 4.65)]
    [InlineData(9, 1, 14, 1)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(15, 1, 7, 1.5)]
    [InlineData(10, 1, 28, 2)]
    [InlineData(5, 4, 14, 2)]
    public void A_call_weighs_by_variables_models_and_fortnights(int variables, int models, int days, double weight) =>
        Assert.Equal(weight, CallWeight.Of(variables, models, days), 9);
}
