using PvLakehouse.Solar.Sky;
using PvLakehouse.Solar.Sun;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Solar.Limits;

/// <summary>How much energy a farm can deliver at most in one hour, knowing only where it is and its AC capacity.</summary>
public static class FarmEnergy
{
    /// <summary>DC to AC ratio assumed when none is given: above all of the eight farms whose two capacities are published (1.10 to 1.35).</summary>
    public const double GenerousDcAcRatio = 1.5;

    // Very clean air, light from cloud edges, a meter's tolerance, and the twilight power that a clear-sky model does not know.
    private const double CleanAirTurbidity = 1.8;
    private const double CloudEdgeEnhancement = 1.25;
    private const double MeterTolerance = 1.01;
    private const double TwilightShare = 0.005;

    /// <summary>Upper bound of the energy of an hour [MWh]: a modules-always-face-the-sun farm under a clean sky, clipped at its AC limit.</summary>
    /// <param name="site">The farm's place.</param>
    /// <param name="hour">The hour.</param>
    /// <param name="acCapacityMw">AC capacity [MW].</param>
    /// <param name="dcAcRatio">Module capacity over AC capacity.</param>
    /// <exception cref="ArgumentOutOfRangeException">A capacity or ratio is not a number above 0.</exception>
    public static double UpperBoundMwh(Site site, UtcHour hour, double acCapacityMw, double dcAcRatio = GenerousDcAcRatio)
    {
        Require.InRange(acCapacityMw, double.Epsilon, 100_000);
        return acCapacityMw * UpperBoundShare(new HourSun(site).At(hour), dcAcRatio);
    }

    /// <summary>Upper bound of the energy of an hour as a share of what the AC capacity gives in an hour, 0.005 to 1.015.</summary>
    /// <param name="sun">The sun during the hour.</param>
    /// <param name="dcAcRatio">Module capacity over AC capacity.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is not a number above 0.</exception>
    public static double UpperBoundShare(HourSun sun, double dcAcRatio = GenerousDcAcRatio)
    {
        Require.InRange(dcAcRatio, double.Epsilon, 10);
        var (sum, last) = (0.0, 0.0);
        foreach (var position in sun.Positions)
        {
            last = PowerShare(sun.Site, position, dcAcRatio);
            sum += last;
        }

        // OpenElectricity's hour covers 09:55 to 10:55 when labelled 10:00, so both the hour and the one five minutes earlier are allowed.
        sum += Math.Max(PowerShare(sun.Site, sun.Before, dcAcRatio) - last, 0);
        return (sum / HourGeometry.SubPoints * MeterTolerance) + TwilightShare;
    }

    private static double PowerShare(Site site, SunPosition sun, double dcAcRatio)
    {
        var clear = ClearSky.Ineichen(site, sun, CleanAirTurbidity);
        return Math.Min(1, dcAcRatio * CloudEdgeEnhancement * (clear.DirectNormal + clear.Diffuse) / 1000);
    }
}
