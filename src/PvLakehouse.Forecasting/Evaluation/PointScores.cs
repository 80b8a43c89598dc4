namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>How far point forecasts were from what happened.</summary>
/// <remarks>
/// Normalised by AC capacity as the Australian market does, never by the actual value: a percentage of an hour at dawn says nothing.
/// Source: D. Yang et al., "Verification of deterministic solar forecasts", Solar Energy 210, 2020.
/// </remarks>
/// <param name="Hours">Number of hours.</param>
/// <param name="NormalisedMae">Mean absolute error as a share of AC capacity (nMAE).</param>
/// <param name="NormalisedRmse">Root mean square error as a share of AC capacity (nRMSE).</param>
/// <param name="NormalisedMbe">Mean error as a share of AC capacity (nMBE); above 0 too much was forecast.</param>
/// <param name="MaeMwh">Mean absolute error [MWh].</param>
/// <param name="RmseMwh">Root mean square error [MWh].</param>
/// <param name="RSquared">Share of the variance of the actual energy that is explained; null when all actual values are equal.</param>
public sealed record PointScores(
    int Hours, double NormalisedMae, double NormalisedRmse, double NormalisedMbe, double MaeMwh, double RmseMwh, double? RSquared)
{
    /// <summary>Scores some hours.</summary>
    /// <param name="hours">At least one hour.</param>
    /// <exception cref="ArgumentException">There is no hour, or one whose capacity is not above 0.</exception>
    public static PointScores Of(IReadOnlyCollection<ScoredHour> hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
        if (hours.Count == 0)
        {
            throw new ArgumentException("Expected at least one hour to score.", nameof(hours));
        }

        if (hours.FirstOrDefault(hour => !(hour.CapacityMw > 0)) is { } without)
        {
            throw new ArgumentException(
                $"{without.FacilityCode} has an AC capacity of {without.CapacityMw} MW at {without.TargetHour:u}; expected one above 0.", nameof(hours));
        }

        var mean = hours.Average(hour => hour.ActualMwh);
        var variation = hours.Sum(hour => Square(hour.ActualMwh - mean));
        var squares = hours.Sum(hour => Square(hour.PredictedMwh - hour.ActualMwh));
        return new(
            hours.Count,
            hours.Average(hour => Math.Abs(hour.Error)),
            Math.Sqrt(hours.Average(hour => Square(hour.Error))),
            hours.Average(hour => hour.Error),
            hours.Average(hour => Math.Abs(hour.PredictedMwh - hour.ActualMwh)),
            Math.Sqrt(squares / hours.Count),
            variation > 0 ? 1 - (squares / variation) : null);
    }

    private static double Square(double value) => value * value;
}
