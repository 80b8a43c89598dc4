using System.Data.Common;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Iceberg.Sql;

/// <content>Namespaces: rows of properties, one of which always says that the namespace exists.</content>
public sealed partial class SqlCatalog
{
    /// <inheritdoc/>
    public override Task CreateNamespaceAsync(
        Namespace @namespace, IReadOnlyDictionary<string, string>? properties = null, CancellationToken cancellationToken = default) =>
        WriteAsync(
            async session =>
            {
                if (await ExistsAsync(session, @namespace, cancellationToken))
                {
                    throw NamespaceExists(@namespace, null);
                }

                try
                {
                    await InsertAsync(session, @namespace, JdbcTables.ExistsKey, "true", cancellationToken);
                    foreach (var (key, value) in properties ?? new Dictionary<string, string>(StringComparer.Ordinal))
                    {
                        CheckProperty(key, value);
                        await InsertAsync(session, @namespace, key, value, cancellationToken);
                    }

                    return 1;
                }
                catch (DbException e) when (_dialect.IsKeyTaken(e))
                {
                    throw NamespaceExists(@namespace, e);
                }
            },
            cancellationToken);

    /// <inheritdoc/>
    public override Task<bool> NamespaceExistsAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        ReadAsync(session => ExistsAsync(session, @namespace, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Namespace>> ListNamespacesAsync(
        Namespace? parent = null, CancellationToken cancellationToken = default) => ReadAsync<IReadOnlyList<Namespace>>(
        async session =>
        {
            if (parent is not null && !await ExistsAsync(session, parent, cancellationToken))
            {
                throw NoSuchNamespace(parent);
            }

            var rows = await session.QueryAsync(
                "SELECT namespace FROM iceberg_namespace_properties WHERE catalog_name = @catalog "
                + "UNION SELECT table_namespace FROM iceberg_tables WHERE catalog_name = @catalog",
                cancellationToken,
                ("@catalog", Name));
            var depth = parent?.Levels.Count ?? 0;
            var prefix = parent is null ? "" : Text(parent) + ".";
            return [.. rows.Select(r => r[0]!)
                .Where(n => n.Length > prefix.Length && n.StartsWith(prefix, StringComparison.Ordinal))
                .Select(n => new Namespace([.. n.Split('.').Take(depth + 1)]))
                .Distinct()
                .OrderBy(n => n.ToString(), StringComparer.Ordinal)];
        },
        cancellationToken);

    /// <inheritdoc/>
    public override Task<IReadOnlyDictionary<string, string>> LoadNamespacePropertiesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default) => ReadAsync<IReadOnlyDictionary<string, string>>(
        async session =>
        {
            if (!await ExistsAsync(session, @namespace, cancellationToken))
            {
                throw NoSuchNamespace(@namespace);
            }

            var rows = await session.QueryAsync(
                "SELECT property_key, property_value FROM iceberg_namespace_properties "
                + "WHERE catalog_name = @catalog AND namespace = @namespace",
                cancellationToken,
                ("@catalog", Name),
                ("@namespace", Text(@namespace)));
            return rows.Where(r => r[0] is not null and not JdbcTables.ExistsKey)
                .ToDictionary(r => r[0]!, r => r[1] ?? "", StringComparer.Ordinal);
        },
        cancellationToken);

    /// <inheritdoc/>
    public override Task UpdateNamespacePropertiesAsync(
        Namespace @namespace,
        IReadOnlyDictionary<string, string> updates,
        IReadOnlyCollection<string> removals,
        CancellationToken cancellationToken = default)
    {
        NamespaceProperties.Check(updates, removals);
        return WriteAsync(
            async session =>
            {
                if (!await ExistsAsync(session, @namespace, cancellationToken))
                {
                    throw NoSuchNamespace(@namespace);
                }

                foreach (var (key, value) in updates)
                {
                    CheckProperty(key, value);
                }

                foreach (var key in removals)
                {
                    CheckProperty(key, "");
                    await session.ExecuteAsync(
                        "DELETE FROM iceberg_namespace_properties "
                        + "WHERE catalog_name = @catalog AND namespace = @namespace AND property_key = @key",
                        cancellationToken,
                        ("@catalog", Name),
                        ("@namespace", Text(@namespace)),
                        ("@key", key));
                }

                foreach (var (key, value) in updates)
                {
                    await SetAsync(session, @namespace, key, value, cancellationToken);
                }

                return updates.Count;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public override Task DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default) => WriteAsync(
        async session =>
        {
            if (!await ExistsAsync(session, @namespace, cancellationToken))
            {
                throw NoSuchNamespace(@namespace);
            }

            // Views count too: they would be left without a namespace.
            var held = await session.QueryAsync(
                "SELECT table_namespace FROM iceberg_tables WHERE catalog_name = @catalog "
                + "AND (table_namespace = @namespace OR substr(table_namespace, 1, length(@below)) = @below) "
                + "UNION ALL SELECT namespace FROM iceberg_namespace_properties WHERE catalog_name = @catalog "
                + "AND substr(namespace, 1, length(@below)) = @below LIMIT 1",
                cancellationToken,
                Scope(@namespace));
            if (held.Count > 0)
            {
                throw new NamespaceNotEmptyException($"Namespace {@namespace} still holds tables or namespaces.");
            }

            return await session.ExecuteAsync(
                "DELETE FROM iceberg_namespace_properties WHERE catalog_name = @catalog AND namespace = @namespace",
                cancellationToken,
                ("@catalog", Name),
                ("@namespace", Text(@namespace)));
        },
        cancellationToken);

    private async Task<bool> ExistsAsync(SqlSession session, Namespace @namespace, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            "SELECT namespace FROM iceberg_namespace_properties WHERE catalog_name = @catalog "
            + "AND (namespace = @namespace OR substr(namespace, 1, length(@below)) = @below) "
            + "UNION ALL SELECT table_namespace FROM iceberg_tables WHERE catalog_name = @catalog "
            + "AND (table_namespace = @namespace OR substr(table_namespace, 1, length(@below)) = @below) LIMIT 1",
            cancellationToken,
            Scope(@namespace))).Count > 0;

    private const string InsertProperty =
        "INSERT INTO iceberg_namespace_properties (catalog_name, namespace, property_key, property_value) "
        + "VALUES (@catalog, @namespace, @key, @value)";

    private Task<int> InsertAsync(
        SqlSession session, Namespace @namespace, string key, string value, CancellationToken cancellationToken) =>
        PutAsync(session, InsertProperty, @namespace, key, value, cancellationToken);

    /// <summary>One statement, so that two processes that set the same key do not fail each other.</summary>
    private Task<int> SetAsync(
        SqlSession session, Namespace @namespace, string key, string value, CancellationToken cancellationToken) =>
        PutAsync(
            session,
            InsertProperty + " ON CONFLICT (catalog_name, namespace, property_key) DO UPDATE SET property_value = @value",
            @namespace,
            key,
            value,
            cancellationToken);

    private Task<int> PutAsync(
        SqlSession session, string sql, Namespace @namespace, string key, string value, CancellationToken cancellationToken) =>
        session.ExecuteAsync(
            sql,
            cancellationToken,
            ("@catalog", Name),
            ("@namespace", Text(@namespace)),
            ("@key", key),
            ("@value", value));

    /// <summary>The namespace and how everything below it begins; no LIKE, which ignores case in SQLite.</summary>
    private (string Name, string? Value)[] Scope(Namespace @namespace) =>
        [("@catalog", Name), ("@namespace", Text(@namespace)), ("@below", Text(@namespace) + ".")];

    private static void CheckProperty(string key, string value)
    {
        if (key == JdbcTables.ExistsKey)
        {
            throw new ArgumentException("The namespace property 'exists' belongs to the catalog.", nameof(key));
        }

        if (key.Length > JdbcTables.LongestName || value.Length > JdbcTables.LongestValue)
        {
            throw new ArgumentException(
                $"Namespace property '{key}' has {key.Length} and {value.Length} characters; the catalog holds "
                + $"{JdbcTables.LongestName} and {JdbcTables.LongestValue}.",
                nameof(value));
        }
    }

    private AlreadyExistsException NamespaceExists(Namespace @namespace, Exception? cause) =>
        new($"Namespace already exists: {@namespace} (catalog '{Name}').", cause);
}
