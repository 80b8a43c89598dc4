using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PvLakehouse.Forecasting.Tracking.Search;

namespace PvLakehouse.Forecasting.Tracking.Embedded;

/// <summary>Tracking in the lake itself: a SQLite file, and artifacts in the warehouse.</summary>
internal sealed partial class EmbeddedTracking(
    TrackingDatabase database, string warehouse, EmbeddedArtifacts artifacts, RunOwners owners, TimeProvider time) : ITrackingStore
{
    /// <inheritdoc/>
    public string Address => database.Path;

    /// <inheritdoc/>
    public Task<Run> CreateRunAsync(NewRun run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        TrackingRules.CheckTags(run.Tags);
        var owner = run.LivesInThisProcess ? owners.Own : null;
        return database.WriteAsync(
            connection =>
            {
                _ = ExperimentRows.Active(connection, warehouse, run.ExperimentId);
                var id = Guid.NewGuid().ToString("N");
                var name = string.IsNullOrEmpty(run.RunName) ? $"run-{id[..8]}" : run.RunName;
                connection.Execute(
                    "INSERT INTO runs VALUES ($run, $experiment, $name, $user, 'RUNNING', $start, NULL, 'active', $owner)",
                    ("$run", id),
                    ("$experiment", ExperimentRows.Number(run.ExperimentId)),
                    ("$name", name),
                    ("$user", SystemTags.UserOf(run)),
                    ("$start", run.StartTime?.ToUnixTimeMilliseconds() ?? Now()),
                    ("$owner", owner));
                RunLog.Add(connection, id, new RunBatch { Tags = SystemTags.Of(run) });
                RunLog.SetTag(connection, id, SystemTags.RunName, name);
                return Complete(connection, id);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Run> GetRunAsync(string runId, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => Complete(connection, runId), cancellationToken);

    /// <inheritdoc/>
    public Task<RunInfo> UpdateRunAsync(string runId, RunUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return database.WriteAsync(
            connection =>
            {
                _ = RunRows.Active(connection, warehouse, runId);
                connection.Execute(
                    "UPDATE runs SET status = coalesce($status, status), end_time = coalesce($end, end_time) WHERE run_uuid = $run",
                    ("$status", update.Status is { } status ? ProtocolText.Of(status) : null),
                    ("$end", update.EndTime?.ToUnixTimeMilliseconds()),
                    ("$run", runId));
                if (!string.IsNullOrEmpty(update.RunName))
                {
                    RunLog.SetTag(connection, runId, SystemTags.RunName, update.RunName);
                }

                return RunRows.Get(connection, warehouse, runId);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Page<Run>> SearchRunsAsync(
        IReadOnlyList<string> experimentIds, SearchQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(experimentIds);
        var filter = FilterSql.Of(SearchSchema.Runs, query);
        var experiments = JsonSerializer.Serialize(experimentIds.Select(ExperimentRows.Number));
        var offset = PageToken.Offset(query, experiments);
        return database.ReadAsync(
            connection =>
            {
                var page = PageToken.Cut(
                    RunRows.Select(
                        connection,
                        warehouse,
                        $"e.experiment_id IN (SELECT value FROM json_each($experiments)) AND {InView(query.ViewType)}{filter.Condition} "
                        + $"ORDER BY {filter.Order} LIMIT $limit OFFSET $offset",
                        [.. filter.Parameters, ("$experiments", experiments), ("$limit", query.MaxResults + 1), ("$offset", offset)]),
                    query,
                    experiments);
                return new Page<Run>(RunRows.Complete(connection, [.. page.Items]), page.NextPageToken);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteRunAsync(string runId, CancellationToken cancellationToken = default) =>
        MoveRunAsync(runId, LifecycleStage.Deleted, cancellationToken);

    /// <inheritdoc/>
    public Task RestoreRunAsync(string runId, CancellationToken cancellationToken = default) =>
        MoveRunAsync(runId, LifecycleStage.Active, cancellationToken);

    /// <inheritdoc/>
    public Task LogBatchAsync(string runId, RunBatch batch, CancellationToken cancellationToken = default)
    {
        TrackingRules.Check(batch);
        return database.WriteAsync(
            connection =>
            {
                _ = RunRows.Active(connection, warehouse, runId);
                RunLog.Add(connection, runId, batch);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteRunTagAsync(string runId, string key, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            connection =>
            {
                _ = RunRows.Active(connection, warehouse, runId);
                return connection.Execute("DELETE FROM tags WHERE run_uuid = $run AND key = $key", ("$run", runId), ("$key", key)) > 0
                    ? true
                    : throw new TrackingException(TrackingFault.ResourceDoesNotExist, $"The run '{runId}' has no tag '{key}'.");
            },
            cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Metric> GetMetricHistoryAsync(
        string runId, string key, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var history = await database.ReadAsync(
            connection =>
            {
                _ = RunRows.Get(connection, warehouse, runId);
                return RunRows.History(connection, runId, key);
            },
            cancellationToken);
        foreach (var metric in history)
        {
            yield return metric;
        }
    }

    /// <inheritdoc/>
    public Task UploadArtifactAsync(string runId, string path, Stream content, CancellationToken cancellationToken = default) =>
        artifacts.UploadAsync(runId, path, content, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ArtifactFile>> ListArtifactsAsync(
        string runId, string? path = null, CancellationToken cancellationToken = default) =>
        artifacts.ListAsync(runId, path, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> OpenArtifactAsync(string runId, string path, CancellationToken cancellationToken = default) =>
        artifacts.OpenAsync(runId, path, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CloseAbandonedRunsAsync(CancellationToken cancellationToken = default)
    {
        var closed = await database.WriteAsync(
            connection => connection
                .Query(
                    "SELECT DISTINCT owner FROM runs WHERE owner IS NOT NULL AND status IN ('RUNNING', 'SCHEDULED')", r => r.GetString(0))
                .Where(owner => !owners.Lives(owner))
                .SelectMany(owner => connection.Query(
                    """
                    UPDATE runs SET status = 'KILLED', end_time = max($now, start_time)
                    WHERE owner = $owner AND status IN ('RUNNING', 'SCHEDULED') RETURNING run_uuid
                    """,
                    r => r.GetString(0),
                    ("$now", Now()),
                    ("$owner", owner)))
                .ToList(),
            cancellationToken);
        foreach (var owner in owners.Gone())
        {
            owners.Forget(owner);
        }

        return closed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        artifacts.Dispose();
        owners.Dispose();
        await database.DisposeAsync();
    }

    private Run Complete(SqliteConnection connection, string runId) =>
        RunRows.Complete(connection, [RunRows.Get(connection, warehouse, runId)])[0];

    private Task<bool> MoveRunAsync(string runId, LifecycleStage stage, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                _ = RunRows.Get(connection, warehouse, runId);
                connection.Execute(
                    "UPDATE runs SET lifecycle_stage = $stage WHERE run_uuid = $run", ("$stage", ProtocolText.Of(stage)), ("$run", runId));
                return true;
            },
            cancellationToken);

    private static string InView(ViewType view) => view switch
    {
        ViewType.ActiveOnly => "e.lifecycle_stage = 'active'",
        ViewType.DeletedOnly => "e.lifecycle_stage = 'deleted'",
        _ => "true",
    };

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
