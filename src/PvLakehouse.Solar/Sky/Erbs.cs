using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Sky;

/// <summary>Splits global irradiance into its direct and diffuse parts by the clearness of the sky.</summary>
/// <remarks>Source: D. G. Erbs, S. A. Klein and J. A. Duffie, Solar Energy 28 (4), 1982; <c>erbs</c> in pvlib.</remarks>
public static class Erbs
{
    // Near the horizon the ratio to the extraterrestrial value loses its meaning; the limits are pvlib's.
    private const double MinimumCosZenith = 0.065;
    private static readonly double LowestCosZenith = Math.Cos(Angle.Radians(87));

    /// <summary>Share of diffuse light in global irradiance for a clearness index, 0.165 to 1.</summary>
    /// <param name="clearness">Global over extraterrestrial horizontal irradiance, 0 to 1.</param>
    public static double DiffuseFraction(double clearness) => clearness switch
    {
        <= 0.22 => 1 - (0.09 * clearness),
        <= 0.80 => 0.9511 + (clearness * (-0.1604 + (clearness * (4.388 + (clearness * (-16.638 + (12.336 * clearness))))))),
        _ => 0.165,
    };

    /// <summary>The parts of a global irradiance; all diffuse when the sun is below 3° of elevation.</summary>
    /// <param name="global">Global horizontal irradiance [W/m2].</param>
    /// <param name="sun">The sun at that moment.</param>
    public static Irradiance Split(double global, SunPosition sun)
    {
        var clearness = Math.Clamp(global / (sun.ExtraterrestrialNormal * Math.Max(sun.Up, MinimumCosZenith)), 0, 1);
        var diffuse = global * DiffuseFraction(clearness);
        return sun.Up < LowestCosZenith || global <= 0
            ? new(global, 0, global)
            : new(global, (global - diffuse) / sun.Up, diffuse);
    }
}
