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
    private static readonly string[] AddsData = [SnapshotOperation.Append, SnapshotOperation.Overwrite];
    private static readonly string[] AddsDeletes = [SnapshotOperation.Overwrite, SnapshotOperation.Delete];
    private static readonly string[] RemovesData =
        [SnapshotOperation.Overwrite, SnapshotOperation.Replace, SnapshotOperation.Delete];

    private static readonly string[] RewritesData = [SnapshotOperation.Overwrite, SnapshotOperation.Replace];

    private readonly HashSet<(string Check, long SnapshotId)> _passed = [];

    /// <exception cref="CommitConflictException">Somebody added rows that the scope may hold.</exception>
    public async Task NoNewDataAsync(SnapshotBase start, ConflictScope scope, CancellationToken cancellationToken)
    {
        var matcher = scope.Bind(start.Table);
        await foreach (var (snapshot, entry) in ReadAsync(
            nameof(NoNewDataAsync), start, AddsData, ManifestContent.Data, EntryStatus.Added,
            matcher.MightHold, cancellationToken))
        {
            if (matcher.MightMatch(entry.File))
            {
                throw Conflict(
                    $"snapshot {snapshot.SnapshotId} added file '{entry.File.FilePath}', which may hold rows that "
                    + $"match {scope}.");
            }
        }
    }

    /// <exception cref="CommitConflictException">Somebody deleted rows that the scope may hold.</exception>
    public async Task NoNewDeletesAsync(SnapshotBase start, ConflictScope scope, CancellationToken cancellationToken)
    {
        var matcher = scope.Bind(start.Table);
        await foreach (var (snapshot, entry) in ReadAsync(
            nameof(NoNewDeletesAsync), start, AddsDeletes, ManifestContent.Deletes, EntryStatus.Added,
            matcher.MightHold, cancellationToken))
        {
            if (matcher.MightMatch(entry.File))
            {
                throw Conflict(
                    $"snapshot {snapshot.SnapshotId} added deletes '{entry.File.FilePath}', which may apply to rows "
                    + $"that match {scope}.");
            }
        }
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
        await foreach (var (snapshot, entry) in ReadAsync(
            nameof(NoNewDeletesForAsync), start, AddsDeletes, ManifestContent.Deletes, EntryStatus.Added,
            matcher.MightHold, cancellationToken))
        {
            var tolerated = tolerateEqualityDeletes && entry.File.Content == FileContent.EqualityDeletes;
            if (!tolerated && matcher.MightMatch(entry.File) && reach.MightReach(entry.File))
            {
                throw Conflict(
                    $"snapshot {snapshot.SnapshotId} deleted rows of files that are to be replaced, by "
                    + $"'{entry.File.FilePath}'.");
            }
        }
    }

    /// <exception cref="CommitConflictException">Somebody removed files with rows that the scope may hold.</exception>
    public async Task NoRemovedDataAsync(SnapshotBase start, ConflictScope scope, CancellationToken cancellationToken)
    {
        var matcher = scope.Bind(start.Table);
        await foreach (var (snapshot, entry) in ReadAsync(
            nameof(NoRemovedDataAsync), start, RemovesData, ManifestContent.Data, EntryStatus.Deleted,
            matcher.MightHold, cancellationToken))
        {
            if (matcher.MightMatch(entry.File))
            {
                throw Conflict(
                    $"snapshot {snapshot.SnapshotId} removed file '{entry.File.FilePath}', which may hold rows that "
                    + $"match {scope}.");
            }
        }
    }

    /// <param name="start">The base.</param>
    /// <param name="paths">Data files that must still be there.</param>
    /// <param name="afterDeletes">Whether files that a delete removed count too.</param>
    /// <param name="cancellationToken">Stops between entries.</param>
    /// <exception cref="CommitConflictException">Somebody removed one of the files.</exception>
    public async Task DataFilesExistAsync(
        SnapshotBase start, IReadOnlySet<string> paths, bool afterDeletes, CancellationToken cancellationToken)
    {
        if (paths.Count == 0)
        {
            return;
        }

        await foreach (var (snapshot, entry) in ReadAsync(
            nameof(DataFilesExistAsync), start, afterDeletes ? RemovesData : RewritesData, ManifestContent.Data, EntryStatus.Deleted,
            null, cancellationToken))
        {
            if (paths.Contains(entry.File.FilePath))
            {
                throw Conflict(
                    $"snapshot {snapshot.SnapshotId} removed file '{entry.File.FilePath}', to which new deletes "
                    + "refer.");
            }
        }
    }

    private async IAsyncEnumerable<(Snapshot Snapshot, ManifestEntry Entry)> ReadAsync(
        string check,
        SnapshotBase start,
        string[] operations,
        ManifestContent content,
        EntryStatus status,
        Func<ManifestFile, bool>? mayMatter,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var snapshot in SnapshotsSince(start))
        {
            // A version 1 snapshot may not say what it did.
            var couldMatter = snapshot.Operation is not { } operation || operations.Contains(operation, StringComparer.Ordinal);
            if (!couldMatter || _passed.Contains((check, snapshot.SnapshotId)))
            {
                continue;
            }

            await foreach (var entry in ChangedFiles.ReadAsync(
                start.Io, start.Table, snapshot, content, status, mayMatter, cancellationToken))
            {
                yield return (snapshot, entry);
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
}
