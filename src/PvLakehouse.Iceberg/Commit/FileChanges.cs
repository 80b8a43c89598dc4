using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Files that come and go with one commit, and the manifests that say so.</summary>
internal sealed class FileChanges
{
    private readonly bool _mergeManifests;
    private readonly ManifestMerger _merger = new();

    public FileChanges(WritableTable table, bool mergeManifests = true)
    {
        _mergeManifests = mergeManifests;
        Added = new NewFiles(table, ManifestContent.Data);
        AddedDeletes = new NewFiles(table, ManifestContent.Deletes);
    }

    /// <summary>Data files to add.</summary>
    public NewFiles Added { get; }

    /// <summary>Delete files to add.</summary>
    public NewFiles AddedDeletes { get; }

    /// <summary>Data files to remove.</summary>
    public RemovedFiles Removed { get; } = new(ManifestContent.Data);

    /// <summary>Delete files to remove.</summary>
    public RemovedFiles RemovedDeletes { get; } = new(ManifestContent.Deletes);

    /// <summary>The paths of the files that are added.</summary>
    public IReadOnlyCollection<string> NewPaths => [.. Added.Paths, .. AddedDeletes.Paths];

    /// <summary>Makes the manifests of the new snapshot.</summary>
    /// <param name="start">The base.</param>
    /// <param name="operation">Names the operation; null lets what was added and removed decide.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    public async Task<ManifestPlan> PlanAsync(
        SnapshotBase start, string? operation, CancellationToken cancellationToken)
    {
        var summary = new SnapshotSummary(operation);
        foreach (var file in Added.Files.Concat(AddedDeletes.Files))
        {
            summary.Add(file);
        }

        var before = await BaseManifests.ReadAsync(start.Io, start.Table, start.Parent, cancellationToken);
        var data = await Removed.RemoveAsync(start, [.. before.Where(m => m.Content == ManifestContent.Data)], summary, cancellationToken);
        RemovedDeletes.DropOlderThan = OldestData(data, start);
        var deletes = await RemovedDeletes.RemoveAsync(
            start, [.. before.Where(m => m.Content == ManifestContent.Deletes)], summary, cancellationToken);
        var added = await Added.ManifestsAsync(start, cancellationToken);
        var addedDeletes = await AddedDeletes.ManifestsAsync(start, cancellationToken);

        IReadOnlyList<ManifestFile> manifests = [.. added, .. data, .. addedDeletes, .. deletes];
        if (_mergeManifests)
        {
            manifests = await _merger.MergeAsync(start, manifests, summary, cancellationToken);
        }

        summary.ManifestsCreated = manifests.Count(m => m.AddedSnapshotId == start.Files.SnapshotId);
        summary.ManifestsKept = manifests.Count - summary.ManifestsCreated;
        return new ManifestPlan(manifests, summary);
    }

    /// <summary>
    /// The age of the oldest live data; deletes that are older apply to nothing any more. Null leaves deletes alone.
    /// </summary>
    private long? OldestData(IReadOnlyList<ManifestFile> data, SnapshotBase start)
    {
        if (!_mergeManifests || !Removed.Any)
        {
            return null;
        }

        // Rows that this commit adds may carry an older age of their own choice.
        var oldest = Math.Min(start.Table.LastSequenceNumber + 1, Added.SequenceNumber ?? long.MaxValue);
        foreach (var manifest in data.Where(m => m.HasLiveFiles && m.MinSequenceNumber != ManifestWriter.Unassigned))
        {
            oldest = Math.Min(oldest, manifest.MinSequenceNumber);
        }

        return oldest;
    }
}
