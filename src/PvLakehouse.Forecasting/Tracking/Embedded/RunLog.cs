using Microsoft.Data.Sqlite;

namespace PvLakehouse.Forecasting.Tracking.Embedded;

/// <summary>Writes what runs log.</summary>
internal static class RunLog
{
    /// <summary>Adds a batch to a run.</summary>
    /// <exception cref="TrackingException">A parameter has another value already.</exception>
    public static void Add(SqliteConnection connection, string runId, RunBatch batch)
    {
        foreach (var (key, value) in batch.Params)
        {
            AddParam(connection, runId, key, value);
        }

        foreach (var metric in batch.Metrics)
        {
            AddMetric(connection, runId, metric);
        }

        foreach (var (key, value) in batch.Tags)
        {
            SetTag(connection, runId, key, value);
        }
    }

    /// <summary>Sets a tag; that of the run's name is the run's name.</summary>
    public static void SetTag(SqliteConnection connection, string runId, string key, string value)
    {
        connection.Execute(
            "INSERT INTO tags VALUES ($run, $key, $value) ON CONFLICT DO UPDATE SET value = excluded.value",
            ("$run", runId),
            ("$key", key),
            ("$value", value));
        if (key == SystemTags.RunName)
        {
            connection.Execute("UPDATE runs SET name = $name WHERE run_uuid = $run", ("$name", value), ("$run", runId));
        }
    }

    private static void AddParam(SqliteConnection connection, string runId, string key, string value)
    {
        var added = connection.Execute(
            "INSERT INTO params VALUES ($run, $key, $value) ON CONFLICT DO NOTHING", ("$run", runId), ("$key", key), ("$value", value));
        const string sql = "SELECT value FROM params WHERE run_uuid = $run AND key = $key";
        if (added == 0 && connection.Scalar(sql, ("$run", runId), ("$key", key)) is string before && before != value)
        {
            throw TrackingRules.Invalid(
                $"Parameter '{key}' of run '{runId}' is '{before}' and cannot become '{value}'; parameters do not change.");
        }
    }

    private static void AddMetric(SqliteConnection connection, string runId, Metric metric)
    {
        var isNan = double.IsNaN(metric.Value);
        ReadOnlySpan<(string, object?)> values =
        [
            ("$run", runId), ("$key", metric.Key), ("$step", metric.Step), ("$at", metric.Timestamp.ToUnixTimeMilliseconds()),
            ("$value", isNan ? 0d : metric.Value), ("$nan", isNan),
        ];
        connection.Execute("INSERT INTO metrics VALUES ($run, $key, $step, $at, $value, $nan) ON CONFLICT DO NOTHING", values);
        connection.Execute(
            """
            INSERT INTO latest_metrics AS old VALUES ($run, $key, $step, $at, $value, $nan)
            ON CONFLICT DO UPDATE SET step = excluded.step, timestamp = excluded.timestamp, value = excluded.value, is_nan = excluded.is_nan
            WHERE (excluded.step, excluded.timestamp, excluded.value) > (old.step, old.timestamp, old.value)
            """,
            values);
    }
}
