using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Calibration;

/// <summary>Quantiles of a learner that knows the mean alone: its forecast and what it missed by on hours that it did not learn from.</summary>
/// <remarks>
/// Under a sky that is forecast clear the errors are small and lie below, under clouds they are wide, and they grow with the lead: hours are told apart
/// by lead and by the ratio of the forecast to a clear sky. Source: D. van der Meer, J. Widén and J. Munkhammar, Renewable and Sustainable Energy
/// Reviews 81, 2018.
/// </remarks>
public sealed class ResidualQuantiles
{
    /// <summary>Fewer hours of a lead than these say too little; it then gets the residuals of all leads.</summary>
    public const int FewestHours = 1000;

    private const int AllLeads = 0;
    private const int Bins = 5;
    private readonly Dictionary<int, ResidualBins> _byLead;

    private ResidualQuantiles(Dictionary<int, ResidualBins> byLead) => _byLead = byLead;

    /// <summary>The residuals by lead, as <see cref="References"/> counts leads; those of 0 are of all.</summary>
    public IReadOnlyDictionary<int, ResidualBins> ByLead => _byLead;

    /// <summary>What was saved.</summary>
    public static ResidualQuantiles Of(IReadOnlyDictionary<int, ResidualBins> byLead) => new(new(byLead));

    /// <summary>Learns from the forecasts of hours with known energy.</summary>
    public static ResidualQuantiles Fit(IReadOnlyList<ForecastHour> hours, IReadOnlyList<double> forecasts)
    {
        ArgumentNullException.ThrowIfNull(hours);
        ArgumentNullException.ThrowIfNull(forecasts);
        Miss[] misses =
        [
            .. hours.Zip(forecasts).Where(pair => pair.First is { TargetShare: not null, IsDaylight: true }).Select(pair => new Miss(
                References.LeadOf(pair.First),
                pair.Second / ConformalQuantiles.Scale(pair.First),
                (pair.First.TargetShare!.Value - pair.Second) / ConformalQuantiles.Scale(pair.First))),
        ];
        var byLead = misses.GroupBy(miss => miss.Lead)
            .Where(lead => lead.Count() >= FewestHours)
            .ToDictionary(lead => lead.Key, lead => BinsOf([.. lead]));
        byLead[AllLeads] = BinsOf(misses);
        return new(byLead);
    }

    /// <summary>The quantiles of an hour as shares of AC capacity, ascending.</summary>
    public double[] Apply(ForecastHour hour, double forecast)
    {
        var bins = _byLead.GetValueOrDefault(References.LeadOf(hour)) ?? _byLead[AllLeads];
        var scale = ConformalQuantiles.Scale(hour);
        return [.. bins.Residuals[bins.IndexOf(forecast / scale)].Select(residual => forecast + (residual * scale))];
    }

    private static ResidualBins BinsOf(Miss[] misses)
    {
        double[] edges =
        [
            .. Enumerable.Range(1, Bins - 1).Select(bin => ConformalQuantiles.Empirical([.. misses.Select(miss => miss.Ratio)], bin / (double)Bins)),
        ];
        var bins = new ResidualBins(edges, []);
        var byBin = misses.ToLookup(miss => bins.IndexOf(miss.Ratio), miss => miss.Residual);
        return bins with
        {
            Residuals =
            [
                .. Enumerable.Range(0, Bins).Select(bin => QuantileLevels.All
                    .Select(level => ConformalQuantiles.Empirical([.. byBin[bin]], level)).ToArray()),
            ],
        };
    }

    private readonly record struct Miss(int Lead, double Ratio, double Residual);
}

/// <summary>Residuals of hours told apart by the ratio of their forecast to a clear sky.</summary>
/// <param name="Edges">Ratios at which the bins meet, ascending; one fewer than bins.</param>
/// <param name="Residuals">For each bin, the residual at each level over the clear sky of the hour.</param>
public sealed record ResidualBins(IReadOnlyList<double> Edges, IReadOnlyList<IReadOnlyList<double>> Residuals)
{
    /// <summary>The bin of a ratio.</summary>
    internal int IndexOf(double ratio) => Edges.TakeWhile(edge => ratio >= edge).Count();
}
