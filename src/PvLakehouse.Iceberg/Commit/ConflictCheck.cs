using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Looks whether commits since a snapshot change what the work was based on (serializable and snapshot isolation).
/// </summary>
internal sealed class ConflictCheck
{
    private readonly Table _table;
    private readonly long? _start;
    private readonly IsolationLevel _isolation;
    private readonly Expression _filter;
    private readonly HashSet<long> _passed = [];

    public ConflictCheck(Table table, long? start, IsolationLevel isolation, Expression filter)
    {
        _table = table;
        _start = start;
        _isolation = isolation;
        _filter = filter;
        _ = Normalised.Of(filter, table.Schema, caseSensitive: true);
    }

    /// <exception cref="CommitConflictException">A commit since the start stands against this one.</exception>
    public async Task RunAsync(TableMetadata @base, Snapshot? parent, CancellationToken cancellationToken)
    {
        var pruner = new FilePruner(@base, @base.Schema, _filter, caseSensitive: true);
        foreach (var snapshot in SnapshotsSince(@base, parent))
        {
            if (_passed.Contains(snapshot.SnapshotId))
            {
                continue;
            }

            await CheckDeletesAsync(@base, snapshot, cancellationToken);
            if (_isolation == IsolationLevel.Serializable && snapshot.Operation is not SnapshotOperation.Delete and not SnapshotOperation.Replace)
            {
                await CheckAddedAsync(@base, snapshot, pruner, cancellationToken);
            }

            _passed.Add(snapshot.SnapshotId);
        }
    }

    private List<Snapshot> SnapshotsSince(TableMetadata @base, Snapshot? parent)
    {
        var since = new List<Snapshot>();
        for (var id = parent?.SnapshotId; id != _start; id = since[^1].ParentSnapshotId)
        {
            since.Add((id is null ? null : @base.FindSnapshot(id.Value)) ?? throw new CommitConflictException(
                $"Table {_table.Identifier}: what was committed since snapshot {_start} cannot be told, because it is "
                + "no longer "
                + "an ancestor of the current snapshot or history has expired. Refresh the table and do the work again."));
        }

        return since;
    }

    private async Task CheckAddedAsync(
        TableMetadata @base, Snapshot snapshot, FilePruner pruner, CancellationToken cancellationToken)
    {
        await foreach (var entry in AddedFiles.ReadAsync(_table.Io, @base, snapshot, cancellationToken))
        {
            if (pruner.MightMatch(entry.File))
            {
                throw new CommitConflictException(
                    $"Table {_table.Identifier}: snapshot {snapshot.SnapshotId} added file '{entry.File.FilePath}', "
                    + "which may hold "
                    + $"rows that match {_filter}. Refresh the table and do the work again.");
            }
        }
    }

    /// <summary>New deletes may hit the files that are to be replaced; rewriting those would bring rows back.</summary>
    private async Task CheckDeletesAsync(TableMetadata @base, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.Operation is SnapshotOperation.Append or SnapshotOperation.Replace)
        {
            return;
        }

        var manifests = await ManifestListReader.ReadAsync(_table.Io, @base, snapshot, cancellationToken);
        if (manifests.Any(m => m.Content == ManifestContent.Deletes && m.AddedSnapshotId == snapshot.SnapshotId && m.HasAddedFiles))
        {
            throw new CommitConflictException(
                $"Table {_table.Identifier}: snapshot {snapshot.SnapshotId} deleted rows of files that are to be "
                + "replaced. Refresh "
                + "the table and do the work again.");
        }
    }
}
