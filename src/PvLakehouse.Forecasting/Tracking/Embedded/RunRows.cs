using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace PvLakehouse.Forecasting.Tracking.Embedded;

/// <summary>Rows of runs.</summary>
internal static class RunRows
{
    private const string Columns =
        """
        e.run_uuid, e.experiment_id, e.name, e.user_id, e.status, e.start_time, e.end_time, e.lifecycle_stage,
        (SELECT x.artifact_location FROM experiments x WHERE x.experiment_id = e.experiment_id)
        """;

    /// <summary>Runs that fulfil a condition, in an order, without what they logged.</summary>
    public static List<RunInfo> Select(
        SqliteConnection connection, string warehouse, string rest, params ReadOnlySpan<(string Name, object? Value)> values) =>
        connection.Query(
            $"SELECT {Columns} FROM runs e WHERE {rest}",
            r => new RunInfo
            {
                RunId = r.GetString(0),
                ExperimentId = r.GetInt64(1).ToString(CultureInfo.InvariantCulture),
                RunName = r.GetString(2),
                UserId = r.Text(3),
                Status = ProtocolText.Status(r.GetString(4)),
                StartTime = r.Instant(5),
                EndTime = r.IsDBNull(6) ? null : r.Instant(6),
                LifecycleStage = ProtocolText.Stage(r.GetString(7)),
                ArtifactUri = $"{ExperimentRows.ArtifactRoot(warehouse, r.GetInt64(1), r.Text(8))}/{r.GetString(0)}/artifacts",
            },
            values);

    /// <summary>One run, without what it logged.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public static RunInfo Get(SqliteConnection connection, string warehouse, string runId) =>
        Select(connection, warehouse, "e.run_uuid = $run", ("$run", runId)) is [var run] ? run : throw new TrackingException(
            TrackingFault.ResourceDoesNotExist, $"There is no run with the id '{runId}'.");

    /// <summary>One run that is not deleted.</summary>
    /// <exception cref="TrackingException">There is none, or it is deleted.</exception>
    public static RunInfo Active(SqliteConnection connection, string warehouse, string runId)
    {
        var run = Get(connection, warehouse, runId);
        return run.LifecycleStage == LifecycleStage.Active ? run : throw TrackingRules.Invalid(
            $"The run '{runId}' is deleted; restore it first.");
    }

    /// <summary>Adds what the runs logged.</summary>
    public static List<Run> Complete(SqliteConnection connection, List<RunInfo> infos)
    {
        var ids = JsonSerializer.Serialize(infos.ConvertAll(i => i.RunId));
        var metrics = Grouped(
            "SELECT run_uuid, key, value, is_nan, timestamp, step FROM latest_metrics",
            r => new Metric(r.GetString(1), Value(r, 2), r.Instant(4), r.GetInt64(5)));
        var parameters = Grouped("SELECT run_uuid, key, value FROM params", Pair);
        var tags = Grouped("SELECT run_uuid, key, value FROM tags", Pair);
        return infos.ConvertAll(i => new Run(i, new RunData
        {
            Metrics = metrics[i.RunId].ToDictionary(m => m.Key, StringComparer.Ordinal),
            Params = parameters[i.RunId].ToDictionary(StringComparer.Ordinal),
            Tags = tags[i.RunId].ToDictionary(StringComparer.Ordinal),
        }));

        ILookup<string, T> Grouped<T>(string select, Func<SqliteDataReader, T> read) => connection
            .Query(
                $"{select} WHERE run_uuid IN (SELECT value FROM json_each($ids))", r => (Run: r.GetString(0), Item: read(r)), ("$ids", ids))
            .ToLookup(p => p.Run, p => p.Item, StringComparer.Ordinal);

        static KeyValuePair<string, string> Pair(SqliteDataReader reader) => new(reader.GetString(1), reader.GetString(2));
    }

    /// <summary>All values of a metric.</summary>
    public static List<Metric> History(SqliteConnection connection, string runId, string key) => connection.Query(
        "SELECT value, is_nan, timestamp, step FROM metrics WHERE run_uuid = $run AND key = $key ORDER BY step, timestamp, value",
        r => new Metric(key, Value(r, 0), r.Instant(2), r.GetInt64(3)),
        ("$run", runId),
        ("$key", key));

    /// <summary>A value, followed by whether it is not a number.</summary>
    private static double Value(SqliteDataReader reader, int column) =>
        reader.GetBoolean(column + 1) ? double.NaN : reader.GetDouble(column);
}
