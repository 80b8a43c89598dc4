using Microsoft.Data.Sqlite;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Embedded;
using PvLakehouse.Forecasting.Tracking.Search;

namespace PvLakehouse.Forecasting.Registry;

/// <content>Versions.</content>
internal sealed partial class EmbeddedRegistry
{
    /// <inheritdoc/>
    public Task<ModelVersion> CreateModelVersionAsync(NewModelVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        TrackingRules.CheckArtifactPath(version.ArtifactPath);
        TrackingRules.CheckTags(version.Tags);
        return database.WriteAsync(
            connection =>
            {
                _ = ModelRows.Model(connection, version.Name);
                _ = RunRows.Active(connection, warehouse, version.RunId);
                if (EmbeddedArtifacts.Below(connection, version.RunId, $"{version.ArtifactPath}/").Count == 0)
                {
                    throw new TrackingException(
                        TrackingFault.ResourceDoesNotExist,
                        $"The run '{version.RunId}' has no files in '{version.ArtifactPath}', of which a version could be made; upload "
                        + "them first.");
                }

                return Insert(connection, version);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ModelVersion> GetModelVersionAsync(string name, int version, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => ModelRows.Version(connection, warehouse, name, version), cancellationToken);

    /// <inheritdoc/>
    public Task<Page<ModelVersion>> SearchModelVersionsAsync(SearchQuery query, CancellationToken cancellationToken = default)
    {
        var filter = FilterSql.Of(SearchSchema.Versions, query);
        var offset = PageToken.Offset(query, SearchSchema.Versions.What);
        return database.ReadAsync(
            connection => PageToken.Cut(
                ModelRows.Versions(
                    connection,
                    warehouse,
                    $"true{filter.Condition} ORDER BY {filter.Order} LIMIT $limit OFFSET $offset",
                    [.. filter.Parameters, ("$limit", query.MaxResults + 1), ("$offset", offset)]),
                query,
                SearchSchema.Versions.What),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ModelVersion> UpdateModelVersionAsync(
        string name, int version, string description, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            name,
            version,
            connection => connection.Execute(
                "UPDATE model_versions SET description = $text WHERE name = $name AND version = $version",
                ("$text", description),
                ("$name", name),
                ("$version", version)),
            cancellationToken);

    /// <inheritdoc/>
    public Task DeleteModelVersionAsync(string name, int version, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            connection =>
            {
                _ = ModelRows.Version(connection, warehouse, name, version);
                Touch(connection, name);
                return connection.Execute(
                    "DELETE FROM model_versions WHERE name = $name AND version = $version", ("$name", name), ("$version", version));
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task SetModelVersionTagAsync(string name, int version, string key, string value, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckTag(key, value);
        return ChangeAsync(name, version, connection => SetTag(connection, name, version, key, value), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteModelVersionTagAsync(string name, int version, string key, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            name,
            version,
            connection => connection.Execute(
                "DELETE FROM model_version_tags WHERE name = $name AND version = $version AND key = $key",
                ("$name", name),
                ("$version", version),
                ("$key", key)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<ModelVersion> TransitionStageAsync(
        string name, int version, ModelStage stage, bool archiveExisting, CancellationToken cancellationToken = default)
    {
        RegistryText.CheckTransition(stage, archiveExisting);
        return ChangeAsync(
            name,
            version,
            connection =>
            {
                if (archiveExisting)
                {
                    connection.Execute(
                        """
                        UPDATE model_versions SET current_stage = 'Archived', last_updated_time = $now
                        WHERE name = $name AND version <> $version AND current_stage = $stage
                        """,
                        ("$now", Now()),
                        ("$name", name),
                        ("$version", version),
                        ("$stage", RegistryText.Of(stage)));
                }

                return connection.Execute(
                    "UPDATE model_versions SET current_stage = $stage WHERE name = $name AND version = $version",
                    ("$stage", RegistryText.Of(stage)),
                    ("$name", name),
                    ("$version", version));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ModelVersion> PromoteAsync(
        string name, int version, string alias, string reason, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckAlias(alias);
        return database.WriteAsync(
            connection =>
            {
                var promoted = ModelRows.Version(connection, warehouse, name, version);
                var before = ByAlias(connection, name, alias)?.Version;
                var tags = RegistryText.PromotionTags(alias, reason, time.GetUtcNow(), before);
                if (before == version)
                {
                    return promoted;
                }

                foreach (var (key, value) in tags)
                {
                    SetTag(connection, name, version, key, value);
                }

                SetAlias(connection, name, alias, version);
                TouchVersion(connection, name, version);
                return ModelRows.Version(connection, warehouse, name, version);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string> GetDownloadUriAsync(string name, int version, CancellationToken cancellationToken = default) =>
        (await GetModelVersionAsync(name, version, cancellationToken)).Source;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ArtifactFile>> ListFilesAsync(string name, int version, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<ArtifactFile>>(
            connection =>
            {
                var (run, folder) = PlaceOf(connection, name, version);
                var files = EmbeddedArtifacts.Below(connection, run, $"{folder}/");
                return files.ConvertAll(f => f with { Path = f.Path[(folder.Length + 1)..] });
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task<Stream> OpenFileAsync(string name, int version, string path, CancellationToken cancellationToken = default)
    {
        var (run, folder) = await database.ReadAsync(connection => PlaceOf(connection, name, version), cancellationToken);
        return await artifacts.OpenAsync(run, $"{folder}/{path}", cancellationToken);
    }

    private ModelVersion Insert(SqliteConnection connection, NewModelVersion version)
    {
        var number = (int)(long)connection.Scalar(
            """
            UPDATE registered_models SET last_version = last_version + 1, last_updated_time = $now
            WHERE name = $name RETURNING last_version
            """,
            ("$now", Now()),
            ("$name", version.Name))!;
        connection.Execute(
            "INSERT INTO model_versions VALUES ($name, $version, $now, $now, $description, 'None', $run, $path)",
            ("$name", version.Name),
            ("$version", number),
            ("$now", Now()),
            ("$description", version.Description),
            ("$run", version.RunId),
            ("$path", version.ArtifactPath));
        foreach (var (key, value) in version.Tags)
        {
            SetTag(connection, version.Name, number, key, value);
        }

        return ModelRows.Version(connection, warehouse, version.Name, number);
    }

    private static (string Run, string Folder) PlaceOf(SqliteConnection connection, string name, int version)
    {
        _ = ModelRows.Model(connection, name);
        return connection.Query(
            "SELECT run_id, artifact_path FROM model_versions WHERE name = $name AND version = $version",
            r => (r.GetString(0), r.GetString(1)),
            ("$name", name),
            ("$version", version)) is [var place] ? place : throw new TrackingException(
            TrackingFault.ResourceDoesNotExist, $"The registered model '{name}' has no version {version}.");
    }

    /// <summary>Changes a version that must be there, and notes when.</summary>
    private Task<ModelVersion> ChangeAsync(
        string name, int version, Func<SqliteConnection, int> change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                _ = ModelRows.Version(connection, warehouse, name, version);
                change(connection);
                TouchVersion(connection, name, version);
                return ModelRows.Version(connection, warehouse, name, version);
            },
            cancellationToken);

    private void TouchVersion(SqliteConnection connection, string name, int version)
    {
        Touch(connection, name);
        connection.Execute(
            "UPDATE model_versions SET last_updated_time = $now WHERE name = $name AND version = $version",
            ("$now", Now()),
            ("$name", name),
            ("$version", version));
    }

    private static int SetTag(SqliteConnection connection, string name, int version, string key, string value) => connection.Execute(
        "INSERT INTO model_version_tags VALUES ($name, $version, $key, $value) ON CONFLICT DO UPDATE SET value = excluded.value",
        ("$name", name),
        ("$version", version),
        ("$key", key),
        ("$value", value));
}
