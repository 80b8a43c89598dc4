using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Calibration;

/// <summary>Shifts quantiles of a farm's forecasts so that, on hours that nothing was learned from, each is exceeded as often as it says.</summary>
/// <remarks>
/// Residuals are taken relative to the clear sky of the hour, for at dawn they cannot be large. Source: Y. Romano, E. Patterson and E. Candès,
/// "Conformalized quantile regression", NeurIPS 2019; here each level has its own shift.
/// </remarks>
public sealed class ConformalQuantiles
{
    /// <summary>Fewer hours of a farm than these say too little; it then gets the shifts of all farms.</summary>
    public const int FewestHours = 200;

    // Keeps dawn and dusk, where hardly anything is delivered, from deciding everything.
    private const double LeastScale = 0.1;

    private readonly Dictionary<string, double[]> _shifts;

    private ConformalQuantiles(Dictionary<string, double[]> shifts) => _shifts = shifts;

    /// <summary>The shifts by farm; the entry of no farm is for all.</summary>
    public IReadOnlyDictionary<string, double[]> Shifts => _shifts;

    /// <summary>Shifts that were saved.</summary>
    public static ConformalQuantiles Of(IReadOnlyDictionary<string, double[]> shifts) => new(new(shifts, StringComparer.Ordinal));

    /// <summary>Learns the shifts.</summary>
    /// <param name="hours">Hours with known energy that the model did not learn from.</param>
    /// <param name="quantiles">The model's quantiles of each hour, at <see cref="QuantileLevels.All"/>, as shares of AC capacity.</param>
    public static ConformalQuantiles Fit(IReadOnlyList<ForecastHour> hours, IReadOnlyList<double[]> quantiles)
    {
        ArgumentNullException.ThrowIfNull(hours);
        ArgumentNullException.ThrowIfNull(quantiles);
        var rows = Enumerable.Range(0, hours.Count).Where(row => hours[row] is { TargetShare: not null, IsDaylight: true }).ToArray();
        var shifts = new Dictionary<string, double[]>(StringComparer.Ordinal) { [""] = Shift(rows) };
        foreach (var farm in rows.GroupBy(row => hours[row].FacilityCode, StringComparer.Ordinal).Where(farm => farm.Count() >= FewestHours))
        {
            shifts[farm.Key] = Shift([.. farm]);
        }

        return new(shifts);

        double[] Shift(int[] of) => [.. QuantileLevels.All.Select((level, index) => Empirical(
            [.. of.Select(row => (hours[row].TargetShare!.Value - quantiles[row][index]) / Scale(hours[row]))], level))];
    }

    /// <summary>The calibrated quantiles of an hour, ascending and within what the hour can give.</summary>
    public double[] Apply(ForecastHour hour, IReadOnlyList<double> quantiles)
    {
        ArgumentNullException.ThrowIfNull(hour);
        ArgumentNullException.ThrowIfNull(quantiles);
        var shift = _shifts.GetValueOrDefault(hour.FacilityCode) ?? _shifts[""];
        var most = Math.Min(1, hour.LimitShare);
        var values = quantiles.Select((value, index) => Math.Clamp(value + (shift[index] * Scale(hour)), 0, most)).ToArray();
        Array.Sort(values);
        return values;
    }

    /// <summary>What residuals of an hour are taken relative to.</summary>
    internal static double Scale(ForecastHour hour) => Math.Max(hour.ClearSkyShare, LeastScale);

    /// <summary>The value at a level among values, as conformal prediction takes it: the ceil((n + 1) level)-th smallest.</summary>
    internal static double Empirical(double[] values, double level)
    {
        if (values.Length == 0)
        {
            return 0;
        }

        Array.Sort(values);
        return values[Math.Clamp((int)Math.Ceiling((values.Length + 1) * level) - 1, 0, values.Length - 1)];
    }
}
