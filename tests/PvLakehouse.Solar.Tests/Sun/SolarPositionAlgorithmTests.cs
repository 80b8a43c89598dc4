using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Tests.Sun;

/// <summary>Expected values: the worked example of NREL/TP-560-34302, table A5.1 and text, at Golden, Colorado.</summary>
public sealed class SolarPositionAlgorithmTests
{
    private static readonly Site Golden = new(39.742476, -105.1786, 1830.14);
    private static readonly DateTimeOffset Instant = new(2003, 10, 17, 12, 30, 30, TimeSpan.FromHours(-7));

    [Fact]
    public void Worked_example_of_the_report_gives_its_zenith_and_azimuth()
    {
        var sun = SolarPositionAlgorithm.At(Golden, Instant, deltaT: 67);

        Assert.Equal(50.11162, sun.ApparentZenith(pressure: 820, temperature: 11), 5);
        Assert.Equal(194.34024, sun.Azimuth, 5);
        Assert.Equal(39.872046, sun.Elevation, 6);
        Assert.Equal(39.888378, sun.ApparentElevation(820, 11), 6);
    }

    [Fact]
    public void Worked_example_of_the_report_gives_its_intermediate_values()
    {
        var sun = GeocentricSun.At(Instant, 67);

        Assert.Equal(24.0182616917, sun.HeliocentricLongitude, 9);
        Assert.Equal(-0.0001011219, sun.HeliocentricLatitude, 9);
        Assert.Equal(0.9965422974, sun.Radius, 9);
        Assert.Equal(-0.00399840, sun.NutationLongitude, 8);
        Assert.Equal(0.00166657, sun.NutationObliquity, 8);
        Assert.Equal(23.440465, sun.Obliquity, 6);
        Assert.Equal(204.0085519281, sun.ApparentLongitude, 8);
        Assert.Equal(202.227408, sun.RightAscension, 5);
        Assert.Equal(-9.31434, sun.Declination, 5);
        Assert.Equal(318.511910, sun.SiderealTime, 5);
    }

    /// <summary>pvlib's test of the day after, tests/test_solarposition.py (rows there carry a label of local time).</summary>
    [Fact]
    public void The_next_day_the_sun_stands_lower_and_further_east()
    {
        var sun = SolarPositionAlgorithm.At(Golden, Instant.AddDays(1), deltaT: 67);

        Assert.Equal(39.505196, sun.Elevation, 1e-5);
        Assert.Equal(194.311132, sun.Azimuth, 1e-4);
    }
}
