using PvLakehouse.Solar.Sky;

namespace PvLakehouse.Sandbox.Simulation.Weather;

/// <summary>What clouds leave of the clear-sky irradiance.</summary>
internal static class CloudySky
{
    // How much of the beam a layer takes where it stands before the sun, and which share of what it takes comes down as diffuse light.
    private const double LowOpacity = 0.97;
    private const double MidOpacity = 0.72;
    private const double HighOpacity = 0.28;
    private const double Scattered = 0.40;

    /// <summary>Irradiance under cloud layers.</summary>
    /// <param name="clear">Irradiance without clouds.</param>
    /// <param name="cosZenith">Cosine of the zenith angle, above 0.</param>
    /// <param name="clouds">Share of the sky each layer covers.</param>
    /// <param name="shading">Share of the sun's disc behind each layer: the covers themselves for the mean over a grid cell.</param>
    internal static Irradiance Under(Irradiance clear, double cosZenith, CloudLayers clouds, CloudLayers shading)
    {
        var diffuse = (clear.Diffuse * (1 - (0.5 * clouds.Low * clouds.Low)))
            + (Scattered * clear.DirectNormal * cosZenith * (1 - Beam(clouds)) * (1 - (0.5 * clouds.Low * clouds.Low * clouds.Low)));
        var direct = clear.DirectNormal * Beam(shading);
        return new((direct * cosZenith) + diffuse, direct, diffuse);
    }

    private static double Beam(CloudLayers shading) =>
        (1 - (LowOpacity * shading.Low)) * (1 - (MidOpacity * shading.Mid)) * (1 - (HighOpacity * shading.High));
}
