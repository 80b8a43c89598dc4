using System.Globalization;
using Microsoft.Data.Sqlite;
using PvLakehouse.Forecasting.Tracking.Search;

namespace PvLakehouse.Forecasting.Tracking.Embedded;

/// <content>Experiments.</content>
internal sealed partial class EmbeddedTracking
{
    /// <inheritdoc/>
    public Task<string> CreateExperimentAsync(
        string name, IReadOnlyDictionary<string, string>? tags = null, string? artifactLocation = null,
        CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckExperimentName(name);
        TrackingRules.CheckTags(tags ?? Dictionaries.Empty);
        return database.WriteAsync(
            connection =>
            {
                RefuseTaken(connection, name);
                var id = (long)connection.Scalar(
                    "INSERT INTO experiments VALUES (NULL, $name, $location, 'active', $now, $now) RETURNING experiment_id",
                    ("$name", name),
                    ("$location", artifactLocation?.TrimEnd('/')),
                    ("$now", Now()))!;
                foreach (var (key, value) in tags ?? Dictionaries.Empty)
                {
                    SetTag(connection, id, key, value);
                }

                return id.ToString(CultureInfo.InvariantCulture);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Experiment> GetExperimentAsync(string experimentId, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => ExperimentRows.Get(connection, warehouse, experimentId), cancellationToken);

    /// <inheritdoc/>
    public Task<Experiment?> FindExperimentAsync(string name, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection => ExperimentRows.Select(connection, warehouse, "e.name = $name", ("$name", name)).SingleOrDefault(),
            cancellationToken);

    /// <inheritdoc/>
    public Task<Page<Experiment>> SearchExperimentsAsync(SearchQuery query, CancellationToken cancellationToken = default)
    {
        var filter = FilterSql.Of(SearchSchema.Experiments, query);
        var offset = PageToken.Offset(query, SearchSchema.Experiments.What);
        return database.ReadAsync(
            connection => PageToken.Cut(
                ExperimentRows.Select(
                    connection,
                    warehouse,
                    $"{InView(query.ViewType)}{filter.Condition} ORDER BY {filter.Order} LIMIT $limit OFFSET $offset",
                    [.. filter.Parameters, ("$limit", query.MaxResults + 1), ("$offset", offset)]),
                query,
                SearchSchema.Experiments.What),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task SetExperimentTagAsync(string experimentId, string key, string value, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckTag(key, value);
        return ChangeAsync(experimentId, (connection, id) => SetTag(connection, id, key, value), cancellationToken);
    }

    /// <inheritdoc/>
    public Task RenameExperimentAsync(string experimentId, string newName, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckExperimentName(newName);
        return ChangeAsync(
            experimentId,
            (connection, id) =>
            {
                RefuseTaken(connection, newName, except: id);
                connection.Execute("UPDATE experiments SET name = $name WHERE experiment_id = $id", ("$name", newName), ("$id", id));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteExperimentAsync(string experimentId, CancellationToken cancellationToken = default) =>
        ChangeAsync(experimentId, (connection, id) => Move(connection, id, LifecycleStage.Deleted), cancellationToken);

    /// <inheritdoc/>
    public Task RestoreExperimentAsync(string experimentId, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            connection =>
            {
                _ = ExperimentRows.Get(connection, warehouse, experimentId);
                Move(connection, ExperimentRows.Number(experimentId), LifecycleStage.Active);
                return true;
            },
            cancellationToken);

    /// <summary>Changes an active experiment and notes when.</summary>
    private Task<bool> ChangeAsync(string experimentId, Action<SqliteConnection, long> change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                _ = ExperimentRows.Active(connection, warehouse, experimentId);
                var id = ExperimentRows.Number(experimentId);
                change(connection, id);
                connection.Execute(
                    "UPDATE experiments SET last_update_time = $now WHERE experiment_id = $id", ("$now", Now()), ("$id", id));
                return true;
            },
            cancellationToken);

    private static void Move(SqliteConnection connection, long experiment, LifecycleStage stage)
    {
        foreach (var table in new[] { "experiments", "runs" })
        {
            connection.Execute(
                $"UPDATE {table} SET lifecycle_stage = $stage WHERE experiment_id = $id",
                ("$stage", ProtocolText.Of(stage)),
                ("$id", experiment));
        }
    }

    private static void SetTag(SqliteConnection connection, long experiment, string key, string value) => connection.Execute(
        "INSERT INTO experiment_tags VALUES ($id, $key, $value) ON CONFLICT DO UPDATE SET value = excluded.value",
        ("$id", experiment),
        ("$key", key),
        ("$value", value));

    private static void RefuseTaken(SqliteConnection connection, string name, long except = -1)
    {
        const string sql = "SELECT lifecycle_stage FROM experiments WHERE name = $name AND experiment_id <> $id";
        if (connection.Scalar(sql, ("$name", name), ("$id", except)) is string stage)
        {
            throw new TrackingException(
                TrackingFault.ResourceAlreadyExists,
                stage == "active"
                    ? $"There is an experiment '{name}' already."
                    : $"There is a deleted experiment '{name}'; restore it, or choose another name.");
        }
    }
}
