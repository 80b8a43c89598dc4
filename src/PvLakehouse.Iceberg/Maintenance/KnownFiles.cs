using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>All files that a table leads to, found under any spelling of their location.</summary>
internal sealed class KnownFiles(Func<string, FileAddress> address)
{
    private readonly LocationSet _addresses = new();
    private readonly LocationSet _paths = new();
    private readonly LocationSet _manifests = new();
    private readonly HashSet<long> _snapshots = [];
    private readonly HashSet<string> _prefixes = new(StringComparer.Ordinal);

    /// <summary>Scheme and authority of the known files, to name them when others are found.</summary>
    public IEnumerable<string> Prefixes => _prefixes.Order(StringComparer.Ordinal);

    /// <summary>Adds what the table leads to now and did not when it was added before.</summary>
    public async Task AddAsync(Table table, CancellationToken cancellationToken)
    {
        var metadata = table.Metadata;
        foreach (var file in ReachableFiles.OfMetadata(metadata, table.MetadataLocation))
        {
            Add(file.Location);
        }

        var snapshots = metadata.Snapshots.Where(s => !_snapshots.Contains(s.SnapshotId)).ToList();
        await foreach (var file in ReachableFiles.OfSnapshotsAsync(
            table.Io, metadata, snapshots, _manifests, cancellationToken))
        {
            Add(file.Location);
        }

        _snapshots.UnionWith(snapshots.Select(s => s.SnapshotId));
    }

    /// <summary>Whether the table leads to the file.</summary>
    public bool Contains(FileAddress file) => _addresses.Contains(file.ToString());

    /// <summary>Whether the table leads to a file of the same path, perhaps in another store.</summary>
    public bool ContainsPath(FileAddress file) => _paths.Contains(file.Path);

    private void Add(string location)
    {
        var known = address(location);
        _addresses.Add(known.ToString());
        _paths.Add(known.Path);
        _prefixes.Add(known.Prefix);
    }
}
