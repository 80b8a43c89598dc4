using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Monitoring;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting;

/// <summary>The tables that forecasting makes for itself; those that gold is made of are the pipeline's.</summary>
public static class ForecastTables
{
    /// <summary>Features, scores, and what monitoring found and decided.</summary>
    public static IReadOnlyList<TableContract> All { get; } =
        [FeatureTable.Contract, ScoreTable.Contract, MonitorTables.Results, MonitorTables.Weeks, DecisionTable.Contract];

    /// <summary>All tables of a lake: the pipeline's, then these.</summary>
    public static IReadOnlyList<TableContract> WithPipeline { get; } = [.. Datasets.Contracts, .. All];
}
