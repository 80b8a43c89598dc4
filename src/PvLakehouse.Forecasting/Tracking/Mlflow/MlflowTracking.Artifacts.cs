using PvLakehouse.Forecasting.Tracking.Mlflow.Wire;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <content>Artifacts.</content>
internal sealed partial class MlflowTracking
{
    /// <inheritdoc/>
    public async Task UploadArtifactAsync(string runId, string path, Stream content, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckArtifactPath(path);
        ArgumentNullException.ThrowIfNull(content);
        var run = await GetRunAsync(runId, cancellationToken);
        if (run.Info.LifecycleStage == LifecycleStage.Deleted)
        {
            // Servers take artifacts of deleted runs without a word.
            throw TrackingRules.Invalid($"The run '{runId}' is deleted; restore it first.");
        }

        await artifacts.At(run.Info.ArtifactUri).UploadAsync(path, content, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArtifactFile>> ListArtifactsAsync(
        string runId, string? path = null, CancellationToken cancellationToken = default)
    {
        if (!string.IsNullOrEmpty(path))
        {
            TrackingRules.CheckArtifactPath(path);
        }

        var files = new List<ArtifactFile>();
        string? token = null;
        do
        {
            var answer = await connection.GetAsync(
                "mlflow/artifacts/list",
                [("run_id", runId), ("path", string.IsNullOrEmpty(path) ? null : path), ("page_token", token)],
                MlflowJson.Default.FilesAnswer,
                cancellationToken);
            files.AddRange((answer.Files ?? []).Select(f => new ArtifactFile(f.Path, f.IsDir, f.IsDir ? null : f.FileSize)));
            token = Next(answer.NextPageToken);
        }
        while (token is not null);

        return [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenArtifactAsync(string runId, string path, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckArtifactPath(path);
        var run = await GetRunAsync(runId, cancellationToken);
        return await artifacts.At(run.Info.ArtifactUri).OpenAsync(path, cancellationToken);
    }
}
