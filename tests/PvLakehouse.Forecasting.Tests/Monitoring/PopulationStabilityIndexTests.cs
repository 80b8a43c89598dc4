using PvLakehouse.Forecasting.Monitoring;

namespace PvLakehouse.Forecasting.Tests.Monitoring;

public sealed class PopulationStabilityIndexTests
{
    private static readonly double[] OneToTen = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

    [Fact]
    public void Equal_samples_have_none_in_whatever_order()
    {
        Assert.Equal(new(0, 10), PopulationStabilityIndex.Of(OneToTen, [.. OneToTen.Reverse()]));
    }

    [Fact]
    public void All_values_in_the_last_decile_are_far_from_a_tenth_each()
    {
        var index = PopulationStabilityIndex.Of(OneToTen, [.. Enumerable.Repeat(10.0, 10)]);

        // With half a value added to each of 10 bins: earlier 1.5 / 15 = 0.1, recent 0.5 / 15 = 0.03333 nine times and 10.5 / 15 = 0.7.
        // 9 (0.03333 - 0.1) ln(0.33333) + (0.7 - 0.1) ln 7 = 0.659167 + 1.167546.
        Assert.Equal(1.826713, index.Value, precision: 6);
    }

    [Fact]
    public void Deciles_that_coincide_are_one_bin()
    {
        // Seven dry hours of ten: deciles 1 to 7 are 0, then 2 and 4, then the highest, 5.
        double[] earlier = [0, 0, 0, 0, 0, 0, 0, 2, 4, 5];

        var index = PopulationStabilityIndex.Of(earlier, [0, 0, 1, 1, 1, 3, 3, 5, 6, 7]);

        // Bins up to 0, up to 2, up to 4, above: 7 1 1 1 and 2 3 2 3 of 10, each plus a half, of 12.
        // (2.5 - 7.5)/12 ln(2.5/7.5) + (3.5 - 1.5)/12 ln(3.5/1.5) + (2.5 - 1.5)/12 ln(2.5/1.5) + (3.5 - 1.5)/12 ln(3.5/1.5)
        // = 0.457755 + 0.141216 + 0.042569 + 0.141216 = 0.78276.
        Assert.Equal(4, index.Bins);
        Assert.Equal(0.78276, index.Value, precision: 5);
    }

    [Fact]
    public void A_value_that_never_varied_has_one_bin_and_no_index()
    {
        Assert.Equal(new(0, 1), PopulationStabilityIndex.Of([5, 5, 5], [3, 9]));
    }

    // Tables of χ²: 9 degrees 16.919 (5 %) and 27.877 (0.1 %), 3 degrees 16.266 (0.1 %).
    [Theory]
    [InlineData(9, 0.05, 16.919)]
    [InlineData(9, 0.001, 27.877)]
    [InlineData(3, 0.001, 16.266)]
    public void What_chance_exceeds_is_that_of_chi_squared(int degrees, double probability, double expected)
    {
        // 20 and 30 observations: 1/20 + 1/30 = 1/12.
        var chance = new PopulationStabilityIndex(0, degrees + 1).Chance(probability, 20, 30);

        Assert.InRange(chance * 12 / expected, 0.97, 1.03);
    }

    [Fact]
    public void Nothing_cannot_be_compared()
    {
        var error = Assert.Throws<ArgumentException>(() => PopulationStabilityIndex.Of([], [1]));

        Assert.StartsWith("Samples of 0 and 1 values were given", error.Message, StringComparison.Ordinal);
    }
}
