using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Reads which files one snapshot added or removed.</summary>
internal static class ChangedFiles
{
    /// <param name="io">Storage of the manifests.</param>
    /// <param name="table">Gives specs and schemas.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="content">Data or delete files.</param>
    /// <param name="status">Added or deleted.</param>
    /// <param name="mayMatter">Rules out manifests by their summary; null reads all.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    public static async IAsyncEnumerable<ManifestEntry> ReadAsync(
        IFileIO io,
        TableMetadata table,
        Snapshot snapshot,
        ManifestContent content,
        EntryStatus status,
        Func<ManifestFile, bool>? mayMatter,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(io, table);
        foreach (var manifest in await ManifestListReader.ReadAsync(io, table, snapshot, cancellationToken))
        {
            // Manifests that the snapshot did not write cannot hold files that it changed.
            var own = manifest.AddedSnapshotId == snapshot.SnapshotId || snapshot.ManifestList is null;
            var changed = status == EntryStatus.Added ? manifest.HasAddedFiles : manifest.DeletedFilesCount is not 0;
            if (!own || !changed || manifest.Content != content || mayMatter?.Invoke(manifest) == false)
            {
                continue;
            }

            await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
            {
                if (entry.Status == status && entry.SnapshotId == snapshot.SnapshotId)
                {
                    yield return entry;
                }
            }
        }
    }
}
