using System.Text.Json.Nodes;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Artifacts;
using PvLakehouse.Forecasting.Tracking.Mlflow;
using PvLakehouse.Forecasting.Tracking.Mlflow.Wire;
using PvLakehouse.Forecasting.Tracking.Search;

namespace PvLakehouse.Forecasting.Registry;

/// <content>Versions.</content>
internal sealed partial class MlflowRegistry
{
    private const string Versions = "mlflow/model-versions";

    /// <inheritdoc/>
    public async Task<ModelVersion> CreateModelVersionAsync(NewModelVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        TrackingRules.CheckArtifactPath(version.ArtifactPath);
        TrackingRules.CheckTags(version.Tags);
        var run = await tracking.GetRunAsync(version.RunId, cancellationToken);
        if (run.Info.LifecycleStage == LifecycleStage.Deleted)
        {
            throw TrackingRules.Invalid($"The run '{version.RunId}' is deleted; restore it first.");
        }

        if ((await tracking.ListArtifactsAsync(version.RunId, version.ArtifactPath, cancellationToken)).Count == 0)
        {
            throw new TrackingException(
                TrackingFault.ResourceDoesNotExist,
                $"The run '{version.RunId}' has no files in '{version.ArtifactPath}', of which a version could be made; upload them "
                + "first.");
        }

        var mark = MlflowCreation.NewMark();
        return await MlflowCreation.OnceAsync(
            connection,
            token =>
            {
                var body = new JsonObject
                {
                    ["name"] = version.Name,
                    ["source"] = $"{run.Info.ArtifactUri}/{version.ArtifactPath}",
                    ["run_id"] = version.RunId,
                    ["tags"] = MlflowJson.Pairs(MlflowCreation.Marked(version.Tags, mark)),
                };
                if (version.Description is not null)
                {
                    body["description"] = version.Description;
                }

                return VersionAsync(HttpMethod.Post, "create", body, MlflowCall.Creation, token);
            },
            async token =>
            {
                var query = new SearchQuery { Filter = $"name = {FilterText.Quote(version.Name)} and run_id = '{version.RunId}'" };
                return await Paging.AllAsync(query, SearchModelVersionsAsync, token)
                    .FirstOrDefaultAsync(v => v.Tags.GetValueOrDefault(MlflowCreation.Tag) == mark, token);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelVersion> GetModelVersionAsync(string name, int version, CancellationToken cancellationToken = default) =>
        (await connection.GetAsync(
            $"{Versions}/get",
            [("name", name), ("version", MlflowJson.Text(version))],
            MlflowJson.Default.VersionAnswer,
            cancellationToken))
        .ModelVersion.ToVersion();

    /// <inheritdoc/>
    public async Task<Page<ModelVersion>> SearchModelVersionsAsync(SearchQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var answer = await connection.GetAsync($"{Versions}/search", QueryOf(query), MlflowJson.Default.VersionsAnswer, cancellationToken);
        return new([.. (answer.ModelVersions ?? []).Select(v => v.ToVersion())], Next(answer.NextPageToken));
    }

    /// <inheritdoc/>
    public Task<ModelVersion> UpdateModelVersionAsync(
        string name, int version, string description, CancellationToken cancellationToken = default)
    {
        var body = Key(name, version);
        body["description"] = description;
        return VersionAsync(HttpMethod.Patch, "update", body, MlflowCall.Repeatable, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteModelVersionAsync(string name, int version, CancellationToken cancellationToken = default) =>
        connection.SendAsync(HttpMethod.Delete, $"{Versions}/delete", Key(name, version), MlflowCall.Deletion, cancellationToken);

    /// <inheritdoc/>
    public Task SetModelVersionTagAsync(string name, int version, string key, string value, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckTag(key, value);
        var body = Key(name, version);
        body["key"] = key;
        body["value"] = value;
        return connection.SendAsync(HttpMethod.Post, $"{Versions}/set-tag", body, MlflowCall.Repeatable, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteModelVersionTagAsync(string name, int version, string key, CancellationToken cancellationToken = default)
    {
        var body = Key(name, version);
        body["key"] = key;
        return connection.SendAsync(HttpMethod.Delete, $"{Versions}/delete-tag", body, MlflowCall.Repeatable, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ModelVersion> TransitionStageAsync(
        string name, int version, ModelStage stage, bool archiveExisting, CancellationToken cancellationToken = default)
    {
        RegistryText.CheckTransition(stage, archiveExisting);
        var body = Key(name, version);
        body["stage"] = RegistryText.Of(stage);
        body["archive_existing_versions"] = archiveExisting;
        return VersionAsync(HttpMethod.Post, "transition-stage", body, MlflowCall.Repeatable, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ModelVersion> PromoteAsync(
        string name, int version, string alias, string reason, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckAlias(alias);
        var before = (await FindByAliasAsync(name, alias, cancellationToken))?.Version;
        var tags = RegistryText.PromotionTags(alias, reason, connection.Time.GetUtcNow(), before);
        if (before != version)
        {
            foreach (var (key, value) in tags)
            {
                await SetModelVersionTagAsync(name, version, key, value, cancellationToken);
            }

            await SetAliasAsync(name, alias, version, cancellationToken);
        }

        return await GetModelVersionAsync(name, version, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string> GetDownloadUriAsync(string name, int version, CancellationToken cancellationToken = default) =>
        (await connection.GetAsync(
            $"{Versions}/get-download-uri",
            [("name", name), ("version", MlflowJson.Text(version))],
            MlflowJson.Default.DownloadUri,
            cancellationToken)).ArtifactUri;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArtifactFile>> ListFilesAsync(
        string name, int version, CancellationToken cancellationToken = default) =>
        await (await FilesOfAsync(name, version, cancellationToken)).ListAllAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<Stream> OpenFileAsync(string name, int version, string path, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckArtifactPath(path);
        return await (await FilesOfAsync(name, version, cancellationToken)).OpenAsync(path, cancellationToken);
    }

    private async Task<IArtifactStore> FilesOfAsync(string name, int version, CancellationToken cancellationToken)
    {
        const string ofRun = "runs:/";
        var uri = await GetDownloadUriAsync(name, version, cancellationToken);
        if (!uri.StartsWith(ofRun, StringComparison.Ordinal))
        {
            return artifacts.At(uri);
        }

        // As Python registers it when it is told to: runs:/{run}/{path}.
        var (runId, path) = uri[ofRun.Length..].Split('/', 2) is [var id, var rest] ? (id, $"/{rest}") : (uri[ofRun.Length..], "");
        return artifacts.At((await tracking.GetRunAsync(runId, cancellationToken)).Info.ArtifactUri + path);
    }

    private async Task<ModelVersion> VersionAsync(
        HttpMethod method, string route, JsonObject body, MlflowCall call, CancellationToken cancellationToken) =>
        (await connection.SendAsync(method, $"{Versions}/{route}", body, call, MlflowJson.Default.VersionAnswer, cancellationToken))
        .ModelVersion.ToVersion();

    private static JsonObject Key(string name, int version) => new() { ["name"] = name, ["version"] = MlflowJson.Text(version) };
}
