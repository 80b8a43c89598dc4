using System.Text.Json.Nodes;
using PvLakehouse.Forecasting.Tracking.Mlflow.Wire;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <content>Experiments.</content>
internal sealed partial class MlflowTracking
{
    /// <inheritdoc/>
    public async Task<string> CreateExperimentAsync(
        string name, IReadOnlyDictionary<string, string>? tags = null, string? artifactLocation = null,
        CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckExperimentName(name);
        TrackingRules.CheckTags(tags ?? Dictionaries.Empty);
        var mark = MlflowCreation.NewMark();
        return await MlflowCreation.OnceAsync(
            connection,
            async token =>
            {
                var marked = MlflowCreation.Marked(tags ?? Dictionaries.Empty, mark);
                var body = new JsonObject { ["name"] = name, ["tags"] = MlflowJson.Pairs(marked) };
                if (artifactLocation is not null)
                {
                    body["artifact_location"] = artifactLocation;
                }

                var answer = await connection.SendAsync(
                    HttpMethod.Post, "mlflow/experiments/create", body, MlflowCall.Creation, MlflowJson.Default.ExperimentCreated, token);
                return answer.ExperimentId;
            },
            async token => await FindExperimentAsync(name, token) is { } found && found.Tags.GetValueOrDefault(MlflowCreation.Tag) == mark
                ? found.ExperimentId
                : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Experiment> GetExperimentAsync(string experimentId, CancellationToken cancellationToken = default) =>
        (await connection.GetAsync(
            "mlflow/experiments/get", [("experiment_id", experimentId)], MlflowJson.Default.ExperimentAnswer, cancellationToken))
        .Experiment.ToExperiment();

    /// <inheritdoc/>
    public async Task<Experiment?> FindExperimentAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            return (await connection.GetAsync(
                "mlflow/experiments/get-by-name", [("experiment_name", name)], MlflowJson.Default.ExperimentAnswer, cancellationToken))
                .Experiment.ToExperiment();
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.ResourceDoesNotExist)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<Page<Experiment>> SearchExperimentsAsync(SearchQuery query, CancellationToken cancellationToken = default)
    {
        var body = SearchBody(query);
        body["view_type"] = ProtocolText.Of(query.ViewType);
        var answer = await connection.SendAsync(
            HttpMethod.Post,
            "mlflow/experiments/search",
            body,
            MlflowCall.Repeatable,
            MlflowJson.Default.ExperimentsAnswer,
            cancellationToken);
        return new Page<Experiment>([.. (answer.Experiments ?? []).Select(e => e.ToExperiment())], Next(answer.NextPageToken));
    }

    /// <inheritdoc/>
    public Task SetExperimentTagAsync(string experimentId, string key, string value, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckTag(key, value);
        return PostAsync(
            "mlflow/experiments/set-experiment-tag",
            new() { ["experiment_id"] = experimentId, ["key"] = key, ["value"] = value },
            MlflowCall.Repeatable,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task RenameExperimentAsync(string experimentId, string newName, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckExperimentName(newName);
        return PostAsync(
            "mlflow/experiments/update",
            new() { ["experiment_id"] = experimentId, ["new_name"] = newName },
            MlflowCall.Repeatable,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteExperimentAsync(string experimentId, CancellationToken cancellationToken = default) =>
        PostAsync("mlflow/experiments/delete", new() { ["experiment_id"] = experimentId }, MlflowCall.Deletion, cancellationToken);

    /// <inheritdoc/>
    public Task RestoreExperimentAsync(string experimentId, CancellationToken cancellationToken = default) =>
        PostAsync("mlflow/experiments/restore", new() { ["experiment_id"] = experimentId }, MlflowCall.Repeatable, cancellationToken);
}
