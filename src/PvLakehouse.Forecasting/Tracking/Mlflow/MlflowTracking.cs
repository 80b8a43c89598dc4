using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using PvLakehouse.Forecasting.Tracking.Mlflow.Wire;
using PvLakehouse.Forecasting.Tracking.Search;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Tracking by an MLflow server, 2.4 to 3.x, through its REST API.</summary>
internal sealed partial class MlflowTracking(MlflowConnection connection, MlflowArtifacts artifacts, RunOwners owners) : ITrackingStore
{
    /// <summary>The tag that names the process of a run; see <see cref="RunOwners"/>.</summary>
    private const string OwnerTag = "pvlake.owner";

    private const string HistoryPage = "10000";

    /// <inheritdoc/>
    public string Address => connection.Server.AbsoluteUri;

    /// <inheritdoc/>
    public Task<Run> CreateRunAsync(NewRun run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        TrackingRules.CheckTags(run.Tags);
        var mark = MlflowCreation.NewMark();
        var tags = MlflowCreation.Marked(SystemTags.Of(run), mark);
        if (run.LivesInThisProcess)
        {
            tags[OwnerTag] = owners.Own;
        }

        var start = run.StartTime ?? connection.Time.GetUtcNow();
        return MlflowCreation.OnceAsync(
            connection,
            async token =>
            {
                var body = new JsonObject
                {
                    ["experiment_id"] = run.ExperimentId,
                    ["user_id"] = SystemTags.UserOf(run),
                    ["start_time"] = start.ToUnixTimeMilliseconds(),
                    ["tags"] = MlflowJson.Pairs(tags),
                };
                if (!string.IsNullOrEmpty(run.RunName))
                {
                    body["run_name"] = run.RunName;
                }

                var answer = await connection.SendAsync(
                    HttpMethod.Post, "mlflow/runs/create", body, MlflowCall.Creation, MlflowJson.Default.RunAnswer, token);
                return answer.Run.ToRun();
            },
            async token =>
            {
                var query = new SearchQuery { Filter = $"{FilterText.Field("tags", MlflowCreation.Tag)} = '{mark}'", MaxResults = 1 };
                return (await SearchRunsAsync([run.ExperimentId], query, token)).Items is [var made, ..] ? made : null;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Run> GetRunAsync(string runId, CancellationToken cancellationToken = default) =>
        (await connection.GetAsync("mlflow/runs/get", [("run_id", runId)], MlflowJson.Default.RunAnswer, cancellationToken)).Run.ToRun();

    /// <inheritdoc/>
    public async Task<RunInfo> UpdateRunAsync(string runId, RunUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        var body = new JsonObject { ["run_id"] = runId };
        if (update.Status is { } status)
        {
            body["status"] = ProtocolText.Of(status);
        }

        if (update.EndTime is { } end)
        {
            body["end_time"] = end.ToUnixTimeMilliseconds();
        }

        if (!string.IsNullOrEmpty(update.RunName))
        {
            body["run_name"] = update.RunName;
        }

        var answer = await connection.SendAsync(
            HttpMethod.Post, "mlflow/runs/update", body, MlflowCall.Repeatable, MlflowJson.Default.RunUpdated, cancellationToken);
        return answer.RunInfo.ToInfo();
    }

    /// <inheritdoc/>
    public async Task<Page<Run>> SearchRunsAsync(
        IReadOnlyList<string> experimentIds, SearchQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(experimentIds);
        var body = SearchBody(query);
        body["experiment_ids"] = MlflowJson.Texts(experimentIds);
        body["run_view_type"] = ProtocolText.Of(query.ViewType);
        var answer = await connection.SendAsync(
            HttpMethod.Post, "mlflow/runs/search", body, MlflowCall.Repeatable, MlflowJson.Default.RunsAnswer, cancellationToken);
        return new Page<Run>([.. (answer.Runs ?? []).Select(r => r.ToRun())], Next(answer.NextPageToken));
    }

    /// <inheritdoc/>
    public Task DeleteRunAsync(string runId, CancellationToken cancellationToken = default) =>
        PostAsync("mlflow/runs/delete", new() { ["run_id"] = runId }, MlflowCall.Deletion, cancellationToken);

    /// <inheritdoc/>
    public Task RestoreRunAsync(string runId, CancellationToken cancellationToken = default) =>
        PostAsync("mlflow/runs/restore", new() { ["run_id"] = runId }, MlflowCall.Repeatable, cancellationToken);

    /// <inheritdoc/>
    public async Task LogBatchAsync(string runId, RunBatch batch, CancellationToken cancellationToken = default)
    {
        TrackingRules.Check(batch);
        foreach (var piece in BatchPieces.Of(runId, batch))
        {
            await PostAsync("mlflow/runs/log-batch", piece, MlflowCall.Repeatable, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task DeleteRunTagAsync(string runId, string key, CancellationToken cancellationToken = default) =>
        PostAsync("mlflow/runs/delete-tag", new() { ["run_id"] = runId, ["key"] = key }, MlflowCall.Deletion, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Metric> GetMetricHistoryAsync(
        string runId, string key, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var history = new List<Metric>();
        string? token = null;
        do
        {
            var answer = await connection.GetAsync(
                "mlflow/metrics/get-history",
                [("run_id", runId), ("metric_key", key), ("max_results", HistoryPage), ("page_token", token)],
                MlflowJson.Default.MetricsAnswer,
                cancellationToken);
            history.AddRange((answer.Metrics ?? []).Select(m => m.ToMetric()));
            token = Next(answer.NextPageToken);
        }
        while (token is not null);

        // Servers give the values in orders of their own.
        foreach (var metric in history.OrderBy(m => m.Step).ThenBy(m => m.Timestamp).ThenBy(m => m.Value))
        {
            yield return metric;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CloseAbandonedRunsAsync(CancellationToken cancellationToken = default)
    {
        var closed = new List<string>();
        foreach (var owner in owners.Gone())
        {
            var query = new SearchQuery { Filter = $"{FilterText.Field("tags", OwnerTag)} = '{owner}' and attributes.status = 'RUNNING'" };
            await foreach (var experiment in Paging.AllAsync(SearchQuery.Everything, SearchExperimentsAsync, cancellationToken))
            {
                // Page by page would skip runs, because those that were ended drop out of the search.
                var open = await Paging.AllAsync(
                    query, (q, token) => SearchRunsAsync([experiment.ExperimentId], q, token), cancellationToken)
                    .ToListAsync(cancellationToken);
                foreach (var run in open)
                {
                    var end = connection.Time.GetUtcNow();
                    await UpdateRunAsync(run.Info.RunId, new RunUpdate { Status = RunStatus.Killed, EndTime = end }, cancellationToken);
                    closed.Add(run.Info.RunId);
                }
            }

            owners.Forget(owner);
        }

        return closed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        owners.Dispose();
        connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task PostAsync(string route, JsonObject body, MlflowCall call, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Post, route, body, call, cancellationToken);

    private static JsonObject SearchBody(SearchQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var body = new JsonObject { ["max_results"] = query.MaxResults };
        if (!string.IsNullOrWhiteSpace(query.Filter))
        {
            body["filter"] = query.Filter;
        }

        if (query.OrderBy.Count > 0)
        {
            body["order_by"] = MlflowJson.Texts(query.OrderBy);
        }

        if (query.PageToken is { } token)
        {
            body["page_token"] = token;
        }

        return body;
    }

    /// <summary>Older servers end with an empty token.</summary>
    private static string? Next(string? token) => string.IsNullOrEmpty(token) ? null : token;
}
