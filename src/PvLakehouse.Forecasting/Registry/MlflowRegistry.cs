using System.Globalization;
using System.Text.Json.Nodes;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Mlflow;
using PvLakehouse.Forecasting.Tracking.Mlflow.Wire;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>The registry of an MLflow server, 2.4 to 3.x, through its REST API.</summary>
internal sealed partial class MlflowRegistry(MlflowConnection connection, MlflowArtifacts artifacts, ITrackingStore tracking)
    : IModelRegistry
{
    private const string Models = "mlflow/registered-models";

    /// <summary>Servers give no more models in one page.</summary>
    private const int MostModels = 1000;

    /// <inheritdoc/>
    public Task<RegisteredModel> CreateRegisteredModelAsync(
        string name, string? description = null, IReadOnlyDictionary<string, string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckModelName(name);
        TrackingRules.CheckTags(tags ?? Dictionaries.Empty);
        var mark = MlflowCreation.NewMark();
        return MlflowCreation.OnceAsync(
            connection,
            token =>
            {
                var marked = MlflowCreation.Marked(tags ?? Dictionaries.Empty, mark);
                var body = new JsonObject { ["name"] = name, ["tags"] = MlflowJson.Pairs(marked) };
                if (description is not null)
                {
                    body["description"] = description;
                }

                return ModelAsync(HttpMethod.Post, "create", body, MlflowCall.Creation, token);
            },
            async token => await FindAsync(name, token) is { } found && found.Tags.GetValueOrDefault(MlflowCreation.Tag) == mark
                ? found
                : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RegisteredModel> GetRegisteredModelAsync(string name, CancellationToken cancellationToken = default) =>
        (await connection.GetAsync($"{Models}/get", [("name", name)], MlflowJson.Default.ModelAnswer, cancellationToken))
        .RegisteredModel.ToModel();

    /// <inheritdoc/>
    public async Task<Page<RegisteredModel>> SearchRegisteredModelsAsync(SearchQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var page = query.MaxResults > MostModels ? query with { MaxResults = MostModels } : query;
        var answer = await connection.GetAsync($"{Models}/search", QueryOf(page), MlflowJson.Default.ModelsAnswer, cancellationToken);
        return new([.. (answer.RegisteredModels ?? []).Select(m => m.ToModel())], Next(answer.NextPageToken));
    }

    /// <inheritdoc/>
    public Task<RegisteredModel> UpdateRegisteredModelAsync(
        string name, string description, CancellationToken cancellationToken = default) =>
        ModelAsync(
            HttpMethod.Patch, "update", new() { ["name"] = name, ["description"] = description }, MlflowCall.Repeatable, cancellationToken);

    /// <inheritdoc/>
    public Task<RegisteredModel> RenameRegisteredModelAsync(string name, string newName, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckModelName(newName);
        return MlflowCreation.OnceAsync(
            connection,
            token => ModelAsync(HttpMethod.Post, "rename", new() { ["name"] = name, ["new_name"] = newName }, MlflowCall.Creation, token),
            async token => await FindAsync(name, token) is null ? await FindAsync(newName, token) : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteRegisteredModelAsync(string name, CancellationToken cancellationToken = default) =>
        connection.SendAsync(HttpMethod.Delete, $"{Models}/delete", new() { ["name"] = name }, MlflowCall.Deletion, cancellationToken);

    /// <inheritdoc/>
    public Task SetRegisteredModelTagAsync(string name, string key, string value, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckTag(key, value);
        return connection.SendAsync(
            HttpMethod.Post,
            $"{Models}/set-tag",
            new() { ["name"] = name, ["key"] = key, ["value"] = value },
            MlflowCall.Repeatable,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteRegisteredModelTagAsync(string name, string key, CancellationToken cancellationToken = default) =>
        connection.SendAsync(
            HttpMethod.Delete, $"{Models}/delete-tag", new() { ["name"] = name, ["key"] = key }, MlflowCall.Repeatable, cancellationToken);

    /// <inheritdoc/>
    public Task SetAliasAsync(string name, string alias, int version, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckAlias(alias);
        return connection.SendAsync(
            HttpMethod.Post,
            $"{Models}/alias",
            new() { ["name"] = name, ["alias"] = alias, ["version"] = MlflowJson.Text(version) },
            MlflowCall.Repeatable,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAliasAsync(string name, string alias, CancellationToken cancellationToken = default) =>
        connection.SendAsync(
            HttpMethod.Delete, $"{Models}/alias", new() { ["name"] = name, ["alias"] = alias }, MlflowCall.Repeatable, cancellationToken);

    /// <inheritdoc/>
    public async Task<ModelVersion?> FindByAliasAsync(string name, string alias, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckModelName(name);
        TrackingRules.CheckAlias(alias);
        try
        {
            var answer = await connection.GetAsync(
                $"{Models}/alias", [("name", name), ("alias", alias)], MlflowJson.Default.VersionAnswer, cancellationToken);
            return answer.ModelVersion.ToVersion();
        }
        catch (TrackingException e) when (e.Fault is TrackingFault.ResourceDoesNotExist or TrackingFault.InvalidParameterValue)
        {
            // With a valid name and alias, MLflow calls an alias that is not there an invalid value.
            return null;
        }
    }

    private async Task<RegisteredModel?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await GetRegisteredModelAsync(name, cancellationToken);
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.ResourceDoesNotExist)
        {
            return null;
        }
    }

    private async Task<RegisteredModel> ModelAsync(
        HttpMethod method, string route, JsonObject body, MlflowCall call, CancellationToken cancellationToken) =>
        (await connection.SendAsync(method, $"{Models}/{route}", body, call, MlflowJson.Default.ModelAnswer, cancellationToken))
        .RegisteredModel.ToModel();

    private static IEnumerable<(string Key, string? Value)> QueryOf(SearchQuery query) =>
    [
        ("filter", string.IsNullOrWhiteSpace(query.Filter) ? null : query.Filter),
        ("max_results", query.MaxResults.ToString(CultureInfo.InvariantCulture)),
        .. query.OrderBy.Select(o => ("order_by", (string?)o)),
        ("page_token", query.PageToken),
    ];

    private static string? Next(string? token) => string.IsNullOrEmpty(token) ? null : token;
}
