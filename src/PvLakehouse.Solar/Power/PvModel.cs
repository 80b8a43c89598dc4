using PvLakehouse.Solar.Plane;
using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;

namespace PvLakehouse.Solar.Power;

/// <summary>From sun and weather to AC power: Hay-Davies plane irradiance, Faiman temperature, PVWatts power. Immutable.</summary>
/// <param name="system">The farm.</param>
public sealed class PvModel(PvSystem system)
{
    // DC power, after losses, at which the AC limit is reached.
    private readonly double _dcLimit = system.CapacityAcMw / system.InverterEfficiency;

    /// <summary>The farm that is modelled.</summary>
    public PvSystem System { get; } = system;

    /// <summary>The farm's state at one moment.</summary>
    /// <param name="sun">The sun seen from the farm.</param>
    /// <param name="irradiance">Irradiance on the ground [W/m2].</param>
    /// <param name="airTemperature">Air temperature [°C].</param>
    /// <param name="wind">Wind speed.</param>
    public PvState At(SunPosition sun, Irradiance irradiance, double airTemperature, WindSpeed wind)
    {
        var surface = System.Mounting.SurfaceFor(sun);
        var plane = Transposition.HayDavies(surface, sun, irradiance, System.Albedo).Global;
        var cell = CellTemperature.Faiman(plane, airTemperature, wind);
        var dc = PvWatts.Dc(plane, cell, System.CapacityDcMw, System.TemperatureCoefficient) * (1 - System.Loss);
        return new(plane, cell, dc, PvWatts.Ac(dc, _dcLimit, System.InverterEfficiency));
    }

    /// <summary>AC power at many moments [MW], in their order; no allocation.</summary>
    /// <param name="sun">The sun seen from the farm. Length n.</param>
    /// <param name="irradiance">Irradiance on the ground [W/m2]. Length n.</param>
    /// <param name="airTemperature">Air temperature [°C]. Length n.</param>
    /// <param name="wind">Wind speed. Length n.</param>
    /// <param name="acPowerMw">Receives the power [MW], 0 to the AC capacity. Length n.</param>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    public void AcPower(
        ReadOnlySpan<SunPosition> sun,
        ReadOnlySpan<Irradiance> irradiance,
        ReadOnlySpan<double> airTemperature,
        ReadOnlySpan<WindSpeed> wind,
        Span<double> acPowerMw)
    {
        Require.SameLength(sun.Length, irradiance.Length, nameof(irradiance));
        Require.SameLength(sun.Length, airTemperature.Length, nameof(airTemperature));
        Require.SameLength(sun.Length, wind.Length, nameof(wind));
        Require.SameLength(sun.Length, acPowerMw.Length, nameof(acPowerMw));
        for (var i = 0; i < sun.Length; i++)
        {
            acPowerMw[i] = At(sun[i], irradiance[i], airTemperature[i], wind[i]).AcPowerMw;
        }
    }
}

/// <summary>A farm at one moment.</summary>
/// <param name="PlaneIrradiance">Irradiance on the modules [W/m2].</param>
/// <param name="CellTemperature">Cell temperature [°C].</param>
/// <param name="DcPowerMw">Power into the inverters, after losses [MW].</param>
/// <param name="AcPowerMw">Power into the grid [MW], 0 to the AC capacity.</param>
public readonly record struct PvState(double PlaneIrradiance, double CellTemperature, double DcPowerMw, double AcPowerMw);
