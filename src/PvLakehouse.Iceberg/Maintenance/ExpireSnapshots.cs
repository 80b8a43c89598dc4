using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Forgets old snapshots and removes the files that only they lead to.</summary>
/// <remarks>
/// <para>A snapshot stays while a branch or tag names it, while it is among the last snapshots of a branch
/// (<c>history.expire.min-snapshots-to-keep</c>, default 1), and while it is young
/// (<c>history.expire.max-snapshot-age-ms</c>, default 5 days); branches may have values of their own. Branches and
/// tags but main go when their snapshot is older than <c>history.expire.max-ref-age-ms</c> (default: never).</para>
/// <para>The commit comes first, the files go after it, one kind after the other. Whatever stops the work in between
/// leaves orphans, never a table that names missing files. When it is not known whether the commit happened, nothing is
/// removed.</para>
/// </remarks>
public sealed class ExpireSnapshots
{
    private readonly Table _table;
    private readonly HashSet<long> _ids = [];
    private DateTimeOffset? _olderThan;
    private int? _retainLast;
    private bool _keepFiles;
    private bool _cleanMetadata;

    internal ExpireSnapshots(Table table) => _table = table;

    /// <summary>Expires snapshots from before an instant, where a branch has no age of its own.</summary>
    public ExpireSnapshots OlderThan(DateTimeOffset instant)
    {
        _olderThan = instant;
        return this;
    }

    /// <summary>Keeps at least so many snapshots of each branch that has no number of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public ExpireSnapshots RetainLast(int snapshots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(snapshots, 1);
        _retainLast = snapshots;
        return this;
    }

    /// <summary>Expires one snapshot whatever its age, beside those that are old enough.</summary>
    public ExpireSnapshots Snapshot(long snapshotId)
    {
        _ids.Add(snapshotId);
        return this;
    }

    /// <summary>Leaves all files where they are, for a later removal of orphans.</summary>
    public ExpireSnapshots KeepFiles()
    {
        _keepFiles = true;
        return this;
    }

    /// <summary>Forgets partition specs and schemas too that nothing needs once the snapshots are gone.</summary>
    /// <remarks>
    /// Needed are those that writers use now, those of the snapshots and files that are kept, and schemas that tell the
    /// types of partition values and deleted keys whose columns were dropped. A commit to any branch while they are
    /// looked for is a conflict, after which they are looked for again.
    /// </remarks>
    public ExpireSnapshots CleanExpiredMetadata()
    {
        _cleanMetadata = true;
        return this;
    }

    /// <summary>Says what would be done now, and does nothing.</summary>
    /// <exception cref="IcebergException">
    /// The table forbids removing files (<c>gc.enabled</c>), or a snapshot that shall expire is named by a branch or
    /// tag.
    /// </exception>
    public async Task<ExpireSnapshotsPlan> PlanAsync(CancellationToken cancellationToken = default)
    {
        await _table.RefreshAsync(cancellationToken);
        var table = _table.Metadata;
        var builder = TableMetadataBuilder.From(table);
        var (expiry, unused) = await ChangeAsync(builder, Now, cancellationToken);
        var files = new RemovedFileCounts();
        if (!_keepFiles && expiry.Snapshots.Count > 0)
        {
            var after = builder.Build(Now);
            await foreach (var file in new ExpiredFiles(_table.Io, table, after).FindAsync(cancellationToken))
            {
                files = files.Plus(file.Kind);
            }
        }

        return new ExpireSnapshotsPlan(expiry.Snapshots, expiry.Refs, files)
        {
            SpecIds = unused.SpecIds,
            SchemaIds = unused.SchemaIds,
        };
    }

    /// <summary>Expires and removes; on a conflict with another commit it is decided anew what expires.</summary>
    /// <exception cref="IcebergException">As for <see cref="PlanAsync"/>; nothing was changed.</exception>
    /// <exception cref="CommitConflictException">Others kept committing first.</exception>
    /// <exception cref="CommitStateUnknownException">
    /// The catalog did not say whether the snapshots expired; no file was removed.
    /// </exception>
    public async Task<ExpireSnapshotsResult> RunAsync(CancellationToken cancellationToken = default)
    {
        var now = Now;
        await _table.RefreshAsync(cancellationToken);
        var change = new ExpiryChange((builder, token) => ChangeAsync(builder, now, token));
        await _table.RunAsync(change, cancellationToken);
        var result = await RemoveFilesAsync(change.Before, change.Expiry, cancellationToken);
        return result with { SpecIds = change.Unused.SpecIds, SchemaIds = change.Unused.SchemaIds };
    }

    private DateTimeOffset Now => _table.Context.Time.GetUtcNow();

    private async Task<ExpireSnapshotsResult> RemoveFilesAsync(
        TableMetadata before, SnapshotExpiry expiry, CancellationToken cancellationToken)
    {
        var files = new RemovedFileCounts();
        var removal = new FileRemoval<ReachableFile>(_table.Io, f => f.Location, f => files = files.Plus(f.Kind));
        if (!_keepFiles && expiry.Snapshots.Count > 0)
        {
            // What must stay is told by the table as it is now, whatever others have committed meanwhile.
            await _table.RefreshAsync(cancellationToken);
            ReachableFileKind? kind = null;
            await foreach (var file in new ExpiredFiles(_table.Io, before, _table.Metadata).FindAsync(
                cancellationToken))
            {
                if (kind != file.Kind
                    && file.Kind is not (ReachableFileKind.PositionDeletes or ReachableFileKind.EqualityDeletes))
                {
                    // What leads to a file goes after the file.
                    await removal.FlushAsync(cancellationToken);
                    kind = file.Kind;
                }

                await removal.AddAsync(file, cancellationToken);
            }

            await removal.FlushAsync(cancellationToken);
        }

        return new ExpireSnapshotsResult(
            [.. expiry.Snapshots.Select(s => s.SnapshotId)], expiry.Refs, files, removal.Failed, removal.FirstFailure);
    }

    private SnapshotExpiry Expiry(TableMetadata table, DateTimeOffset now)
    {
        GarbageCollection.Check(_table.Identifier, table, "Snapshots cannot expire");
        return new SnapshotRetention { Now = now, OlderThan = _olderThan, RetainLast = _retainLast, Ids = _ids }.Apply(
            table);
    }

    /// <summary>Removes from a base what expires in it, and what nothing needs then.</summary>
    private async Task<(SnapshotExpiry Expiry, UnusedMetadata Unused)> ChangeAsync(
        TableMetadataBuilder builder, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var expiry = Expiry(builder.Current, now);
        foreach (var name in expiry.Refs)
        {
            builder.RemoveRef(name);
        }

        builder.RemoveSnapshots([.. expiry.Snapshots.Select(s => s.SnapshotId)]);
        var unused = _cleanMetadata
            ? await UnusedMetadata.FindAsync(_table.Io, builder.Current, cancellationToken)
            : UnusedMetadata.None;
        builder.RemoveSpecs(unused.SpecIds).RemoveSchemas(unused.SchemaIds);
        return (expiry, unused);
    }

    /// <summary>The expiry as a change that is made on one base after another.</summary>
    private sealed class ExpiryChange(
        Func<TableMetadataBuilder, CancellationToken, Task<(SnapshotExpiry Expiry, UnusedMetadata Unused)>> change)
        : IPendingChange
    {
        private TableMetadata? _before;
        private SnapshotExpiry? _expiry;

        /// <summary>The base of the last attempt.</summary>
        public TableMetadata Before => _before ?? throw new InvalidOperationException("Nothing has expired yet.");

        /// <summary>What expired in it.</summary>
        public SnapshotExpiry Expiry => _expiry ?? throw new InvalidOperationException("Nothing has expired yet.");

        /// <summary>What nothing needed after it.</summary>
        public UnusedMetadata Unused { get; private set; } = UnusedMetadata.None;

        public async Task ApplyAsync(TableMetadataBuilder builder, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _before = builder.Current;
            (_expiry, Unused) = await change(builder, cancellationToken);
        }

        public bool IsIn(TableMetadata metadata) =>
            Expiry.Snapshots.All(s => metadata.FindSnapshot(s.SnapshotId) is null)
            && Expiry.Refs.All(name => !metadata.Refs.ContainsKey(name))
            && Unused.SpecIds.All(id => metadata.FindSpec(id) is null)
            && Unused.SchemaIds.All(id => metadata.FindSchema(id) is null);

        public Task CleanUpAsync(bool committed) => Task.CompletedTask;
    }
}
