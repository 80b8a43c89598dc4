using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Reads which data files one snapshot added.</summary>
internal static class AddedFiles
{
    public static async IAsyncEnumerable<ManifestEntry> ReadAsync(
        IFileIO io, TableMetadata table, Snapshot snapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(io, table);
        foreach (var manifest in await ManifestListReader.ReadAsync(io, table, snapshot, cancellationToken))
        {
            // Manifests that the snapshot did not write cannot hold files that it added.
            var own = manifest.AddedSnapshotId == snapshot.SnapshotId || snapshot.ManifestList is null;
            if (!own || manifest.Content != ManifestContent.Data || !manifest.HasAddedFiles)
            {
                continue;
            }

            await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
            {
                if (entry.Status == EntryStatus.Added && entry.SnapshotId == snapshot.SnapshotId)
                {
                    yield return entry;
                }
            }
        }
    }
}
