using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Looks whether commits since a snapshot change what the work was based on (serializable and snapshot isolation).
/// </summary>
/// <remarks>
/// The rules are those of the reference implementation: only snapshots whose operation could matter are read, and of
/// these only the manifests that they wrote. What was looked at for one attempt is not read again for the next.
/// </remarks>
/// <param name="table">The table that is committed to.</param>
/// <param name="since">The snapshot that the work is based on; null means that the table was empty.</param>
internal sealed class ConflictValidator(WritableTable table, long? since)
{
    private static readonly Change AddedData =
        new([SnapshotOperation.Append, SnapshotOperation.Overwrite], ManifestContent.Data, EntryStatus.Added);

    private static readonly Change AddedDeletes =
        new([SnapshotOperation.Overwrite, SnapshotOperation.Delete], ManifestContent.Deletes, EntryStatus.Added);

    private static readonly Change RemovedData = new(
        [SnapshotOperation.Overwrite, SnapshotOperation.Replace, SnapshotOperation.Delete],
        ManifestContent.Data,
        EntryStatus.Deleted);

    private static readonly Change RewrittenData =
        new([SnapshotOperation.Overwrite, SnapshotOperation.Replace], ManifestContent.Data, EntryStatus.Deleted);

    private readonly HashSet<(string Check, long SnapshotId)> _passed = [];

    /// <exception cref="CommitConflictException">Somebody added rows that the scope may hold.</exception>
    public Task NoNewDataAsync(SnapshotBase start, ConflictScope scope, CancellationToken cancellationToken)
    {
        var matcher = scope.Bind(start.Table);
        return CheckAsync(
            nameof(NoNewDataAsync), start, AddedData, matcher.MightHold, matcher.MightMatch,
            file => $"added file '{file.FilePath}', which may hold rows that match {scope}", cancellationToken);
    }

    /// <exception cref="CommitConflictException">Somebody deleted rows that the scope may hold.</exception>
    public Task NoNewDeletesAsync(SnapshotBase start, ConflictScope scope, CancellationToken cancellationToken)
    {
        var matcher = scope.Bind(start.Table);
        return CheckAsync(
            nameof(NoNewDeletesAsync), start, AddedDeletes, matcher.MightHold, matcher.MightMatch,
            file => $"added deletes '{file.FilePath}', which may apply to rows that match {scope}", cancellationToken);
    }

    /// <summary>New deletes may hit files that are to be replaced; rewriting those would bring rows back.</summary>
    /// <param name="start">The base.</param>
    /// <param name="replaced">The data files that are to be replaced.</param>
    /// <param name="scope">Rows that the work depends on; null means all.</param>
    /// <param name="tolerateEqualityDeletes">
    /// Whether new keys deleted are no conflict, because the rows keep their age and the deletes still apply.
    /// </param>
    /// <param name="cancellationToken">Stops between entries.</param>
    /// <exception cref="CommitConflictException">Somebody deleted rows of a replaced file.</exception>
    public async Task NoNewDeletesForAsync(
        SnapshotBase start,
        IReadOnlyCollection<DataFile> replaced,
        ConflictScope? scope,
        bool tolerateEqualityDeletes,
        CancellationToken cancellationToken)
    {
        if (replaced.Count == 0)
        {
            return;
        }

        var matcher = (scope ?? ConflictScope.Of(filter: null)).Bind(start.Table);
        var reach = new DeleteReach(start.Table, replaced);
        await CheckAsync(
            nameof(NoNewDeletesForAsync), start, AddedDeletes, matcher.MightHold,
            file => !(tolerateEqualityDeletes && file.Content == FileContent.EqualityDeletes)
                && matcher.MightMatch(file) && reach.MightReach(file),
            file => $"deleted rows of files that are to be replaced, by '{file.FilePath}'", cancellationToken);
    }

    /// <exception cref="CommitConflictException">Somebody removed files with rows that the scope may hold.</exception>
    public Task NoRemovedDataAsync(SnapshotBase start, ConflictScope scope, CancellationToken cancellationToken)
    {
        var matcher = scope.Bind(start.Table);
        return CheckAsync(
            nameof(NoRemovedDataAsync), start, RemovedData, matcher.MightHold, matcher.MightMatch,
            file => $"removed file '{file.FilePath}', which may hold rows that match {scope}", cancellationToken);
    }

    /// <param name="start">The base.</param>
    /// <param name="paths">Data files that must still be there.</param>
    /// <param name="afterDeletes">Whether files that a delete removed count too.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    /// <exception cref="CommitConflictException">Somebody removed one of the files.</exception>
    public async Task DataFilesExistAsync(
        SnapshotBase start, IReadOnlySet<string> paths, bool afterDeletes, CancellationToken cancellationToken)
    {
        if (paths.Count > 0)
        {
            await CheckAsync(
                nameof(DataFilesExistAsync), start, afterDeletes ? RemovedData : RewrittenData, mayMatter: null,
                file => paths.Contains(file.FilePath),
                file => $"removed file '{file.FilePath}', to which new deletes refer", cancellationToken);
        }
    }

    /// <summary>Looks at each file that snapshots since the start of the work changed in one way.</summary>
    /// <param name="check">Who asks: what it has passed is not read again.</param>
    /// <param name="start">The base.</param>
    /// <param name="change">The way.</param>
    /// <param name="mayMatter">Rules out manifests; null reads all.</param>
    /// <param name="conflicts">Whether a file stands against the work.</param>
    /// <param name="did">What the snapshot did then, to say so.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    private async Task CheckAsync(
        string check,
        SnapshotBase start,
        Change change,
        Func<ManifestFile, bool>? mayMatter,
        Func<DataFile, bool> conflicts,
        Func<DataFile, string> did,
        CancellationToken cancellationToken)
    {
        foreach (var snapshot in SnapshotsSince(start))
        {
            // A version 1 snapshot may not say what it did.
            var couldMatter = snapshot.Operation is not { } operation || change.Operations.Contains(operation);
            if (!couldMatter || _passed.Contains((check, snapshot.SnapshotId)))
            {
                continue;
            }

            await foreach (var entry in ChangedFiles.ReadAsync(
                start.Io, start.Table, snapshot, change.Content, change.Status, mayMatter, cancellationToken))
            {
                if (conflicts(entry.File))
                {
                    throw Conflict($"snapshot {snapshot.SnapshotId} {did(entry.File)}.");
                }
            }

            _passed.Add((check, snapshot.SnapshotId));
        }
    }

    /// <summary>The snapshots that came after the one that the work is based on, the newest first.</summary>
    private List<Snapshot> SnapshotsSince(SnapshotBase start)
    {
        // Work based on a snapshot of the same transaction knows what that did, but not what others commit below it.
        var ownWork = since is { } id && start.Own.Contains(id);
        var first = ownWork ? start.OriginHead : since;
        var result = new List<Snapshot>();
        for (var next = start.Parent?.SnapshotId; next != first;)
        {
            var snapshot = (next is null ? null : start.Table.FindSnapshot(next.Value)) ?? throw Conflict(
                $"what was committed since snapshot {first} cannot be told, because it is no longer an ancestor of "
                + "the current snapshot or history has expired.");
            if (!ownWork || !start.Own.Contains(snapshot.SnapshotId))
            {
                result.Add(snapshot);
            }

            next = snapshot.ParentSnapshotId;
        }

        return result;
    }

    private CommitConflictException Conflict(string reason) => new(
        $"Table {table.Identifier}: {reason} Refresh the table and do the work again.");

    /// <summary>A way to change files: the operations that may do it, and the entries that tell of it.</summary>
    private sealed record Change(HashSet<string> Operations, ManifestContent Content, EntryStatus Status);
}
