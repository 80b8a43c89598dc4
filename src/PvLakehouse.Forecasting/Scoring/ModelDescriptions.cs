using System.Globalization;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Search;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Pipeline.Forecasts;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Scoring;

/// <summary>Writes what the registry and the runs know of a model's versions into ml.model_versions, for gold.dim_model_version.</summary>
/// <param name="lake">The lake.</param>
/// <param name="services">Tracking and registry.</param>
public sealed class ModelDescriptions(Lake lake, TrackingServices services)
{
    /// <summary>Brings the rows of a model's versions to what the registry says now; versions that it has forgotten keep their rows.</summary>
    /// <exception cref="TrackingException">Tracking or the registry failed.</exception>
    public async Task WriteAsync(string model, CancellationToken cancellationToken)
    {
        var now = Instants.ToMicroseconds(lake.Clock.GetUtcNow());
        var rows = new List<object?[]>();
        var query = new SearchQuery { Filter = $"name = {FilterText.Quote(model)}" };
        await foreach (var found in Paging.AllAsync(query, services.Registry.SearchModelVersionsAsync, cancellationToken))
        {
            // Searches of older servers tell no aliases.
            var version = await services.Registry.GetModelVersionAsync(found.Name, found.Version, cancellationToken);
            if (version.RunId is { } run)
            {
                rows.Add([.. Row(version, await services.Tracking.GetRunAsync(run, cancellationToken)), now, now]);
            }
        }

        await using var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken);
        await workspace.MergeAsync(ModelVersions.Contract, rows, cancellationToken);
    }

    private static object?[] Row(ModelVersion version, Run run)
    {
        var parameters = run.Data.Params;
        return
        [
            version.RunId, version.Name, version.Version, string.Join(' ', version.Aliases.Order(StringComparer.Ordinal)),
            parameters.GetValueOrDefault(RunRecord.Horizon), parameters.GetValueOrDefault(RunRecord.Learner),
            parameters.GetValueOrDefault(RunRecord.Weather), parameters.GetValueOrDefault(RunRecord.FeatureSet),
            parameters.TryGetValue(RunRecord.FeaturesSnapshot, out var snapshot)
                && long.TryParse(snapshot, CultureInfo.InvariantCulture, out var id) ? id : null,
            Instants.ToMicroseconds(version.CreationTimestamp), Instant(RunRecord.ValidationFrom), Instant(RunRecord.TestFrom),
            Metric("nmae"), Metric("nrmse"), Metric("skill"), Metric("coverage"), version.Description,
        ];

        DateTimeOffset? Instant(string name) => parameters.TryGetValue(name, out var text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
                ? instant
                : null;

        double? Metric(string name) => run.Data.Metrics.TryGetValue(ScoreStore.DaylightMetric(name), out var metric) ? metric.Value : null;
    }
}
