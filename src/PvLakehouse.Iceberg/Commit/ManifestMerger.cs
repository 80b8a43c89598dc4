using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Merges small manifests once there are many, so that planning does not slow down with the number of commits.
/// </summary>
internal sealed class ManifestMerger
{
    // What was merged in an earlier attempt serves the next one, as long as the same manifests are merged.
    private readonly Dictionary<string, Merged> _merged = new(StringComparer.Ordinal);

    /// <summary>Merges what the table's properties ask to merge; data and deletes never mix.</summary>
    /// <param name="start">The base of the commit.</param>
    /// <param name="manifests">The manifests of the new snapshot, the newest first.</param>
    /// <param name="summary">Told what was merged.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    public async Task<IReadOnlyList<ManifestFile>> MergeAsync(
        SnapshotBase start,
        IReadOnlyList<ManifestFile> manifests,
        SnapshotSummary summary,
        CancellationToken cancellationToken)
    {
        var properties = start.Table.Properties;
        var minCount = TableProperties.Number(properties, TableProperties.ManifestMinMergeCount, 100);
        if (!TableProperties.Flag(properties, TableProperties.ManifestMergeEnabled, true))
        {
            return manifests;
        }

        var target = TableProperties.Number(properties, TableProperties.ManifestTargetSize, 8 * 1024 * 1024);
        var result = new List<ManifestFile>();
        foreach (var ofContent in manifests.GroupBy(m => m.Content).OrderBy(g => g.Key))
        {
            if (ofContent.Count() < minCount)
            {
                result.AddRange(ofContent);
                continue;
            }

            foreach (var bin in ofContent.GroupBy(m => m.SpecId).SelectMany(ofSpec => Bins(ofSpec, target)))
            {
                // The newest bin grows with each commit: rewriting it each time would cost more than it saves.
                var growing = bin.Exists(m => m.AddedSnapshotId == start.Files.SnapshotId);
                if (bin.Count == 1 || (growing && bin.Count < minCount))
                {
                    result.AddRange(bin);
                }
                else
                {
                    result.Add(await MergeAsync(start, bin, summary, cancellationToken));
                }
            }
        }

        return result;
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
        SnapshotBase start, List<ManifestFile> bin, SnapshotSummary summary, CancellationToken cancellationToken)
    {
        // The same file has another age in another attempt when an earlier snapshot of the same transaction wrote it.
        var key = string.Join('\n', bin.Select(m => $"{m.SequenceNumber} {m.Path}"));
        if (!_merged.TryGetValue(key, out var merged))
        {
            merged = await WriteAsync(start, bin, cancellationToken);
            _merged[key] = merged;
        }

        summary.EntriesProcessed += merged.Entries;
        summary.ManifestsReplaced += bin.Count(m => m.AddedSnapshotId != start.Files.SnapshotId);
        return merged.Result;
    }

    private static async Task<Merged> WriteAsync(
        SnapshotBase start, List<ManifestFile> bin, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(start.Io, start.Table);
        var spec = start.Table.FindSpec(bin[0].SpecId)!;
        var entries = 0L;
        await using var writer = await start.Files.NewManifestAsync(start.Table, spec, bin[0].Content, cancellationToken);
        foreach (var manifest in bin)
        {
            await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
            {
                entries++;
                var own = entry.SnapshotId == start.Files.SnapshotId;
                switch (entry.Status)
                {
                    case EntryStatus.Added when own:
                        // Its numbers come from the commit, unless an age was chosen for its rows.
                        var age = entry.SequenceNumber == ManifestWriter.Unassigned ? null : entry.SequenceNumber;
                        await writer.AddAsync(entry.File, age, cancellationToken);
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
        }

        return new Merged(await writer.CompleteAsync(cancellationToken), entries);
    }

    private sealed record Merged(ManifestFile Result, long Entries);
}
