namespace PvLakehouse.Solar.Power;

/// <summary>The power chain of NREL's PVWatts: modules, losses, inverter.</summary>
/// <remarks>Source: A. P. Dobos, "PVWatts version 5 manual", NREL/TP-6A20-62641, 2014.</remarks>
public static class PvWatts
{
    /// <summary>Efficiency of the reference inverter that the part-load curve was measured on.</summary>
    public const double ReferenceEfficiency = 0.9637;

    /// <summary>
    /// The manual's default loss as a fraction, 0.1408: soiling 2, shading 3, mismatch 2, wiring 2, connections 0.5, light-induced
    /// degradation 1.5, nameplate 1, availability 3 [%].
    /// </summary>
    public static double DefaultLoss { get; } = CombinedLoss([2, 3, 2, 2, 0.5, 1.5, 1, 3]);

    /// <summary>One fraction from many losses that act one after the other.</summary>
    /// <param name="percentages">The losses [%], each 0 to 100.</param>
    public static double CombinedLoss(ReadOnlySpan<double> percentages)
    {
        var kept = 1.0;
        foreach (var loss in percentages)
        {
            kept *= 1 - (Require.InRange(loss, 0, 100, nameof(percentages)) / 100);
        }

        return 1 - kept;
    }

    /// <summary>Power of the modules, in the unit of the capacity.</summary>
    /// <param name="planeIrradiance">Irradiance on the modules [W/m2].</param>
    /// <param name="cellTemperature">Cell temperature [°C].</param>
    /// <param name="capacity">Power at 1000 W/m2 and 25 °C.</param>
    /// <param name="temperatureCoefficient">Change of power per kelvin [1/K], about -0.0035.</param>
    public static double Dc(double planeIrradiance, double cellTemperature, double capacity, double temperatureCoefficient) =>
        planeIrradiance / 1000 * capacity * (1 + (temperatureCoefficient * (cellTemperature - 25)));

    /// <summary>Power after the inverter, in the unit of the input: never negative, clipped at efficiency times its DC limit.</summary>
    /// <param name="dc">Power into the inverter.</param>
    /// <param name="dcLimit">DC power at which the inverter reaches its AC limit.</param>
    /// <param name="nominalEfficiency">Efficiency at the limit, 0 to 1.</param>
    public static double Ac(double dc, double dcLimit, double nominalEfficiency)
    {
        if (!(dc > 0))
        {
            return double.IsNaN(dc) ? double.NaN : 0;
        }

        var load = dc / dcLimit;
        var efficiency = nominalEfficiency / ReferenceEfficiency * ((-0.0162 * load) - (0.0059 / load) + 0.9858);
        return Math.Clamp(efficiency * dc, 0, nominalEfficiency * dcLimit);
    }
}
