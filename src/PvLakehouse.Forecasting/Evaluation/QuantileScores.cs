namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>How good probabilistic forecasts were.</summary>
/// <param name="Hours">Number of hours.</param>
/// <param name="Pinball">Mean quantile loss over hours and levels as a share of AC capacity, as GEFCom2014 scored.</param>
/// <param name="Crps">Continuous ranked probability score as a share of AC capacity: twice the quantile loss (Gneiting and Ranjan 2011).</param>
/// <param name="Coverage">Share of hours between the outermost levels; 0.8 is right.</param>
/// <param name="Width">Mean distance of the outermost levels as a share of AC capacity: narrow is sharp.</param>
/// <param name="Reliability">For each level, the share of hours at or below it; the level itself is right.</param>
/// <remarks>
/// Sources: T. Hong et al., "Probabilistic energy forecasting: Global Energy Forecasting Competition 2014 and beyond", Int. J. Forecasting 32,
/// 2016; T. Gneiting and R. Ranjan, J. Business and Economic Statistics 29, 2011. The integral over all levels is taken at nine of them.
/// </remarks>
public sealed record QuantileScores(
    int Hours, double Pinball, double Crps, double Coverage, double Width, IReadOnlyList<double> Reliability)
{
    /// <summary>Scores the hours that have quantiles; null when none has.</summary>
    /// <exception cref="ArgumentException">An hour has another number of quantiles than there are levels, or they are not ascending.</exception>
    public static QuantileScores? Of(IEnumerable<ScoredHour> hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var scored = hours.Where(hour => hour.Quantiles.Count > 0).ToArray();
        if (scored.Length == 0)
        {
            return null;
        }

        Array.ForEach(scored, Check);
        var levels = QuantileLevels.All;
        var pinball = scored.Average(hour => levels.Index().Average(level => Loss(level.Item, hour.Quantiles[level.Index], hour.ActualMwh) / hour.CapacityMw));
        return new(
            scored.Length,
            pinball,
            2 * pinball,
            scored.Average(hour => hour.ActualMwh >= hour.Quantiles[0] && hour.ActualMwh <= hour.Quantiles[^1] ? 1.0 : 0.0),
            scored.Average(hour => (hour.Quantiles[^1] - hour.Quantiles[0]) / hour.CapacityMw),
            [.. levels.Index().Select(level => scored.Average(hour => hour.ActualMwh <= hour.Quantiles[level.Index] ? 1.0 : 0.0))]);
    }

    /// <summary>The quantile loss: what it costs to have said a value when another happened.</summary>
    /// <param name="level">The level, 0 to 1.</param>
    /// <param name="said">The forecast at that level.</param>
    /// <param name="happened">What happened.</param>
    public static double Loss(double level, double said, double happened) =>
        happened >= said ? level * (happened - said) : (1 - level) * (said - happened);

    private static void Check(ScoredHour hour)
    {
        if (hour.Quantiles.Count != QuantileLevels.All.Count)
        {
            throw new ArgumentException(
                $"The forecast of {hour.FacilityCode} for {hour.TargetHour:u} has {hour.Quantiles.Count} quantiles; expected {QuantileLevels.All.Count}.",
                nameof(hour));
        }

        if (hour.Quantiles.Zip(hour.Quantiles.Skip(1)).Any(pair => pair.Second < pair.First))
        {
            throw new ArgumentException(
                $"The quantiles of {hour.FacilityCode} for {hour.TargetHour:u} are {string.Join(", ", hour.Quantiles)}; expected them ascending.",
                nameof(hour));
        }
    }
}
