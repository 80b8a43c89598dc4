using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Sky;

/// <summary>Irradiance under a sky without clouds.</summary>
public static class ClearSky
{
    /// <summary>Global horizontal irradiance from the sun's height alone [W/m2], 0 below the horizon.</summary>
    /// <param name="apparentZenith">Refraction-corrected zenith angle [°].</param>
    /// <remarks>
    /// Source: B. Haurwitz, Journal of Meteorology 2, 1945, and 3, 1946, with the coefficients 1098 and 0.059 of
    /// M. J. Reno et al., SAND2012-2389, 2012 (older texts print 0.057).
    /// </remarks>
    public static double Haurwitz(double apparentZenith)
    {
        var cosZenith = Math.Cos(Angle.Radians(apparentZenith));
        return cosZenith > 0 ? 1098 * cosZenith * Math.Exp(-0.059 / cosZenith) : 0;
    }

    /// <summary>Global, direct and diffuse irradiance for a turbidity; all 0 below the horizon.</summary>
    /// <param name="apparentZenith">Refraction-corrected zenith angle [°].</param>
    /// <param name="absoluteAirmass">Pressure-corrected airmass; ignored below the horizon.</param>
    /// <param name="linkeTurbidity">Linke turbidity at airmass 2, 1 (pure air) to about 7 (heavy haze).</param>
    /// <param name="altitude">Height above mean sea level [m].</param>
    /// <param name="extraterrestrialNormal">Irradiance on a plane facing the sun above the atmosphere [W/m2].</param>
    /// <remarks>
    /// Source: P. Ineichen and R. Perez, Solar Energy 73 (3), 2002; R. Perez et al., Solar Energy 73 (5), 2002. Without the
    /// enhancement factor exp(0.01 AM^1.8), as pvlib by default, because it misbehaves near the horizon.
    /// </remarks>
    public static Irradiance Ineichen(
        double apparentZenith, double absoluteAirmass, double linkeTurbidity, double altitude, double extraterrestrialNormal)
    {
        var cosZenith = Math.Cos(Angle.Radians(apparentZenith));
        if (!(cosZenith > 0))
        {
            return default;
        }

        var fh1 = Math.Exp(-altitude / 8000);
        var fh2 = Math.Exp(-altitude / 1250);
        var cg1 = (5.09e-5 * altitude) + 0.868;
        var cg2 = (3.92e-5 * altitude) + 0.0387;

        var global = cg1 * extraterrestrialNormal * cosZenith
            * Math.Exp(-cg2 * absoluteAirmass * (fh1 + (fh2 * (linkeTurbidity - 1))));

        // The direct part is the smaller of the paper's beam formula and what leaves a plausible share of diffuse light.
        var beam = extraterrestrialNormal * Math.Max((0.664 + (0.163 / fh1)) * Math.Exp(-0.09 * absoluteAirmass * (linkeTurbidity - 1)), 0);
        var limit = global / cosZenith * Math.Clamp(
            1 - ((0.1 - (0.2 * Math.Exp(-linkeTurbidity))) / (0.1 + (0.882 / fh1))), 0, 1e20);
        var direct = Math.Min(beam, limit);
        return new(global, direct, global - (direct * cosZenith));
    }

    /// <summary>Irradiance for a turbidity with the sun at a position seen from a site, at the site's standard pressure.</summary>
    /// <param name="site">The observer.</param>
    /// <param name="sun">The sun as seen from the site.</param>
    /// <param name="linkeTurbidity">Linke turbidity at airmass 2.</param>
    public static Irradiance Ineichen(Site site, SunPosition sun, double linkeTurbidity)
    {
        if (Refraction.IsHidden(sun))
        {
            return default;
        }

        var zenith = sun.ApparentZenith();
        return zenith >= 90
            ? default
            : Ineichen(
                zenith,
                Airmass.Absolute(Airmass.Relative(zenith), site.StandardPressure),
                linkeTurbidity,
                site.Altitude,
                sun.ExtraterrestrialNormal);
    }
}
