using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Tests.Sun;

public sealed class SunPositionTests
{
    [Theory]
    [InlineData(30, 90)]
    [InlineData(89, 359)]
    [InlineData(120, 200)]
    public void Angles_survive_the_vector(double zenith, double azimuth)
    {
        var sun = SunPosition.FromAngles(zenith, azimuth);

        Assert.Equal(zenith, sun.Zenith, 1e-9);
        Assert.Equal(90 - zenith, sun.Elevation, 1e-9);
        Assert.Equal(azimuth, sun.Azimuth, 1e-9);
    }

    [Fact]
    public void Extraterrestrial_irradiance_falls_with_the_square_of_the_distance()
    {
        // pvlib: dni_extra of 24 June 2014 by its SPA path, 1322.33 W/m2 (tests/test_irradiance.py, nrel method).
        var sun = SolarPositionAlgorithm.At(new(32.2, -111), new DateTimeOffset(2014, 6, 24, 0, 0, 0, TimeSpan.FromHours(-7)), 67);

        Assert.Equal(1322.332316, sun.ExtraterrestrialNormal, 0.01);
    }

    [Fact]
    public void Nothing_reaches_a_horizontal_plane_from_a_sun_below_the_horizon()
    {
        Assert.Equal(0, SunPosition.FromAngles(95, 0).ExtraterrestrialHorizontal);
        // 1366.1 x cos 60° = 683.05
        Assert.Equal(683.05, SunPosition.FromAngles(60, 0).ExtraterrestrialHorizontal, 1e-9);
    }

    [Fact]
    public void Refraction_lifts_the_horizon_by_half_a_degree_and_does_nothing_at_night()
    {
        // 1.02 / (60 tan(10.3/5.11°)) x 1013.25/1010 x 283/285 = 0.4814°
        Assert.Equal(0.4814, Refraction.Lift(0), 0.001);
        Assert.Equal(0, Refraction.Lift(-0.84));
        Assert.True(Refraction.Lift(-0.83) > 0.5);
    }
}
