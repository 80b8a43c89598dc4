using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Baselines;

/// <summary>What a farm usually delivers: for each hour of the day its energy over that of a clear sky, times the clear sky of the hour.</summary>
/// <remarks>The seasons are in the clear sky. Source: D. Yang, Solar Energy 193, 2019, who takes the mean clear-sky index.</remarks>
public sealed class Climatology
{
    private readonly Dictionary<(string Farm, int Hour), double> _ratios;
    private readonly double _overall;

    private Climatology(Dictionary<(string Farm, int Hour), double> ratios, double overall) => (_ratios, _overall) = (ratios, overall);

    /// <summary>The ratio to a clear sky for each farm and hour of the day (UTC).</summary>
    public IReadOnlyDictionary<(string Farm, int Hour), double> Ratios => _ratios;

    /// <summary>The ratio of all farms and hours.</summary>
    public double Overall => _overall;

    /// <summary>What was saved.</summary>
    public static Climatology Of(IReadOnlyDictionary<(string Farm, int Hour), double> ratios, double overall) => new(new(ratios), overall);

    /// <summary>Learns from past hours; an hour that several forecasts are for counts once for each.</summary>
    /// <exception cref="ForecastingException">No hour has energy and a clear sky.</exception>
    public static Climatology Fit(IEnumerable<ForecastHour> hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var known = hours.Where(hour => hour is { TargetShare: not null, ClearSkyShare: > 0 }).ToArray();
        var ratios = known.GroupBy(KeyOf).ToDictionary(group => group.Key, Ratio);
        return known.Length == 0
            ? throw new ForecastingException("No past hour has energy under some sun, so nothing is usual.")
            : new(ratios, Ratio(known));
    }

    /// <summary>The forecast as a share of AC capacity; by the mean of all farms and hours where the farm's hour was never seen.</summary>
    public double Of(ForecastHour hour)
    {
        ArgumentNullException.ThrowIfNull(hour);
        return _ratios.GetValueOrDefault(KeyOf(hour), _overall) * hour.ClearSkyShare;
    }

    private static double Ratio(IEnumerable<ForecastHour> hours)
    {
        var (energy, sky) = (0.0, 0.0);
        foreach (var hour in hours)
        {
            energy += hour.TargetShare!.Value;
            sky += hour.ClearSkyShare;
        }

        return Math.Max(energy / sky, 0);
    }

    private static (string Farm, int Hour) KeyOf(ForecastHour hour) => (hour.FacilityCode, hour.DateHour.UtcDateTime.Hour);
}
