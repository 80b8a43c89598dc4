using Microsoft.Data.Sqlite;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Embedded;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>Rows of registered models and versions.</summary>
internal static class ModelRows
{
    /// <summary>Models that fulfil a condition, in an order.</summary>
    public static List<RegisteredModel> Models(
        SqliteConnection connection, string rest, params ReadOnlySpan<(string Name, object? Value)> values) =>
        connection.Query(
            $"SELECT e.name, e.creation_time, e.last_updated_time, e.description FROM registered_models e WHERE {rest}",
            r => new RegisteredModel
            {
                Name = r.GetString(0),
                CreationTimestamp = r.Instant(1),
                LastUpdatedTimestamp = r.Instant(2),
                Description = r.Text(3),
            },
            values).ConvertAll(m => m with
            {
                Tags = connection.Pairs("SELECT key, value FROM registered_model_tags WHERE name = $name", ("$name", m.Name)),
                Aliases = connection.Query(
                    "SELECT alias, version FROM registered_model_aliases WHERE name = $name",
                    r => (Alias: r.GetString(0), Version: r.GetInt32(1)),
                    ("$name", m.Name)).ToDictionary(a => a.Alias, a => a.Version, StringComparer.Ordinal),
            });

    /// <summary>One model.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public static RegisteredModel Model(SqliteConnection connection, string name) =>
        Models(connection, "e.name = $name", ("$name", name)) is [var model] ? model : throw new TrackingException(
            TrackingFault.ResourceDoesNotExist, $"There is no registered model '{name}'.");

    /// <summary>Versions that fulfil a condition, in an order.</summary>
    public static List<ModelVersion> Versions(
        SqliteConnection connection, string warehouse, string rest, params ReadOnlySpan<(string Name, object? Value)> values) =>
        connection.Query(
            $"""
            SELECT e.name, e.version, e.creation_time, e.last_updated_time, e.description, e.current_stage, e.run_id, e.artifact_path
            FROM model_versions e WHERE {rest}
            """,
            r => new ModelVersion
            {
                Name = r.GetString(0),
                Version = r.GetInt32(1),
                CreationTimestamp = r.Instant(2),
                LastUpdatedTimestamp = r.Instant(3),
                Description = r.Text(4),
                CurrentStage = RegistryText.Stage(r.GetString(5)),
                RunId = r.GetString(6),
                Source = r.GetString(7),
                Status = ModelVersionStatus.Ready,
            },
            values).ConvertAll(v => v with
            {
                // The warehouse may have moved since, so a source is made anew each time.
                Source = $"{RunRows.Get(connection, warehouse, v.RunId!).ArtifactUri}/{v.Source}",
                Tags = connection.Pairs(
                    "SELECT key, value FROM model_version_tags WHERE name = $name AND version = $version",
                    ("$name", v.Name),
                    ("$version", v.Version)),
                Aliases = connection.Query(
                    "SELECT alias FROM registered_model_aliases WHERE name = $name AND version = $version ORDER BY alias",
                    r => r.GetString(0),
                    ("$name", v.Name),
                    ("$version", v.Version)),
            });

    /// <summary>One version.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public static ModelVersion Version(SqliteConnection connection, string warehouse, string name, int version)
    {
        _ = Model(connection, name);
        var versions = Versions(
            connection, warehouse, "e.name = $name AND e.version = $version", ("$name", name), ("$version", version));
        return versions is [var found]
            ? found
            : throw new TrackingException(TrackingFault.ResourceDoesNotExist, $"The registered model '{name}' has no version {version}.");
    }
}
