using PvLakehouse.Iceberg.Inspect;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>What every catalog can do by what it does anyway.</summary>
public static class CatalogExtensions
{
    /// <summary>Loads a metadata table by its name behind that of its table: <c>namespace.table.snapshots</c>.</summary>
    /// <param name="catalog">The catalog of the table.</param>
    /// <param name="identifier">The table as namespace, and one of <see cref="MetadataTables.All"/> in any case.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="NoSuchTableException">
    /// There is no such table or no such metadata table, or the name is that of a table in its own right.
    /// </exception>
    public static async Task<LoadedMetadataTable> LoadMetadataTableAsync(
        this ICatalog catalog, TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(identifier);
        if (LoadedMetadataTable.OwnerOf(identifier) is not { } owner)
        {
            throw new NoSuchTableException(
                $"'{identifier}' names no metadata table (catalog '{catalog.Name}'); expected namespace.table.kind, where "
                + $"kind is one of {string.Join(", ", MetadataTables.All.Select(t => t.Name))}.");
        }

        // A table may have such a name; what it holds must not be mixed up with what is known of another.
        return await catalog.TableExistsAsync(identifier, cancellationToken)
            ? throw new NoSuchTableException(
                $"'{identifier}' is a table in its own right and no metadata table of {owner} (catalog '{catalog.Name}').")
            : new LoadedMetadataTable(
                await catalog.LoadTableAsync(owner, cancellationToken), MetadataTable.Find(identifier.Name)!);
    }
}
