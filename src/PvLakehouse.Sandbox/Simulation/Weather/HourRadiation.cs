using PvLakehouse.Solar;
using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Sandbox.Simulation.Weather;

/// <summary>Radiation over one hour, averaged over the sub-points of <see cref="HourGeometry"/>.</summary>
/// <param name="Direct">Mean direct irradiance on the horizontal [W/m2], with the one decimal that is published.</param>
/// <param name="Diffuse">Mean diffuse irradiance [W/m2], with one decimal.</param>
/// <param name="DirectNormal">Direct irradiance over the mean cosine of the zenith angle [W/m2], as Open-Meteo derives it.</param>
/// <param name="Terrestrial">Mean irradiance on the horizontal above the atmosphere [W/m2].</param>
/// <param name="SunshineSeconds">Time with more than 120 W/m2 of direct normal irradiance [s], the definition of the WMO.</param>
internal readonly record struct HourRadiation(
    double Direct, double Diffuse, double DirectNormal, double Terrestrial, double SunshineSeconds)
{
    private const double SunshineThreshold = 120;

    /// <summary>Mean global irradiance [W/m2]: exactly the sum of the two parts as published.</summary>
    internal double Shortwave => Math.Round(Direct + Diffuse, 1);

    /// <summary>The radiation of the hour between two states.</summary>
    /// <param name="site">The cell's centre.</param>
    /// <param name="startSeconds">Start of the hour [s since 1970-01-01T00:00Z].</param>
    /// <param name="start">The weather at the start of the hour.</param>
    /// <param name="end">The weather at its end.</param>
    internal static HourRadiation Between(Site site, double startSeconds, WeatherState start, WeatherState end)
    {
        const int Points = HourGeometry.SubPoints;
        var (direct, diffuse, terrestrial, cosines, sunny) = (0.0, 0.0, 0.0, 0.0, 0);
        for (var i = 0; i < Points; i++)
        {
            var share = (i + 0.5) / Points;
            var sun = AlmanacSun.At(site, startSeconds + (share * 3600));
            if (sun.Up <= 0)
            {
                continue;
            }

            var clouds = CloudLayers.Between(start.Clouds, end.Clouds, share);
            var clear = ClearSky.Ineichen(site, sun, start.Turbidity + ((end.Turbidity - start.Turbidity) * share));
            var sky = CloudySky.Under(clear, sun.Up, clouds, shading: clouds);
            direct += sky.DirectNormal * sun.Up;
            diffuse += sky.Diffuse;
            cosines += sun.Up;
            terrestrial += sun.ExtraterrestrialHorizontal;
            sunny += sky.DirectNormal > SunshineThreshold ? 1 : 0;
        }

        var published = Math.Round(direct / Points, 1);
        return new(
            published,
            Math.Round(diffuse / Points, 1),
            cosines > 0 ? published * Points / cosines : 0,
            terrestrial / Points,
            sunny * 3600.0 / Points);
    }
}
