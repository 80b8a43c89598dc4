namespace PvLakehouse.Iceberg.Metadata;

/// <content>Snapshots and references.</content>
public sealed partial class TableMetadataBuilder
{
    /// <summary>Adds a snapshot; readers see it once a reference names it.</summary>
    /// <exception cref="IcebergException">Its id is taken.</exception>
    /// <exception cref="CommitConflictException">Its sequence number is taken: another commit came first.</exception>
    public TableMetadataBuilder AddSnapshot(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (_now.FindSnapshot(snapshot.SnapshotId) is not null)
        {
            throw new IcebergException($"Snapshot id {snapshot.SnapshotId} is taken.");
        }

        if (_now.FormatVersion > 1 && snapshot.ParentSnapshotId is not null
            && snapshot.SequenceNumber <= _now.LastSequenceNumber)
        {
            throw new CommitConflictException(
                $"Snapshot {snapshot.SnapshotId} has sequence number {snapshot.SequenceNumber}; it should be above "
                + $"{_now.LastSequenceNumber}.");
        }

        return Change(
            _now with
            {
                Snapshots = [.. _now.Snapshots, snapshot],
                LastSequenceNumber = Math.Max(_now.LastSequenceNumber, snapshot.SequenceNumber),
            },
            new TableUpdate.AddSnapshot(snapshot));
    }

    /// <summary>Makes or moves a branch or tag.</summary>
    /// <exception cref="IcebergException">There is no such snapshot, or main would become a tag.</exception>
    public TableMetadataBuilder SetRef(string name, SnapshotRef reference)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(reference);
        if (_now.Refs.TryGetValue(name, out var existing) && existing == reference)
        {
            return this;
        }

        if (_now.FindSnapshot(reference.SnapshotId) is null)
        {
            throw new IcebergException(
                $"Ref '{name}' cannot name snapshot {reference.SnapshotId}: there is no such snapshot.");
        }

        if (name == SnapshotRef.Main && reference.Kind != SnapshotRefKind.Branch)
        {
            throw new IcebergException("Ref 'main' is always a branch.");
        }

        var refs = new Dictionary<string, SnapshotRef>(_now.Refs, StringComparer.Ordinal) { [name] = reference };
        var current = name == SnapshotRef.Main ? reference.SnapshotId : _now.CurrentSnapshotId;
        return Change(_now with { Refs = refs, CurrentSnapshotId = current }, new TableUpdate.SetSnapshotRef(name, reference));
    }

    /// <summary>Moves a branch to a snapshot and keeps its settings; makes the branch when there is none.</summary>
    public TableMetadataBuilder SetBranch(string name, long snapshotId) =>
        SetRef(name, _now.Refs.TryGetValue(name, out var existing)
            ? existing with { SnapshotId = snapshotId }
            : new SnapshotRef(snapshotId, SnapshotRefKind.Branch));

    /// <summary>Moves a branch forward to what another names, for example main to an audited branch.</summary>
    /// <exception cref="IcebergException">There is no branch or tag to move to.</exception>
    /// <exception cref="CommitConflictException">The branch has moved on since the other left it: commits would be lost.</exception>
    public TableMetadataBuilder FastForward(string branch, string to)
    {
        var target = _now.FindRef(to) ?? throw new IcebergException($"There is no branch or tag '{to}'.");
        if (_now.FindRef(branch) is { } head && _now.Ancestors(target.SnapshotId).All(s => s.SnapshotId != head.SnapshotId))
        {
            throw new CommitConflictException(
                $"Branch '{branch}' cannot be moved forward to '{to}': its snapshot {head.SnapshotId} is not an ancestor.");
        }

        return SetBranch(branch, target.SnapshotId);
    }

    /// <summary>Removes a branch or tag; without main the table has no current snapshot.</summary>
    public TableMetadataBuilder RemoveRef(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_now.Refs.ContainsKey(name))
        {
            return this;
        }

        var next = WithoutRefs(_now, (n, _) => n == name);
        return Change(next, new TableUpdate.RemoveSnapshotRef(name));
    }

    /// <summary>Forgets snapshots, with the references and statistics that name them.</summary>
    public TableMetadataBuilder RemoveSnapshots(IReadOnlyList<long> snapshotIds)
    {
        ArgumentNullException.ThrowIfNull(snapshotIds);
        foreach (var name in _now.Refs.Where(r => snapshotIds.Contains(r.Value.SnapshotId)).Select(r => r.Key).ToList())
        {
            RemoveRef(name);
        }

        return RemoveUnnamedSnapshots(snapshotIds);
    }

    /// <summary>Forgets snapshots that no reference names.</summary>
    /// <remarks>
    /// A reference that goes is always a change of its own. So one that others make while snapshots are being removed
    /// is a conflict, and is not lost.
    /// </remarks>
    /// <exception cref="CommitConflictException">A reference names one of them.</exception>
    internal TableMetadataBuilder RemoveUnnamedSnapshots(IReadOnlyList<long> snapshotIds)
    {
        var gone = snapshotIds.Where(id => _now.FindSnapshot(id) is not null).ToHashSet();
        if (gone.Count == 0)
        {
            return this;
        }

        if (_now.Refs.FirstOrDefault(r => gone.Contains(r.Value.SnapshotId)) is { Key: { } name } named)
        {
            throw new CommitConflictException(
                $"Snapshot {named.Value.SnapshotId} cannot be removed: '{name}' names it.");
        }

        // History must stay without gaps: everything up to the last forgotten snapshot goes.
        var lastGone = _now.SnapshotLog.ToList().FindLastIndex(e => gone.Contains(e.SnapshotId));
        var next = _now with
        {
            Snapshots = [.. _now.Snapshots.Where(s => !gone.Contains(s.SnapshotId))],
            SnapshotLog = [.. _now.SnapshotLog.Skip(lastGone + 1)],
            Statistics = [.. _now.Statistics.Where(s => !gone.Contains(s.SnapshotId))],
            PartitionStatistics = [.. _now.PartitionStatistics.Where(s => !gone.Contains(s.SnapshotId))],
        };
        return Change(next, new TableUpdate.RemoveSnapshots([.. gone.Order()]));
    }

    private static TableMetadata WithoutRefs(TableMetadata metadata, Func<string, SnapshotRef, bool> remove)
    {
        var refs = new Dictionary<string, SnapshotRef>(
            metadata.Refs.Where(r => !remove(r.Key, r.Value)), StringComparer.Ordinal);
        return metadata with
        {
            Refs = refs,
            CurrentSnapshotId = refs.TryGetValue(SnapshotRef.Main, out var main) ? main.SnapshotId : null,
        };
    }

    /// <summary>
    /// Logs the current snapshot when main moved; snapshots that were current only inside the change leave no trace.
    /// </summary>
    private IReadOnlyList<SnapshotLogEntry> FinishSnapshotLog(DateTimeOffset now)
    {
        if (_now.CurrentSnapshotId is not { } current || current == _base?.CurrentSnapshotId)
        {
            return _now.SnapshotLog;
        }

        var addedHere = _changes.OfType<TableUpdate.AddSnapshot>().FirstOrDefault(c => c.Snapshot.SnapshotId == current);
        var since = addedHere?.Snapshot.TimestampMs ?? now.ToUnixTimeMilliseconds();
        return [.. _now.SnapshotLog, new SnapshotLogEntry(since, current)];
    }
}
