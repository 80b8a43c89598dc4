using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Pipeline.Keeping;

/// <summary>All tables of a catalog as they were at one moment, although each is asked for on its own.</summary>
public static class TableHeads
{
    private const int Attempts = 50;

    /// <summary>Loads every table at its head.</summary>
    /// <remarks>
    /// The heads are read twice: when nothing moved in between, all of them held at once. A commit to several tables is
    /// therefore seen whole or not at all, and no writer is kept waiting.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The tables, in ordinal order of their names.</returns>
    /// <exception cref="PipelineException">Writers committed between every two readings.</exception>
    public static async Task<IReadOnlyList<Table>> PinAsync(ICatalog catalog, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var tables = await ReadAsync(catalog, cancellationToken);
        for (var attempt = 1; attempt < Attempts; attempt++)
        {
            var again = await ReadAsync(catalog, cancellationToken);
            if (Locations(again).SequenceEqual(Locations(tables), StringComparer.Ordinal))
            {
                return tables;
            }

            tables = again;
        }

        throw new PipelineException(
            $"The tables of the lake changed between each of {Attempts} readings, so no common state was found; try again when fewer "
            + "writers are at work.");
    }

    private static IEnumerable<string> Locations(IEnumerable<Table> tables) => tables.Select(table => table.MetadataLocation);

    private static async Task<IReadOnlyList<Table>> ReadAsync(ICatalog catalog, CancellationToken cancellationToken)
    {
        var tables = new List<Table>();
        foreach (var @namespace in await catalog.ListNamespacesAsync(parent: null, cancellationToken))
        {
            foreach (var identifier in await catalog.ListTablesAsync(@namespace, cancellationToken))
            {
                try
                {
                    tables.Add(await catalog.LoadTableAsync(identifier, cancellationToken));
                }
                catch (NoSuchTableException)
                {
                    // Dropped since it was listed; the second reading shows whether more changed.
                }
            }
        }

        return tables;
    }
}
