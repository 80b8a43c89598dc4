using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>What a table's metadata describes and no snapshot needs.</summary>
/// <param name="SpecIds">Partition specs that no manifest is of, and that writers do not use.</param>
/// <param name="SchemaIds">Schemas without which everything that is left can be read as before.</param>
internal sealed record UnusedMetadata(IReadOnlyList<int> SpecIds, IReadOnlyList<int> SchemaIds)
{
    public static UnusedMetadata None { get; } = new([], []);

    /// <summary>Reads the manifest lists of all snapshots, and the manifests of deletes.</summary>
    /// <exception cref="IcebergFormatException">A manifest list or manifest is missing or broken.</exception>
    public static async Task<UnusedMetadata> FindAsync(
        IFileIO io, TableMetadata table, CancellationToken cancellationToken)
    {
        var specs = new HashSet<int> { table.DefaultSpecId };
        var keys = new HashSet<int>();
        var read = new LocationSet();
        var manifests = new ManifestReader(io, table);
        foreach (var snapshot in table.Snapshots)
        {
            foreach (var manifest in await ManifestListReader.ReadAsync(io, table, snapshot, cancellationToken))
            {
                specs.Add(manifest.SpecId);
                if (manifest is { Content: ManifestContent.Deletes, HasLiveFiles: true } && read.Add(manifest.Path))
                {
                    await AddKeysAsync(keys, manifests.ReadAsync(manifest, cancellationToken));
                }
            }
        }

        var schemas = Schemas(table, specs, keys);
        return new UnusedMetadata(
            [.. table.Specs.Select(s => s.SpecId).Where(id => !specs.Contains(id))],
            [.. table.Schemas.Select(s => s.SchemaId).Where(id => !schemas.Contains(id))]);
    }

    private static async Task AddKeysAsync(HashSet<int> keys, IAsyncEnumerable<ManifestEntry> entries)
    {
        await foreach (var entry in entries)
        {
            if (entry.IsLive)
            {
                keys.UnionWith(entry.File.EqualityIds ?? []);
            }
        }
    }

    /// <summary>
    /// The schemas that are needed: to read a snapshot as of its time, and to know the types of partition values and of
    /// deleted keys whose columns were dropped since.
    /// </summary>
    private static HashSet<int> Schemas(TableMetadata table, HashSet<int> specs, HashSet<int> keys)
    {
        var needed = new HashSet<int> { table.CurrentSchemaId };
        needed.UnionWith(table.Snapshots.Select(s => s.SchemaId).OfType<int>());
        needed.UnionWith(table.Specs.Where(s => specs.Contains(s.SpecId)).Select(s => table.SchemaOf(s).SchemaId));
        foreach (var key in keys.Where(id => table.Schema.Find(id) is null))
        {
            // The newest that has the column is where its type is looked up.
            if (table.Schemas.LastOrDefault(s => s.Find(key) is not null) is { } last)
            {
                needed.Add(last.SchemaId);
            }
        }

        return needed;
    }
}
