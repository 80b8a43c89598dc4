using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Tests.Sky;

public sealed class ErbsTests
{
    /// <summary>pvlib tests/test_irradiance.py, test_erbs: 1 January 2019 (extraterrestrial 1413.98) and 20 June (1321.78).</summary>
    [Theory]
    [InlineData(50, 85, 1413.98, 96.7192672, 41.5703604)]
    [InlineData(1000, 10, 1413.98, 794.205651, 217.860117)]
    [InlineData(1000, 10, 1321.78, 842.001578, 170.790318)]
    public void Split_matches_pvlib(double global, double zenith, double extraterrestrial, double direct, double diffuse)
    {
        var sun = SunPosition.FromAngles(zenith, 0, Math.Sqrt(SunPosition.SolarConstant / extraterrestrial));

        var split = Erbs.Split(global, sun);

        Assert.Equal(direct, split.DirectNormal, 0.5);
        Assert.Equal(diffuse, split.Diffuse, 0.5);
        Assert.Equal(global, split.Diffuse + (split.DirectNormal * sun.Up), 1e-9);
    }

    [Theory]
    [InlineData(0.1, 0.991)] // 1 - 0.09 x 0.1
    [InlineData(0.5, 0.65915)] // 0.9511 - 0.0802 + 1.097 - 2.07975 + 0.771
    [InlineData(0.9, 0.165)]
    public void Diffuse_fraction_follows_the_three_branches_of_the_paper(double clearness, double expected) =>
        Assert.Equal(expected, Erbs.DiffuseFraction(clearness), 1e-9);

    [Fact]
    public void Below_three_degrees_everything_counts_as_diffuse() =>
        Assert.Equal(new(20, 0, 20), Erbs.Split(20, SunPosition.FromAngles(88, 0)));
}
