using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Writes manifests anew so that files of one partition or range lie together. The files stay as they are.
/// </summary>
/// <remarks>For one commit; make another object for the next.</remarks>
public sealed class RewriteManifests : SnapshotProducer<RewriteManifests>
{
    private Func<DataFile, object?>? _cluster;
    private int _mostClusters = int.MaxValue;
    private Func<ManifestFile, bool> _wanted = static _ => true;
    private Rewrite? _done;

    internal RewriteManifests(WritableTable table)
        : base(table)
    {
    }

    /// <summary>
    /// Puts files with equal keys into the same manifests; without it files stay in the order of the manifests.
    /// </summary>
    /// <remarks>
    /// Up to 64 keys have manifests of their own. Where there are more, keys of neighbouring partitions share manifests,
    /// and the entries are read twice. Memory grows with the number of keys, but no more manifests are open at once.
    /// </remarks>
    public RewriteManifests ClusterBy(Func<DataFile, object?>? key)
    {
        _cluster = key;
        return this;
    }

    /// <summary>The same when it is known how many keys there are at most.</summary>
    internal RewriteManifests ClusterBy(Func<DataFile, object?> key, int most)
    {
        _mostClusters = most;
        return ClusterBy(key);
    }

    /// <summary>
    /// Chooses the manifests to write anew; without it all manifests of data files are. Others are kept.
    /// </summary>
    public RewriteManifests RewriteIf(Func<ManifestFile, bool> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        _wanted = wanted;
        return this;
    }

    private protected override async Task<ManifestPlan> PlanAsync(
        SnapshotBase start, CancellationToken cancellationToken)
    {
        var before = await BaseManifests.ReadAsync(start.Io, start.Table, start.Parent, cancellationToken);
        var there = before.Select(Key).ToHashSet();

        // What others added meanwhile is kept as it is. If they replaced a manifest, everything is done again.
        if (_done is null || !_done.Replaced.IsSubsetOf(there))
        {
            var wanted = before.Where(m => m.Content == ManifestContent.Data && _wanted(m)).ToList();
            _done = await RewriteAsync(start, wanted, cancellationToken);
        }

        var kept = before.Where(m => !_done.Replaced.Contains(Key(m))).ToList();
        var summary = new SnapshotSummary(SnapshotOperation.Replace)
        {
            ManifestsCreated = _done.Created.Count,
            ManifestsKept = kept.Count,
            ManifestsReplaced = _done.Replaced.Count,
            EntriesProcessed = _done.Entries,
        };
        return new ManifestPlan([.. _done.Created, .. kept], summary);
    }

    private static (string Path, long SequenceNumber) Key(ManifestFile manifest) =>
        (manifest.Path, manifest.SequenceNumber);

    private async Task<Rewrite> RewriteAsync(
        SnapshotBase start, List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        var promised = manifests.Sum(m => (long)m.AddedFilesCount!.Value + m.ExistingFilesCount!.Value);
        var cluster = _cluster;
        if (cluster is not null && Math.Min(_mostClusters, promised) > ClusteredManifests.MostOpen)
        {
            var groups = new ClusterGroups(cluster);
            await foreach (var entry in LiveAsync(start, manifests, cancellationToken))
            {
                groups.Count(entry.File);
            }

            cluster = groups.JoinTo(ClusteredManifests.MostOpen);
        }

        await using var output = new ClusteredManifests(start);
        var entries = 0L;
        await foreach (var entry in LiveAsync(start, manifests, cancellationToken))
        {
            entries++;
            await output.KeepAsync(cluster?.Invoke(entry.File), entry, cancellationToken);
        }

        var created = await output.CompleteAsync(cancellationToken);
        var written = created.Sum(m => (long)m.ExistingFilesCount!.Value);
        return written == promised && written == entries
            ? new Rewrite(manifests.Select(Key).ToHashSet(), created, entries)
            : throw new IcebergException(
                $"Table {Table.Identifier}: the manifests to be rewritten promise {promised} files, but {written} "
                + "were written.");
    }

    private static async IAsyncEnumerable<ManifestEntry> LiveAsync(
        SnapshotBase start,
        List<ManifestFile> manifests,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(start.Io, start.Table);
        foreach (var manifest in manifests)
        {
            await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
            {
                if (entry.IsLive)
                {
                    yield return entry;
                }
            }
        }
    }

    private sealed record Rewrite(
        HashSet<(string Path, long SequenceNumber)> Replaced, IReadOnlyList<ManifestFile> Created, long Entries);
}
