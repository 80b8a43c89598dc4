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

    // OpenElectricity's hour covers 09:55 to 10:55 when labelled 10:00, so both the hour and the one five minutes earlier are allowed.
    private const int SecondsPerStep = 300;
    private const int StepsPerHour = 12;

    /// <summary>Upper bound of the energy of an hour [MWh]: a modules-always-face-the-sun farm under a clean sky, clipped at its AC limit.</summary>
    /// <param name="site">The farm's place.</param>
    /// <param name="hour">The hour.</param>
    /// <param name="acCapacityMw">AC capacity [MW].</param>
    /// <param name="dcAcRatio">Module capacity over AC capacity.</param>
    /// <exception cref="ArgumentOutOfRangeException">A capacity or ratio is not a number above 0.</exception>
    public static double UpperBoundMwh(Site site, UtcHour hour, double acCapacityMw, double dcAcRatio = GenerousDcAcRatio)
    {
        Require.InRange(acCapacityMw, double.Epsilon, 100_000);
        Require.InRange(dcAcRatio, double.Epsilon, 10);
        var (first, last, shared) = (0.0, 0.0, 0.0);
        var start = (hour.HoursSinceEpoch * 3600.0) - (SecondsPerStep / 2.0);
        for (var i = 0; i <= StepsPerHour; i++)
        {
            var share = PowerShare(site, AlmanacSun.At(site, start + (i * SecondsPerStep)), dcAcRatio);
            first = i == 0 ? share : first;
            last = i == StepsPerHour ? share : last;
            shared += i is > 0 and < StepsPerHour ? share : 0;
        }

        var mean = (shared + Math.Max(first, last)) / StepsPerHour;
        return acCapacityMw * ((mean * MeterTolerance) + TwilightShare);
    }

    private static double PowerShare(Site site, SunPosition sun, double dcAcRatio)
    {
        var clear = ClearSky.Ineichen(site, sun, CleanAirTurbidity);
        return Math.Min(1, dcAcRatio * CloudEdgeEnhancement * (clear.DirectNormal + clear.Diffuse) / 1000);
    }
}
