namespace PvLakehouse.Solar.Sun;

/// <summary>How much the atmosphere lifts the sun.</summary>
public static class Refraction
{
    /// <summary>Pressure assumed when none is given [hPa].</summary>
    public const double StandardPressure = 1013.25;

    /// <summary>Air temperature assumed when none is given [°C].</summary>
    public const double StandardTemperature = 12;

    // Below this geometric elevation [°] even the refracted upper limb is hidden: radius of the disc plus refraction at the horizon.
    private const double HiddenBelow = -(0.26667 + 0.5667);
    private static readonly double SinHiddenBelow = Math.Sin(Angle.Radians(HiddenBelow));

    /// <summary>Whether the whole disc is below the horizon, however the atmosphere lifts it: the night, without an angle being computed.</summary>
    internal static bool IsHidden(SunPosition sun) => sun.Up < SinHiddenBelow;

    /// <summary>The correction to add to a geometric elevation [°], 0 when the whole disc is below the horizon.</summary>
    /// <param name="elevation">Geometric elevation of the sun's centre [°].</param>
    /// <param name="pressure">Air pressure at the site [hPa].</param>
    /// <param name="temperature">Air temperature at the site [°C].</param>
    /// <remarks>Source: Reda and Andreas, Solar Energy 76 (5), 2004, equation 42 (after Meeus 1998).</remarks>
    public static double Lift(double elevation, double pressure = StandardPressure, double temperature = StandardTemperature) =>
        elevation < HiddenBelow
            ? 0
            : pressure / 1010 * (283 / (273 + temperature)) * 1.02
                / (60 * Math.Tan(Angle.Radians(elevation + (10.3 / (elevation + 5.11)))));
}
