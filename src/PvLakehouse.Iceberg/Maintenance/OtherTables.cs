using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Where the other tables of the catalog keep their files, so that nobody takes those for orphans.</summary>
internal static class OtherTables
{
    /// <summary>The folders of all other tables that lie inside given folders.</summary>
    /// <exception cref="IcebergException">Another table uses one of the folders itself.</exception>
    public static async Task<IReadOnlyList<FileAddress>> InsideAsync(
        Table table,
        IReadOnlyList<FileAddress> folders,
        Func<string, FileAddress> address,
        CancellationToken cancellationToken)
    {
        var inside = new List<FileAddress>();
        await foreach (var identifier in TablesAsync(table.Catalog, null, cancellationToken))
        {
            if (identifier == table.Identifier)
            {
                continue;
            }

            var other = (await table.Catalog.LoadTableAsync(identifier, cancellationToken)).Metadata;
            if (other.TableUuid == table.Metadata.TableUuid && other.TableUuid is not null)
            {
                throw new IcebergException(
                    $"Table {table.Identifier} is also registered as {identifier}; one of the two does not know "
                    + "all files, so orphans cannot be told.");
            }

            foreach (var folder in Roots(other).Select(address))
            {
                if (folders.FirstOrDefault(f => Same(f, folder)) is { Path: not null } shared)
                {
                    throw new IcebergException(
                        $"Tables {table.Identifier} and {identifier} share the folder '{shared}', so orphans of the "
                        + "one cannot be told from files of the other.");
                }

                if (folders.Any(f => IsInside(folder, f)))
                {
                    inside.Add(folder);
                }
            }
        }

        return inside;
    }

    /// <summary>The folders that a table writes to, none inside another.</summary>
    public static IReadOnlyList<string> Roots(TableMetadata table)
    {
        var locations = new LocationProvider(table);
        string[] all = [table.Location.TrimEnd('/'), locations.DataRoot, locations.MetadataRoot];
        return [.. all.Distinct(StringComparer.Ordinal).Where(root =>
            !all.Any(other => root.StartsWith($"{other}/", StringComparison.Ordinal)))];
    }

    public static bool IsInside(FileAddress file, FileAddress folder) =>
        file.Scheme == folder.Scheme && file.Authority == folder.Authority
        && file.Path.StartsWith($"{folder.Path.TrimEnd('/')}/", StringComparison.Ordinal);

    private static bool Same(FileAddress left, FileAddress right) => left.Prefix == right.Prefix
        && left.Path.TrimEnd('/') == right.Path.TrimEnd('/');

    private static async IAsyncEnumerable<TableIdentifier> TablesAsync(
        ICatalog catalog,
        Namespace? parent,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var @namespace in await catalog.ListNamespacesAsync(parent, cancellationToken))
        {
            foreach (var identifier in await catalog.ListTablesAsync(@namespace, cancellationToken))
            {
                yield return identifier;
            }

            await foreach (var identifier in TablesAsync(catalog, @namespace, cancellationToken))
            {
                yield return identifier;
            }
        }
    }
}
