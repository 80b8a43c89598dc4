namespace PvLakehouse.Solar.Sky;

/// <summary>How much air the sunlight crosses, as multiples of the vertical path.</summary>
public static class Airmass
{
    /// <summary>Relative optical airmass, 1 overhead to 38 at the horizon; NaN below it.</summary>
    /// <param name="apparentZenith">Refraction-corrected zenith angle [°].</param>
    /// <remarks>Source: F. Kasten and A. T. Young, Applied Optics 28 (22), 1989; <c>kastenyoung1989</c> in pvlib.</remarks>
    public static double Relative(double apparentZenith) =>
        apparentZenith is >= 0 and <= 90
            ? 1 / (Math.Cos(Angle.Radians(apparentZenith)) + (0.50572 * Math.Pow(96.07995 - apparentZenith, -1.6364)))
            : double.NaN;

    /// <summary>Absolute airmass: relative airmass scaled by the weight of the air above the site.</summary>
    /// <param name="relative">Relative airmass.</param>
    /// <param name="pressure">Air pressure at the site [hPa].</param>
    public static double Absolute(double relative, double pressure) => relative * pressure / 1013.25;

    /// <summary>Pressure of the standard atmosphere at a height [hPa].</summary>
    /// <param name="altitude">Height above mean sea level [m], below 11,000.</param>
    /// <remarks>Source: US Standard Atmosphere 1976, in the rounded form of pvlib's <c>alt2pres</c>.</remarks>
    public static double StandardPressure(double altitude) => Math.Pow((44331.514 - altitude) / 11880.516, 1 / 0.1902632);
}
