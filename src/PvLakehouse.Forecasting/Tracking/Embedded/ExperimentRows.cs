using System.Globalization;
using Microsoft.Data.Sqlite;

namespace PvLakehouse.Forecasting.Tracking.Embedded;

/// <summary>Rows of experiments.</summary>
internal static class ExperimentRows
{
    private const string Columns = "e.experiment_id, e.name, e.artifact_location, e.lifecycle_stage, e.creation_time, e.last_update_time";

    /// <summary>Experiments that fulfil a condition, in an order.</summary>
    public static List<Experiment> Select(
        SqliteConnection connection, string warehouse, string rest, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var found = connection.Query(
            $"SELECT {Columns} FROM experiments e WHERE {rest}",
            r => new Experiment
            {
                ExperimentId = r.GetInt64(0).ToString(CultureInfo.InvariantCulture),
                Name = r.GetString(1),
                ArtifactLocation = ArtifactRoot(warehouse, r.GetInt64(0), r.Text(2)),
                LifecycleStage = ProtocolText.Stage(r.GetString(3)),
                CreationTime = r.Instant(4),
                LastUpdateTime = r.Instant(5),
            },
            values);
        return found.ConvertAll(e => e with
        {
            Tags = connection.Pairs("SELECT key, value FROM experiment_tags WHERE experiment_id = $id", ("$id", Number(e.ExperimentId))),
        });
    }

    /// <summary>One experiment.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public static Experiment Get(SqliteConnection connection, string warehouse, string experimentId) =>
        Select(connection, warehouse, "e.experiment_id = $id", ("$id", Number(experimentId))) is [var experiment]
            ? experiment
            : throw new TrackingException(
                TrackingFault.ResourceDoesNotExist, $"There is no experiment with the id '{experimentId}'.");

    /// <summary>One experiment that is not deleted.</summary>
    /// <exception cref="TrackingException">There is none, or it is deleted.</exception>
    public static Experiment Active(SqliteConnection connection, string warehouse, string experimentId)
    {
        var experiment = Get(connection, warehouse, experimentId);
        return experiment.LifecycleStage == LifecycleStage.Active ? experiment : throw TrackingRules.Invalid(
            $"The experiment '{experiment.Name}' is deleted; restore it first.");
    }

    /// <summary>The folder below which an experiment's runs keep their artifacts.</summary>
    public static string ArtifactRoot(string warehouse, long experiment, string? location) =>
        location ?? string.Create(CultureInfo.InvariantCulture, $"{warehouse}/ml/{experiment}");

    /// <summary>The number that an id writes out; one that no experiment has when it is none.</summary>
    public static long Number(string experimentId) =>
        long.TryParse(experimentId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
