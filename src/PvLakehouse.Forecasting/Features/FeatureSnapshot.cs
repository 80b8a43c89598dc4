using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Features;

/// <summary>The feature table as one build left it.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Set">Name of the feature set.</param>
/// <param name="Learned">The features that learners see, in order.</param>
/// <param name="Weather">Which weather the rows are made of.</param>
/// <param name="Sources">The snapshots that the rows were made from, as text.</param>
public sealed record FeatureSnapshot(long SnapshotId, string Set, IReadOnlyList<string> Learned, WeatherKind Weather, string Sources)
{
    /// <summary>The feature set as <see cref="FeatureSetFile"/> reads it; null when the build did not keep it.</summary>
    public string? Definition { get; init; }

    /// <summary>Finds the newest build, or that of a snapshot.</summary>
    /// <exception cref="ForecastingException">Nothing was built yet, or the snapshot is gone.</exception>
    public static async Task<FeatureSnapshot> FindAsync(Lake lake, long? snapshotId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lake);
        Table table;
        try
        {
            table = await lake.Catalog.LoadTableAsync(FeatureTable.Contract.Identifier, cancellationToken);
        }
        catch (NoSuchTableException)
        {
            throw new ForecastingException($"{FeatureTable.Contract} was not made yet: run 'pvlake ml features' first.");
        }

        var found = snapshotId is { } id ? table.Metadata.FindSnapshot(id) : table.CurrentSnapshot;
        // Compaction writes the same rows without saying again what they are.
        while (found is not null && !found.Summary.ContainsKey(FeatureTable.SetProperty) && found.ParentSnapshotId is { } parent)
        {
            found = table.Metadata.FindSnapshot(parent);
        }

        return found is not null && found.Summary.TryGetValue(FeatureTable.SetProperty, out var set)
            ? new(
                found.SnapshotId,
                set,
                found.Summary[FeatureTable.LearnedProperty].Split(','),
                found.Summary[FeatureTable.WeatherProperty] == FeatureTable.Weather(WeatherKind.Hindcast) ? WeatherKind.Hindcast : WeatherKind.Forecast,
                found.Summary[FeatureTable.SourcesProperty])
            {
                Definition = found.Summary.GetValueOrDefault(FeatureTable.DefinitionProperty),
            }
            : throw new ForecastingException(snapshotId is null
                ? $"{FeatureTable.Contract} has no rows yet: run 'pvlake ml features' first."
                : string.Create(CultureInfo.InvariantCulture, $"{FeatureTable.Contract} has no snapshot {snapshotId} any more; what it held cannot be trained on again."));
    }

    /// <summary>Reads the rows of one class of forecasts.</summary>
    /// <exception cref="ForecastingException">There is none.</exception>
    public async Task<ForecastRows> ReadAsync(Lake lake, Horizon horizon, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lake);
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await session.BindAsync("forecast_features", new TableAt(FeatureTable.Contract.Identifier, SnapshotId), cancellationToken);
        var rows = await ForecastRows.ReadAsync(session, $"forecast_features WHERE horizon = '{horizon}'", Learned, cancellationToken);
        return rows.Count > 0 ? rows : throw new ForecastingException(
            $"{FeatureTable.Contract} has no rows of {horizon}: run 'pvlake ml features --horizon {horizon}' first.");
    }

    /// <summary>Names the snapshot after a run that learns from it, so that it does not expire while the run may be repeated.</summary>
    internal async Task KeepAsync(Lake lake, string run, CancellationToken cancellationToken)
    {
        var table = await lake.Catalog.LoadTableAsync(FeatureTable.Contract.Identifier, cancellationToken);
        await table.ManageSnapshots().CreateTag($"run-{run}", SnapshotId).CommitAsync(cancellationToken);
    }
}
