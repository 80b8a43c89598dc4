using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Tests.Sky;

/// <summary>Expected values: pvlib tests/test_clearsky.py and tests/test_atmosphere.py.</summary>
public sealed class ClearSkyTests
{
    [Theory]
    [InlineData(-20, 0)]
    [InlineData(-0.001, 0)]
    [InlineData(5, 48.6298687941956)]
    [InlineData(10, 135.741748091813)]
    [InlineData(30, 487.894132885425)]
    [InlineData(50, 778.766689344363)]
    [InlineData(90, 1035.09203253450)]
    public void Haurwitz_matches_pvlib(double elevation, double expected) =>
        Assert.Equal(expected, ClearSky.Haurwitz(90 - elevation), 1e-6);

    [Theory]
    [InlineData(82.85457044, 6.97935524, 65.49426624, 321.16092181, 25.54562017)]
    [InlineData(46.0467599, 1.32355476, 704.6968125, 888.90147035, 87.73601277)]
    [InlineData(10.56413562, 0.93527685, 1044.1230677, 953.24925854, 107.03109696)]
    [InlineData(72.41687122, 3.01614096, 251.99427693, 655.44925241, 53.9901349)]
    [InlineData(105.69538659, double.NaN, 0, 0, 0)]
    public void Ineichen_matches_pvlib(double zenith, double airmass, double global, double direct, double diffuse)
    {
        var clear = ClearSky.Ineichen(zenith, airmass, linkeTurbidity: 3, altitude: 0, extraterrestrialNormal: 1364);

        Assert.Equal(global, clear.Global, 1e-6);
        Assert.Equal(direct, clear.DirectNormal, 1e-6);
        Assert.Equal(diffuse, clear.Diffuse, 1e-6);
    }

    [Fact]
    public void Ineichen_at_two_thousand_metres_matches_pvlib()
    {
        var clear = ClearSky.Ineichen(10, 1, 3, 2000, 1364);

        Assert.Equal(1134.24312405, clear.Global, 1e-6);
        Assert.Equal(994.95377835, clear.DirectNormal, 1e-6);
        Assert.Equal(154.40492924, clear.Diffuse, 1e-6);
    }

    [Fact]
    public void Ineichen_from_a_site_uses_apparent_zenith_standard_pressure_and_the_distance_of_the_sun()
    {
        var sun = SunPosition.FromAngles(60, 30, distance: 1.01);
        var apparent = sun.ApparentZenith();
        // Standard pressure at 0 m is (44331.514/11880.516)^(1/0.1902632) = 1013.25 hPa: absolute airmass = relative.
        var byHand = ClearSky.Ineichen(apparent, Airmass.Relative(apparent), 3, 0, 1366.1 / (1.01 * 1.01));

        Assert.Equal(byHand.Global, ClearSky.Ineichen(new Site(-35, 147), sun, 3).Global, 0.001);
        Assert.Equal(default, ClearSky.Ineichen(new Site(-35, 147), SunPosition.FromAngles(95, 30), 3));
    }

    [Theory]
    [InlineData(0, 1.000)]
    [InlineData(80, 5.586)]
    [InlineData(89.9, 36.467)]
    public void Relative_airmass_matches_pvlib(double zenith, double expected) =>
        Assert.Equal(expected, Airmass.Relative(zenith), 0.001);

    [Fact]
    public void Below_the_horizon_there_is_no_airmass() => Assert.True(double.IsNaN(Airmass.Relative(90.1)));

    [Fact]
    public void Standard_pressure_of_two_heights_is_that_of_the_1976_atmosphere()
    {
        // US Standard Atmosphere 1976: 1013.25 hPa at 0 m, 898.76 hPa at 1000 m.
        Assert.Equal(1013.25, Airmass.StandardPressure(0), 0.05);
        Assert.Equal(898.76, Airmass.StandardPressure(1000), 0.2);
    }
}
