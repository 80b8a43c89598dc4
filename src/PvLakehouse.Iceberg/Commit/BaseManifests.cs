using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>The manifests that a commit starts from.</summary>
internal static class BaseManifests
{
    /// <summary>
    /// Reads the manifests of a snapshot that still hold files, with counts filled in that old writers left out.
    /// </summary>
    public static async Task<IReadOnlyList<ManifestFile>> ReadAsync(
        IFileIO io, TableMetadata table, Snapshot? snapshot, CancellationToken cancellationToken)
    {
        if (snapshot is null)
        {
            return [];
        }

        var manifests = new List<ManifestFile>();
        foreach (var manifest in await ManifestListReader.ReadAsync(io, table, snapshot, cancellationToken))
        {
            var counted = manifest.EntryCount is null || manifest.AddedRowsCount is null || manifest.ExistingRowsCount is null
                || manifest.DeletedRowsCount is null
                    ? await CountAsync(io, table, snapshot, manifest, cancellationToken)
                    : manifest;
            if (counted.HasLiveFiles)
            {
                manifests.Add(counted);
            }
        }

        return manifests;
    }

    private static async Task<ManifestFile> CountAsync(
        IFileIO io, TableMetadata table, Snapshot snapshot, ManifestFile manifest, CancellationToken cancellationToken)
    {
        var files = new int[3];
        var rows = new long[3];
        await foreach (var entry in new ManifestReader(io, table).ReadAsync(manifest, cancellationToken))
        {
            files[(int)entry.Status]++;
            rows[(int)entry.Status] += entry.File.RecordCount;
        }

        return manifest with
        {
            // A manifest that is named by a snapshot alone does not say who added it; whoever did is no later than that.
            AddedSnapshotId = manifest.AddedSnapshotId == 0 ? snapshot.SnapshotId : manifest.AddedSnapshotId,
            AddedFilesCount = files[(int)EntryStatus.Added],
            ExistingFilesCount = files[(int)EntryStatus.Existing],
            DeletedFilesCount = files[(int)EntryStatus.Deleted],
            AddedRowsCount = rows[(int)EntryStatus.Added],
            ExistingRowsCount = rows[(int)EntryStatus.Existing],
            DeletedRowsCount = rows[(int)EntryStatus.Deleted],
        };
    }
}
