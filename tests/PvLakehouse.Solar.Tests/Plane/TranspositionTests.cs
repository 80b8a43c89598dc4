using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Tests.Plane;

/// <summary>Expected values: pvlib tests/test_irradiance.py (Arizona, 24 June 2014, plane tilted 40° to the south).</summary>
public sealed class TranspositionTests
{
    private static readonly Surface Plane = Surface.FromAngles(40, 180);

    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(30, 180, 30, 180, 0)]
    [InlineData(30, 180, 150, 0, 180)]
    [InlineData(90, 0, 30, 60, 75.5224878)]
    [InlineData(90, 0, 30, 170, 119.4987042)]
    public void Angle_of_incidence_matches_pvlib(double tilt, double azimuth, double zenith, double sunAzimuth, double expected)
    {
        var cos = Surface.FromAngles(tilt, azimuth).CosIncidence(SunPosition.FromAngles(zenith, sunAzimuth));

        Assert.Equal(expected, Math.Acos(cos) * 180 / Math.PI, 1e-5);
    }

    [Theory]
    [InlineData(79.73860422, 316.1949056, 40.46149818, 82.85457044, 66.71410338, 27.1775)]
    [InlineData(1042.48031487, 939.95469881, 118.45831879, 10.56413562, 144.76567754, 102.9949)]
    [InlineData(257.20751138, 646.22886049, 62.03376265, 72.41687122, 287.04104128, 33.1909)]
    public void Hay_Davies_sky_light_matches_pvlib(
        double global, double direct, double diffuse, double zenith, double azimuth, double expected)
    {
        var sun = SunPosition.FromAngles(zenith, azimuth, Math.Sqrt(SunPosition.SolarConstant / 1321.1655834833093));

        Assert.Equal(expected, Transposition.HayDavies(Plane, sun, new(global, direct, diffuse)).Sky, 1e-4);
    }

    [Theory]
    [InlineData(40.46149818, 35.728402)]
    [InlineData(118.45831879, 104.601328)]
    public void Isotropic_sky_light_matches_pvlib(double diffuse, double expected) =>
        Assert.Equal(
            expected, Transposition.Isotropic(Plane, SunPosition.FromAngles(50, 180), new(0, 0, diffuse)).Sky, 1e-4);

    [Fact]
    public void Ground_light_matches_pvlib() =>
        // get_ground_diffuse(40, 900) with albedo 0.25
        Assert.Equal(
            26.32000014911496,
            Transposition.Isotropic(Plane, SunPosition.FromAngles(50, 180), new(900, 0, 0)).Ground,
            1e-9);

    [Fact]
    public void Beam_is_the_cosine_of_incidence_and_never_negative()
    {
        // Sun in the south at zenith 70°: incidence 30°, 500 x cos 30° = 433.0127
        Assert.Equal(433.0127, Transposition.HayDavies(Plane, SunPosition.FromAngles(70, 180), new(0, 500, 0)).Beam, 1e-4);
        Assert.Equal(0, Transposition.HayDavies(Plane, SunPosition.FromAngles(70, 0), new(0, 500, 0)).Beam);
    }

    [Fact]
    public void A_flat_plane_receives_exactly_the_global_irradiance()
    {
        var sun = SunPosition.FromAngles(55, 20);
        var irradiance = new Irradiance(100 + (700 * sun.Up), 700, 100);

        Assert.Equal(irradiance.Global, Transposition.HayDavies(Surface.Horizontal, sun, irradiance).Global, 1e-9);
        Assert.Equal(irradiance.Global, Transposition.Isotropic(Surface.Horizontal, sun, irradiance).Global, 1e-9);
    }
}
