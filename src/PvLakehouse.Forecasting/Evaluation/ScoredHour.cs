namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>One forecast hour beside what happened: the unit of every score.</summary>
/// <param name="FacilityCode">The farm.</param>
/// <param name="IssuedAt">When the forecast was made.</param>
/// <param name="TargetHour">Start of the hour that it is for.</param>
/// <param name="CapacityMw">The farm's AC capacity [MW], above 0; an hour at it is the unit of all normalised scores.</param>
/// <param name="ActualMwh">Energy delivered [MWh].</param>
/// <param name="PredictedMwh">Energy forecast [MWh].</param>
public sealed record ScoredHour(
    string FacilityCode, DateTimeOffset IssuedAt, DateTimeOffset TargetHour, double CapacityMw, double ActualMwh, double PredictedMwh)
{
    /// <summary>Energy at the levels of <see cref="QuantileLevels.All"/> [MWh], ascending; empty for a point forecast.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [];

    /// <summary>Forecast less actual as a share of what AC capacity gives in an hour.</summary>
    public double Error => (PredictedMwh - ActualMwh) / CapacityMw;
}
