using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Merges small manifests once there are many, so that planning does not slow down with the number of commits.
/// </summary>
internal sealed class ManifestMerger(IFileIO io, long snapshotId)
{
    /// <summary>Merges what the table's properties ask to merge.</summary>
    /// <param name="table">The base of the commit.</param>
    /// <param name="manifests">The manifests of the new snapshot, the newest first.</param>
    /// <param name="files">Where merged manifests are written.</param>
    /// <param name="summary">Told what was merged.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    public async Task<IReadOnlyList<ManifestFile>> MergeAsync(
        TableMetadata table,
        IReadOnlyList<ManifestFile> manifests,
        MetadataFiles files,
        SnapshotSummary summary,
        CancellationToken cancellationToken)
    {
        var minCount = TableProperties.Number(table.Properties, TableProperties.ManifestMinMergeCount, 100);
        if (manifests.Count < minCount || !TableProperties.Flag(table.Properties, TableProperties.ManifestMergeEnabled, true))
        {
            return manifests;
        }

        var target = TableProperties.Number(table.Properties, TableProperties.ManifestTargetSize, 8 * 1024 * 1024);
        var merged = new List<ManifestFile>(manifests.Where(m => m.Content != ManifestContent.Data));
        foreach (var ofSpec in manifests.Where(m => m.Content == ManifestContent.Data).GroupBy(m => m.SpecId))
        {
            foreach (var bin in Bins(ofSpec, target))
            {
                // The newest bin grows with each commit: rewriting it each time would cost more than it saves.
                var growing = bin.Exists(m => m.AddedSnapshotId == snapshotId);
                if (bin.Count == 1 || (growing && bin.Count < minCount))
                {
                    merged.AddRange(bin);
                }
                else
                {
                    merged.Add(await MergeAsync(table, bin, files, summary, cancellationToken));
                }
            }
        }

        return merged;
    }

    private static IEnumerable<List<ManifestFile>> Bins(IEnumerable<ManifestFile> manifests, long target)
    {
        var bin = new List<ManifestFile>();
        var size = 0L;
        foreach (var manifest in manifests)
        {
            if (bin.Count > 0 && size + manifest.Length > target)
            {
                yield return bin;
                bin = [];
                size = 0;
            }

            bin.Add(manifest);
            size += manifest.Length;
        }

        if (bin.Count > 0)
        {
            yield return bin;
        }
    }

    private async Task<ManifestFile> MergeAsync(
        TableMetadata table,
        List<ManifestFile> bin,
        MetadataFiles files,
        SnapshotSummary summary,
        CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(io, table);
        var spec = table.FindSpec(bin[0].SpecId)!;
        await using var writer = await files.NewManifestAsync(table, spec, ManifestContent.Data, cancellationToken);
        foreach (var manifest in bin)
        {
            await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
            {
                summary.EntriesProcessed++;
                var own = entry.SnapshotId == snapshotId;
                switch (entry.Status)
                {
                    case EntryStatus.Added when own:
                        // Its numbers come from the commit, as in the manifest that it was read from.
                        await writer.AddAsync(entry.File, cancellationToken);
                        break;
                    case EntryStatus.Deleted when own:
                        await writer.WriteAsync(entry, cancellationToken);
                        break;
                    case EntryStatus.Deleted:
                        // Removed by an earlier snapshot, whose own manifest says so.
                        break;
                    default:
                        await writer.KeepAsync(entry, cancellationToken);
                        break;
                }
            }

            summary.ManifestsReplaced += manifest.AddedSnapshotId == snapshotId ? 0 : 1;
        }

        return await writer.CompleteAsync(cancellationToken);
    }
}
