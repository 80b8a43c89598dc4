using PvLakehouse.Solar.Sky;

namespace PvLakehouse.Solar.Power;

/// <summary>What a farm would deliver under a clear sky: the yardstick of clear-sky persistence.</summary>
public static class ClearSkyEnergy
{
    /// <summary>Linke turbidity of a usual clear day inland, at airmass 2 (Remund et al., Proc. ISES Solar World Congress, 2003: 2.5 to 3.5).</summary>
    public const double LinkeTurbidity = 3;

    /// <summary>Air temperature of the yardstick [°C]; the ratio of a farm to it takes up what the day's own heat changes.</summary>
    public const double AirTemperature = 25;

    private static readonly WindSpeed Wind = WindSpeed.FromMetresPerSecond(2);

    /// <summary>Energy of an hour as a share of what the AC capacity gives in an hour, 0 to 1: mean over the middles of twelve 5 minutes.</summary>
    /// <param name="sun">The sun during the hour.</param>
    /// <param name="model">The farm.</param>
    public static double Share(HourSun sun, PvModel model)
    {
        ArgumentNullException.ThrowIfNull(sun);
        ArgumentNullException.ThrowIfNull(model);
        var power = 0.0;
        foreach (var position in sun.Positions)
        {
            power += model.At(position, ClearSky.Ineichen(sun.Site, position, LinkeTurbidity), AirTemperature, Wind).AcPowerMw;
        }

        return power / sun.Positions.Length / model.System.CapacityAcMw;
    }
}
