namespace PvLakehouse.Forecasting.Features;

/// <summary>A feature set that was written.</summary>
/// <param name="SnapshotId">The snapshot of ml.forecast_features that has the rows.</param>
/// <param name="Sources">The snapshots that they were made from, by full name of the table.</param>
/// <param name="Rows">Number of rows by class of forecasts.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record FeatureBuild(
    long SnapshotId, IReadOnlyDictionary<string, long> Sources, IReadOnlyDictionary<string, long> Rows, TimeSpan Elapsed)
{
    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
