using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Does on main what another snapshot did elsewhere, without reading its data files.</summary>
internal sealed class CherryPick(WritableTable table, long snapshotId) : IPendingChange
{
    private IPendingChange? _replay;

    public async Task ApplyAsync(TableMetadataBuilder builder, CancellationToken cancellationToken)
    {
        var @base = builder.Current;
        var picked = @base.FindSnapshot(snapshotId) ?? throw new IcebergException(
            $"Table {table.Identifier} has no snapshot {snapshotId}; it never had or it has expired.");
        var ancestors = @base.CurrentSnapshotId is { } current ? @base.Ancestors(current).ToList() : [];
        CheckNotPublished(picked, ancestors);
        if (picked.ParentSnapshotId == @base.CurrentSnapshotId)
        {
            builder.SetBranch(SnapshotRef.Main, snapshotId);
            return;
        }

        _replay ??= await ReplayAsync(@base, picked, ancestors, cancellationToken);
        await _replay.ApplyAsync(builder, cancellationToken);
    }

    public bool IsIn(TableMetadata metadata) => _replay?.IsIn(metadata) == true;

    public async Task CleanUpAsync(bool committed)
    {
        if (_replay is not null)
        {
            await _replay.CleanUpAsync(committed);
        }
    }

    /// <exception cref="CommitConflictException">What the snapshot did is part of main already.</exception>
    private void CheckNotPublished(Snapshot picked, List<Snapshot> ancestors)
    {
        var source = picked.SnapshotId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var wapId = picked.Summary.GetValueOrDefault(SummaryKeys.WapId);
        foreach (var ancestor in ancestors)
        {
            if (ancestor.SnapshotId == picked.SnapshotId || ancestor.Summary.GetValueOrDefault(SummaryKeys.SourceSnapshotId) == source)
            {
                throw Refused(picked, $"snapshot {ancestor.SnapshotId} of main did that already");
            }

            if (wapId is not null && (ancestor.Summary.GetValueOrDefault(SummaryKeys.WapId) == wapId
                || ancestor.Summary.GetValueOrDefault(SummaryKeys.PublishedWapId) == wapId))
            {
                throw Refused(picked, $"its wap.id '{wapId}' was published by snapshot {ancestor.SnapshotId}");
            }
        }
    }

    private async Task<IPendingChange> ReplayAsync(
        TableMetadata @base, Snapshot picked, List<Snapshot> ancestors, CancellationToken cancellationToken)
    {
        var files = new FileChanges(table);
        ConflictValidator? validator = null;
        if (picked.Summary.GetValueOrDefault(SummaryKeys.ReplacePartitions) == "true")
        {
            // What it replaced must not have changed since: it is checked against everything after its parent.
            if (picked.ParentSnapshotId is { } parent && ancestors.TrueForAll(a => a.SnapshotId != parent))
            {
                throw Refused(picked, $"it replaced partitions of snapshot {parent}, which is no ancestor of main");
            }

            validator = new ConflictValidator(table, picked.ParentSnapshotId);
            await RemoveAsync(@base, picked, files, cancellationToken);
        }
        else if (picked.Operation != SnapshotOperation.Append)
        {
            throw Refused(picked, $"it is an '{picked.Operation}' and not the next after main; only appends and replaced partitions can be done again");
        }

        await foreach (var entry in AddedFiles.ReadAsync(table.Io, @base, picked, cancellationToken))
        {
            files.Added.Add(entry.File);
        }

        var operation = picked.Operation;
        var commit = new SnapshotCommit(
            table,
            async (start, cancel) =>
            {
                if (validator is not null)
                {
                    var partitions = files.Added.Files.Concat(files.Removed.Files).Select(f => (f.SpecId, f.Partition)).ToHashSet();
                    await validator.NoNewDataAsync(start, ConflictScope.Of(partitions), cancel);
                    await validator.NoNewDeletesAsync(start, ConflictScope.Of(partitions), cancel);
                }

                return await files.PlanAsync(start, operation, cancel);
            },
            () => files.NewPaths);
        commit.Set(SummaryKeys.SourceSnapshotId, picked.SnapshotId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (picked.Summary.GetValueOrDefault(SummaryKeys.WapId) is { } wapId)
        {
            commit.Set(SummaryKeys.PublishedWapId, wapId);
        }

        if (validator is not null)
        {
            commit.Set(SummaryKeys.ReplacePartitions, "true");
        }

        return commit;
    }

    private async Task RemoveAsync(
        TableMetadata @base, Snapshot picked, FileChanges files, CancellationToken cancellationToken)
    {
        await foreach (var entry in ChangedFiles.ReadAsync(
            table.Io, @base, picked, ManifestContent.Data, EntryStatus.Deleted, mayMatter: null, cancellationToken))
        {
            files.Removed.Add(entry.File);
        }

        await foreach (var entry in ChangedFiles.ReadAsync(
            table.Io, @base, picked, ManifestContent.Deletes, EntryStatus.Deleted, mayMatter: null, cancellationToken))
        {
            files.RemovedDeletes.Add(entry.File);
        }
    }

    private CommitConflictException Refused(Snapshot picked, string why) =>
        new($"Table {table.Identifier}: snapshot {picked.SnapshotId} cannot be picked: {why}.");
}
