namespace PvLakehouse.Solar.Sky;

/// <summary>Relations between temperature, dew point and humidity by the Magnus formula.</summary>
/// <remarks>Source: O. A. Alduchov and R. E. Eskridge, Journal of Applied Meteorology 35, 1996: 17.625 and 243.04 °C.</remarks>
public static class Humidity
{
    private const double A = 17.625;
    private const double B = 243.04;

    /// <summary>Relative humidity [%], 0 to 100.</summary>
    /// <param name="temperature">Air temperature [°C].</param>
    /// <param name="dewPoint">Dew point [°C]; above the temperature counts as saturated.</param>
    public static double Relative(double temperature, double dewPoint) =>
        Math.Min(100, 100 * Math.Exp((A * dewPoint / (B + dewPoint)) - (A * temperature / (B + temperature))));

    /// <summary>Dew point [°C].</summary>
    /// <param name="temperature">Air temperature [°C].</param>
    /// <param name="relativeHumidity">Relative humidity [%], above 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The humidity is outside its range.</exception>
    public static double DewPoint(double temperature, double relativeHumidity)
    {
        Require.InRange(relativeHumidity, double.Epsilon, 100);
        var gamma = Math.Log(relativeHumidity / 100) + (A * temperature / (B + temperature));
        return B * gamma / (A - gamma);
    }

    /// <summary>Wet-bulb temperature at sea-level pressure [°C].</summary>
    /// <param name="temperature">Air temperature [°C], -20 to 50.</param>
    /// <param name="relativeHumidity">Relative humidity [%], 5 to 99.</param>
    /// <remarks>Source: R. Stull, Journal of Applied Meteorology and Climatology 50, 2011; the paper states -1.0 to +0.65 °C.</remarks>
    public static double WetBulb(double temperature, double relativeHumidity) =>
        (temperature * Math.Atan(0.151977 * Math.Sqrt(relativeHumidity + 8.313659)))
        + Math.Atan(temperature + relativeHumidity)
        - Math.Atan(relativeHumidity - 1.676331)
        + (0.00391838 * relativeHumidity * Math.Sqrt(relativeHumidity) * Math.Atan(0.023101 * relativeHumidity))
        - 4.686035;
}
