using System.Globalization;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Writes the manifests and manifest lists of one commit, and removes those that turn out to be of no use.
/// </summary>
internal sealed class MetadataFiles(IFileIO io, IdSource ids, long snapshotId)
{
    private readonly Guid _commit = ids.NewGuid();
    private readonly List<string> _written = [];
    private readonly HashSet<string> _durable = new(StringComparer.Ordinal);
    private int _manifests;
    private int _lists;

    public long SnapshotId => snapshotId;

    public Task<ManifestWriter> NewManifestAsync(
        TableMetadata table, PartitionSpec spec, ManifestContent content, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{_commit:D}-m{_manifests++}.avro");
        var location = new LocationProvider(table).MetadataFile(name);
        _written.Add(location);
        return ManifestWriter.CreateAsync(
            io, location, table.SchemaOf(spec), spec, content, snapshotId, ids.NewGuid(), cancellationToken);
    }

    /// <summary>Writes the manifest list of one attempt, under a name of its own.</summary>
    public async Task<string> WriteListAsync(
        TableMetadata table,
        Snapshot? parent,
        long sequenceNumber,
        IEnumerable<ManifestFile> manifests,
        CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"snap-{snapshotId}-{_lists++}-{_commit:D}.avro");
        var location = new LocationProvider(table).MetadataFile(name);
        _written.Add(location);
        await ManifestListWriter.WriteAsync(
            io, location, snapshotId, parent?.SnapshotId, sequenceNumber, manifests, ids.NewGuid(), cancellationToken);
        return location;
    }

    /// <summary>
    /// Forces data files and everything that refers to them to the disk: a commit must never outlive its files.
    /// </summary>
    public async Task PersistAsync(IEnumerable<string> dataFiles, IEnumerable<string> needed, CancellationToken cancellationToken)
    {
        var own = needed.Intersect(_written, StringComparer.Ordinal);
        var pending = dataFiles.Concat(own).Where(location => !_durable.Contains(location)).ToList();
        await io.PersistAsync(pending, cancellationToken);
        _durable.UnionWith(pending);
    }

    /// <summary>
    /// Removes what was written and is not to be kept. Call it only when nobody can refer to the rest.
    /// </summary>
    public async Task CleanUpAsync(IReadOnlyCollection<string> keep)
    {
        foreach (var location in _written.Except(keep, StringComparer.Ordinal).ToList())
        {
            try
            {
                await io.DeleteAsync(location, CancellationToken.None);
                _written.Remove(location);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // An orphan costs a little space and is found by maintenance; failing here, in whatever way, would hide
                // the real outcome.
            }
        }
    }
}
