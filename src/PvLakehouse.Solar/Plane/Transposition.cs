using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Plane;

/// <summary>From horizontal and direct irradiance to the plane of the modules.</summary>
public static class Transposition
{
    /// <summary>Share of light that bare ground reflects, pvlib's default.</summary>
    public const double DefaultAlbedo = 0.25;

    // Keeps the beam ratio finite at the horizon: the sine of 1°, as in pvlib.
    private const double MinimumCosZenith = 0.01745;

    /// <summary>Light on a plane under a sky that shines equally from everywhere.</summary>
    /// <param name="surface">The plane.</param>
    /// <param name="sun">The sun at that moment.</param>
    /// <param name="irradiance">Irradiance on the ground [W/m2].</param>
    /// <param name="albedo">Share of light the ground reflects, 0 to 1.</param>
    /// <remarks>Source: B. Y. H. Liu and R. C. Jordan, Solar Energy 7 (2), 1963.</remarks>
    public static PlaneIrradiance Isotropic(
        Surface surface, SunPosition sun, Irradiance irradiance, double albedo = DefaultAlbedo) =>
        new(
            Beam(surface, sun, irradiance),
            irradiance.Diffuse * (1 + surface.Up) / 2,
            Reflected(surface, irradiance, albedo));

    /// <summary>Light on a plane under a sky that is brighter around the sun the less air holds the direct light back.</summary>
    /// <param name="surface">The plane.</param>
    /// <param name="sun">The sun at that moment.</param>
    /// <param name="irradiance">Irradiance on the ground [W/m2].</param>
    /// <param name="albedo">Share of light the ground reflects, 0 to 1.</param>
    /// <remarks>Source: J. E. Hay and J. A. Davies, Proc. First Canadian Solar Radiation Data Workshop, 1980.</remarks>
    public static PlaneIrradiance HayDavies(
        Surface surface, SunPosition sun, Irradiance irradiance, double albedo = DefaultAlbedo)
    {
        var anisotropy = irradiance.DirectNormal / sun.ExtraterrestrialNormal;
        var beamRatio = Math.Max(surface.CosIncidence(sun), 0) / Math.Max(sun.Up, MinimumCosZenith);
        var sky = irradiance.Diffuse * ((anisotropy * beamRatio) + ((1 - anisotropy) * (1 + surface.Up) / 2));
        return new(Beam(surface, sun, irradiance), Math.Max(sky, 0), Reflected(surface, irradiance, albedo));
    }

    private static double Beam(Surface surface, SunPosition sun, Irradiance irradiance) =>
        irradiance.DirectNormal * Math.Max(surface.CosIncidence(sun), 0);

    private static double Reflected(Surface surface, Irradiance irradiance, double albedo) =>
        irradiance.Global * albedo * (1 - surface.Up) / 2;
}
