namespace PvLakehouse.Forecasting.Tracking.Embedded;

/// <summary>The tables of <c>tracking.db</c>.</summary>
/// <remarks>
/// Names follow MLflow's own database, which readers may know; the layout is ours, marked by application id and version. Instants are
/// milliseconds since 1970, UTC. SQLite keeps not-a-number as NULL, so it is a flag.
/// </remarks>
internal static class TrackingSchema
{
    /// <summary>"pvlt", in the header of the file.</summary>
    public const long ApplicationId = 0x70766c74;

    /// <summary>Version of the layout.</summary>
    public const long Version = 1;

    public const string Sql =
        """
        CREATE TABLE experiments (
            experiment_id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            artifact_location TEXT,
            lifecycle_stage TEXT NOT NULL,
            creation_time INTEGER NOT NULL,
            last_update_time INTEGER NOT NULL);
        CREATE TABLE experiment_tags (
            experiment_id INTEGER NOT NULL REFERENCES experiments,
            key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (experiment_id, key)) WITHOUT ROWID;
        CREATE TABLE runs (
            run_uuid TEXT PRIMARY KEY,
            experiment_id INTEGER NOT NULL REFERENCES experiments,
            name TEXT NOT NULL, user_id TEXT, status TEXT NOT NULL,
            start_time INTEGER NOT NULL, end_time INTEGER,
            lifecycle_stage TEXT NOT NULL, owner TEXT) WITHOUT ROWID;
        CREATE INDEX runs_of_experiment ON runs (experiment_id, start_time);
        CREATE TABLE params (
            run_uuid TEXT NOT NULL REFERENCES runs, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (run_uuid, key)) WITHOUT ROWID;
        CREATE TABLE tags (
            run_uuid TEXT NOT NULL REFERENCES runs, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (run_uuid, key)) WITHOUT ROWID;
        CREATE TABLE metrics (
            run_uuid TEXT NOT NULL REFERENCES runs, key TEXT NOT NULL,
            step INTEGER NOT NULL, timestamp INTEGER NOT NULL, value REAL NOT NULL, is_nan INTEGER NOT NULL,
            PRIMARY KEY (run_uuid, key, step, timestamp, value, is_nan)) WITHOUT ROWID;
        CREATE TABLE latest_metrics (
            run_uuid TEXT NOT NULL REFERENCES runs, key TEXT NOT NULL,
            step INTEGER NOT NULL, timestamp INTEGER NOT NULL, value REAL NOT NULL, is_nan INTEGER NOT NULL,
            PRIMARY KEY (run_uuid, key)) WITHOUT ROWID;
        CREATE TABLE artifacts (
            run_uuid TEXT NOT NULL REFERENCES runs, path TEXT NOT NULL,
            location TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
            PRIMARY KEY (run_uuid, path)) WITHOUT ROWID;
        CREATE TABLE registered_models (
            name TEXT PRIMARY KEY,
            creation_time INTEGER NOT NULL, last_updated_time INTEGER NOT NULL,
            description TEXT, last_version INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE registered_model_tags (
            name TEXT NOT NULL REFERENCES registered_models ON UPDATE CASCADE ON DELETE CASCADE,
            key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (name, key)) WITHOUT ROWID;
        CREATE TABLE model_versions (
            name TEXT NOT NULL REFERENCES registered_models ON UPDATE CASCADE ON DELETE CASCADE,
            version INTEGER NOT NULL,
            creation_time INTEGER NOT NULL, last_updated_time INTEGER NOT NULL,
            description TEXT, current_stage TEXT NOT NULL,
            run_id TEXT NOT NULL REFERENCES runs, artifact_path TEXT NOT NULL,
            PRIMARY KEY (name, version)) WITHOUT ROWID;
        CREATE INDEX versions_of_run ON model_versions (run_id);
        CREATE TABLE model_version_tags (
            name TEXT NOT NULL, version INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (name, version, key),
            FOREIGN KEY (name, version) REFERENCES model_versions ON UPDATE CASCADE ON DELETE CASCADE) WITHOUT ROWID;
        CREATE TABLE registered_model_aliases (
            name TEXT NOT NULL, alias TEXT NOT NULL, version INTEGER NOT NULL,
            PRIMARY KEY (name, alias),
            FOREIGN KEY (name, version) REFERENCES model_versions ON UPDATE CASCADE ON DELETE CASCADE) WITHOUT ROWID;
        """;
}
