using Microsoft.Data.Sqlite;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Tracking.Embedded;
using PvLakehouse.Forecasting.Tracking.Search;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>The registry in the lake itself, in the same file as its tracking.</summary>
internal sealed partial class EmbeddedRegistry(TrackingDatabase database, string warehouse, EmbeddedArtifacts artifacts, TimeProvider time)
    : IModelRegistry
{
    /// <inheritdoc/>
    public Task<RegisteredModel> CreateRegisteredModelAsync(
        string name, string? description = null, IReadOnlyDictionary<string, string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckModelName(name);
        TrackingRules.CheckTags(tags ?? Dictionaries.Empty);
        return database.WriteAsync(
            connection =>
            {
                RefuseTaken(connection, name);
                connection.Execute(
                    "INSERT INTO registered_models VALUES ($name, $now, $now, $description, 0)",
                    ("$name", name),
                    ("$now", Now()),
                    ("$description", description));
                foreach (var (key, value) in tags ?? Dictionaries.Empty)
                {
                    SetTag(connection, name, key, value);
                }

                return ModelRows.Model(connection, name);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RegisteredModel> GetRegisteredModelAsync(string name, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => ModelRows.Model(connection, name), cancellationToken);

    /// <inheritdoc/>
    public Task<Page<RegisteredModel>> SearchRegisteredModelsAsync(SearchQuery query, CancellationToken cancellationToken = default)
    {
        var filter = FilterSql.Of(SearchSchema.Models, query);
        var offset = PageToken.Offset(query, SearchSchema.Models.What);
        return database.ReadAsync(
            connection => PageToken.Cut(
                ModelRows.Models(
                    connection,
                    $"true{filter.Condition} ORDER BY {filter.Order} LIMIT $limit OFFSET $offset",
                    [.. filter.Parameters, ("$limit", query.MaxResults + 1), ("$offset", offset)]),
                query,
                SearchSchema.Models.What),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RegisteredModel> UpdateRegisteredModelAsync(
        string name, string description, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            name,
            connection => connection.Execute(
                "UPDATE registered_models SET description = $text WHERE name = $name", ("$text", description), ("$name", name)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<RegisteredModel> RenameRegisteredModelAsync(string name, string newName, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckModelName(newName);
        return database.WriteAsync(
            connection =>
            {
                _ = ModelRows.Model(connection, name);
                if (name != newName)
                {
                    RefuseTaken(connection, newName);
                }

                connection.Execute(
                    "UPDATE registered_models SET name = $new, last_updated_time = $now WHERE name = $name",
                    ("$new", newName),
                    ("$now", Now()),
                    ("$name", name));
                return ModelRows.Model(connection, newName);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteRegisteredModelAsync(string name, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            connection =>
            {
                _ = ModelRows.Model(connection, name);
                return connection.Execute("DELETE FROM registered_models WHERE name = $name", ("$name", name));
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task SetRegisteredModelTagAsync(string name, string key, string value, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckTag(key, value);
        return ChangeAsync(name, connection => SetTag(connection, name, key, value), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteRegisteredModelTagAsync(string name, string key, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            name,
            connection => connection.Execute(
                "DELETE FROM registered_model_tags WHERE name = $name AND key = $key", ("$name", name), ("$key", key)),
            cancellationToken);

    /// <inheritdoc/>
    public Task SetAliasAsync(string name, string alias, int version, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckAlias(alias);
        return ChangeAsync(
            name,
            connection =>
            {
                _ = ModelRows.Version(connection, warehouse, name, version);
                return SetAlias(connection, name, alias, version);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAliasAsync(string name, string alias, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            name,
            connection => connection.Execute(
                "DELETE FROM registered_model_aliases WHERE name = $name AND alias = $alias", ("$name", name), ("$alias", alias)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<ModelVersion?> FindByAliasAsync(string name, string alias, CancellationToken cancellationToken = default)
    {
        TrackingRules.CheckModelName(name);
        TrackingRules.CheckAlias(alias);
        return database.ReadAsync(connection => ByAlias(connection, name, alias), cancellationToken);
    }

    private ModelVersion? ByAlias(SqliteConnection connection, string name, string alias) => ModelRows.Versions(
        connection,
        warehouse,
        "(e.name, e.version) IN (SELECT a.name, a.version FROM registered_model_aliases a WHERE a.name = $name AND a.alias = $alias)",
        ("$name", name),
        ("$alias", alias)).SingleOrDefault();

    /// <summary>Changes a model that must be there, and notes when.</summary>
    private Task<RegisteredModel> ChangeAsync(string name, Func<SqliteConnection, int> change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            connection =>
            {
                _ = ModelRows.Model(connection, name);
                change(connection);
                Touch(connection, name);
                return ModelRows.Model(connection, name);
            },
            cancellationToken);

    private void Touch(SqliteConnection connection, string name) => connection.Execute(
        "UPDATE registered_models SET last_updated_time = $now WHERE name = $name", ("$now", Now()), ("$name", name));

    private static int SetTag(SqliteConnection connection, string name, string key, string value) => connection.Execute(
        "INSERT INTO registered_model_tags VALUES ($name, $key, $value) ON CONFLICT DO UPDATE SET value = excluded.value",
        ("$name", name),
        ("$key", key),
        ("$value", value));

    private static int SetAlias(SqliteConnection connection, string name, string alias, int version) => connection.Execute(
        "INSERT INTO registered_model_aliases VALUES ($name, $alias, $version) ON CONFLICT DO UPDATE SET version = excluded.version",
        ("$name", name),
        ("$alias", alias),
        ("$version", version));

    private static void RefuseTaken(SqliteConnection connection, string name)
    {
        if (ModelRows.Models(connection, "e.name = $name", ("$name", name)).Count > 0)
        {
            throw new TrackingException(TrackingFault.ResourceAlreadyExists, $"There is a registered model '{name}' already.");
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
