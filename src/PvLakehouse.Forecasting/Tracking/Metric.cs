namespace PvLakehouse.Forecasting.Tracking;

/// <summary>One measured value of a run.</summary>
/// <param name="Key">Its name; see <see cref="TrackingRules"/> for what names may be.</param>
/// <param name="Value">The value; not a number and the infinities are allowed, as in MLflow.</param>
/// <param name="Timestamp">When it was measured; kept to the millisecond.</param>
/// <param name="Step">Number of the iteration, tree or fold that it belongs to; 0 when there is only one.</param>
public sealed record Metric(string Key, double Value, DateTimeOffset Timestamp, long Step = 0);
