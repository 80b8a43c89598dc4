using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Solar;

/// <summary>The sun over one hour at a site: what an hourly mean or sum must be compared with.</summary>
/// <remarks>
/// Taken at the middles of twelve 5-minute sub-intervals, never at the label of the hour: around sunrise a single instant is wrong by
/// the whole value.
/// </remarks>
/// <param name="Hour">The hour [Hour, Hour + 1 h).</param>
/// <param name="MeanCosZenith">Mean cosine of the geometric zenith angle, the sun below the horizon counted as 0.</param>
/// <param name="MinElevation">Lowest geometric elevation of the sub-points [°].</param>
/// <param name="MeanElevation">Mean geometric elevation [°].</param>
/// <param name="MaxElevation">Highest geometric elevation of the sub-points [°].</param>
public readonly record struct HourGeometry(
    UtcHour Hour, double MeanCosZenith, double MinElevation, double MeanElevation, double MaxElevation)
{
    /// <summary>Number of sub-points per hour.</summary>
    public const int SubPoints = 12;

    /// <summary>Mean irradiance on a horizontal plane above the atmosphere [W/m2].</summary>
    public double ExtraterrestrialHorizontal { get; private init; }

    /// <summary>Mean irradiance on a plane facing the sun above the atmosphere [W/m2], day or night.</summary>
    public double ExtraterrestrialNormal { get; private init; }

    /// <summary>Mean clear-sky global horizontal irradiance [W/m2] after Haurwitz.</summary>
    public double ClearSkyGlobal { get; private init; }

    /// <summary>Whether the sun's centre stays below an elevation at all sub-points.</summary>
    /// <param name="elevation">Elevation [°]; the default -1 leaves out twilight power and refraction.</param>
    public bool IsNight(double elevation = -1) => MaxElevation < elevation;

    /// <summary>The geometry of one hour.</summary>
    public static HourGeometry Of(Site site, UtcHour hour) => Of(new HourSun(site).At(hour));

    /// <summary>The geometry of an hour whose sun is known.</summary>
    public static HourGeometry Of(HourSun sun)
    {
        var (cosZenith, elevations, horizontal, normal, clear) = (0.0, 0.0, 0.0, 0.0, 0.0);
        var (low, high) = (90.0, -90.0);
        foreach (var position in sun.Positions)
        {
            var elevation = position.Elevation;
            low = Math.Min(low, elevation);
            high = Math.Max(high, elevation);
            elevations += elevation;
            cosZenith += Math.Max(position.Up, 0);
            horizontal += position.ExtraterrestrialHorizontal;
            normal += position.ExtraterrestrialNormal;
            clear += Refraction.IsHidden(position) ? 0 : ClearSky.Haurwitz(90 - elevation - Refraction.Lift(elevation));
        }

        return new(sun.Hour, cosZenith / SubPoints, low, elevations / SubPoints, high)
        {
            ExtraterrestrialHorizontal = horizontal / SubPoints,
            ExtraterrestrialNormal = normal / SubPoints,
            ClearSkyGlobal = clear / SubPoints,
        };
    }

    /// <summary>The geometry of consecutive hours.</summary>
    /// <param name="site">The observer.</param>
    /// <param name="first">The first hour.</param>
    /// <param name="hours">Receives one value per hour. Any length.</param>
    public static void Of(Site site, UtcHour first, Span<HourGeometry> hours)
    {
        var sun = new HourSun(site);
        for (var i = 0; i < hours.Length; i++)
        {
            hours[i] = Of(sun.At(first.AddHours(i)));
        }
    }
}
