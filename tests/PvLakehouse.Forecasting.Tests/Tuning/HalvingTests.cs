using PvLakehouse.Forecasting.Tuning;

namespace PvLakehouse.Forecasting.Tests.Tuning;

/// <summary>How many candidates get how much.</summary>
public sealed class HalvingTests
{
    // Table 1 of Li et al. 2018 has 81, 27, 9, 3, 1 for a bracket of 81, of which the first four count here: with less than a 27th nobody is judged.
    [Theory]
    [InlineData(81, "81/27 27/9 9/3 3/1")]
    [InlineData(27, "27/27 9/9 3/3 1/1")]
    [InlineData(10, "10/9 3/3 1/1")]
    [InlineData(2, "2/1")]
    public void A_third_goes_on_with_three_times_as_much(int candidates, string rungs) =>
        Assert.Equal(rungs, string.Join(' ', Halving.Of(candidates).Select(rung => $"{rung.Candidates}/{Math.Round(1 / rung.Share, 9)}")));
}
