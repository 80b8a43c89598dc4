namespace PvLakehouse.Solar.Power;

/// <summary>How warm cells get in the sun. Wind is a <see cref="WindSpeed"/> so that km/h cannot slip in as m/s.</summary>
public static class CellTemperature
{
    /// <summary>Module temperature by a heat balance [°C].</summary>
    /// <param name="planeIrradiance">Irradiance on the module [W/m2].</param>
    /// <param name="airTemperature">Air temperature [°C].</param>
    /// <param name="wind">Wind speed at module height.</param>
    /// <param name="u0">Constant heat loss [W/(m2 K)].</param>
    /// <param name="u1">Heat loss per m/s of wind [W s/(m3 K)].</param>
    /// <remarks>Source: D. Faiman, Progress in Photovoltaics 16 (4), 2008; default losses of IEC 61853-2 as in pvlib.</remarks>
    public static double Faiman(
        double planeIrradiance, double airTemperature, WindSpeed wind, double u0 = 25.0, double u1 = 6.84) =>
        airTemperature + (planeIrradiance / (u0 + (u1 * wind.MetresPerSecond)));

    /// <summary>Cell temperature by Sandia's empirical model [°C].</summary>
    /// <param name="planeIrradiance">Irradiance on the module [W/m2].</param>
    /// <param name="airTemperature">Air temperature [°C].</param>
    /// <param name="wind">Wind speed at 10 m.</param>
    /// <param name="mount">Coefficients of the mounting; open rack with glass and polymer when null.</param>
    /// <remarks>Source: D. L. King et al., SAND2004-3535, 2004, equations 11 and 12.</remarks>
    public static double Sapm(double planeIrradiance, double airTemperature, WindSpeed wind, SapmMount? mount = null)
    {
        var coefficients = mount ?? SapmMount.OpenRackGlassPolymer;
        var back = (planeIrradiance * Math.Exp(coefficients.A + (coefficients.B * wind.MetresPerSecond))) + airTemperature;
        return back + (planeIrradiance / 1000 * coefficients.DeltaT);
    }
}

/// <summary>Coefficients of Sandia's temperature model for one way of mounting.</summary>
/// <param name="A">Heating without wind (a).</param>
/// <param name="B">Effect of wind [s/m] (b).</param>
/// <param name="DeltaT">Cell above module back at 1000 W/m2 [K].</param>
public readonly record struct SapmMount(double A, double B, double DeltaT)
{
    /// <summary>Open rack, glass front and polymer back.</summary>
    public static SapmMount OpenRackGlassPolymer { get; } = new(-3.56, -0.0750, 3);

    /// <summary>Open rack, glass front and back.</summary>
    public static SapmMount OpenRackGlassGlass { get; } = new(-3.47, -0.0594, 3);
}
