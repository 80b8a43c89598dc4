using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Makes, moves and removes branches and tags, and goes back or forth in history. No file is written anew.
/// </summary>
/// <remarks>
/// The calls take effect in their order, by one commit. They are made again on a new state when others commit first;
/// what then does not hold any more, such as that a branch exists, fails the commit by a
/// <see cref="CommitConflictException"/> or an <see cref="IcebergException"/>. For one commit; make another object for
/// the next.
/// </remarks>
public sealed class ManageSnapshots
{
    private readonly WritableTable _table;
    private readonly List<IPendingChange> _changes = [];

    internal ManageSnapshots(WritableTable table) => _table = table;

    /// <summary>Makes a branch at the current snapshot.</summary>
    /// <exception cref="IcebergException">At the commit: the name is taken.</exception>
    public ManageSnapshots CreateBranch(string name) => CreateBranch(name, null);

    /// <summary>Makes a branch.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="snapshotId">Where it begins; null means the current snapshot.</param>
    public ManageSnapshots CreateBranch(string name, long? snapshotId) =>
        Create(name, snapshotId, SnapshotRefKind.Branch);

    /// <summary>Makes a tag.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="snapshotId">What it names; null means the current snapshot.</param>
    public ManageSnapshots CreateTag(string name, long? snapshotId = null) =>
        Create(name, snapshotId, SnapshotRefKind.Tag);

    /// <summary>Removes a branch other than main.</summary>
    public ManageSnapshots RemoveBranch(string name)
    {
        CheckNotMain(name);
        return Add(b =>
        {
            Existing(b, name, SnapshotRefKind.Branch);
            b.RemoveRef(name);
        });
    }

    /// <summary>Removes a tag.</summary>
    public ManageSnapshots RemoveTag(string name) => Add(b =>
    {
        Existing(b, name, SnapshotRefKind.Tag);
        b.RemoveRef(name);
    });

    /// <summary>Gives a branch other than main another name.</summary>
    public ManageSnapshots RenameBranch(string name, string newName)
    {
        CheckNotMain(name);
        ArgumentException.ThrowIfNullOrEmpty(newName);
        return Add(b =>
        {
            var branch = Existing(b, name, SnapshotRefKind.Branch);
            CheckFree(b, newName);
            b.RemoveRef(name).SetRef(newName, branch);
        });
    }

    /// <summary>Moves a branch to any snapshot; commits that are on it alone are lost to it.</summary>
    public ManageSnapshots ReplaceBranch(string name, long snapshotId) =>
        Replace(name, snapshotId, SnapshotRefKind.Branch);

    /// <summary>Moves a branch to where another branch or a tag is.</summary>
    public ManageSnapshots ReplaceBranch(string name, string to) => Add(b =>
    {
        var branch = Existing(b, name, SnapshotRefKind.Branch);
        b.SetRef(name, branch with { SnapshotId = Existing(b, to, kind: null).SnapshotId });
    });

    /// <summary>Moves a tag to another snapshot.</summary>
    public ManageSnapshots ReplaceTag(string name, long snapshotId) => Replace(name, snapshotId, SnapshotRefKind.Tag);

    /// <summary>
    /// Moves a branch forward to where another branch or a tag is, for example main to an audited branch; makes the
    /// branch when there is none.
    /// </summary>
    /// <exception cref="CommitConflictException">
    /// At the commit: the branch has moved on since the other left it, so commits would be lost.
    /// </exception>
    public ManageSnapshots FastForwardBranch(string name, string to) => Add(b => b.FastForward(name, to));

    /// <summary>
    /// Keeps at least so many snapshots of a branch, whatever their age; null means the table's default.
    /// </summary>
    public ManageSnapshots SetMinSnapshotsToKeep(string branch, int? count)
    {
        if (count < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "A branch keeps at least one snapshot.");
        }

        return Add(b => b.SetRef(branch, Existing(b, branch, SnapshotRefKind.Branch) with { MinSnapshotsToKeep = count }));
    }

    /// <summary>Keeps snapshots of a branch up to an age; null means the table's default.</summary>
    public ManageSnapshots SetMaxSnapshotAge(string branch, TimeSpan? age) =>
        Add(b => b.SetRef(branch, Existing(b, branch, SnapshotRefKind.Branch) with { MaxSnapshotAgeMs = Millis(age) }));

    /// <summary>Keeps a branch or tag other than main up to an age; null means the table's default.</summary>
    public ManageSnapshots SetMaxRefAge(string name, TimeSpan? age)
    {
        CheckNotMain(name);
        return Add(b => b.SetRef(name, Existing(b, name, kind: null) with { MaxRefAgeMs = Millis(age) }));
    }

    /// <summary>Makes an ancestor of the current snapshot current again.</summary>
    /// <exception cref="IcebergException">At the commit: the snapshot is no ancestor of the current one.</exception>
    public ManageSnapshots RollbackTo(long snapshotId) => Add(b =>
    {
        CheckExists(b, snapshotId);
        if (b.Current.CurrentSnapshotId is not { } current || b.Current.Ancestors(current).All(s => s.SnapshotId != snapshotId))
        {
            throw new IcebergException(
                $"Table {_table.Identifier} cannot be rolled back to snapshot {snapshotId}: it is no ancestor of the "
                + "current "
                + "snapshot.");
        }

        b.SetBranch(SnapshotRef.Main, snapshotId);
    });

    /// <summary>Makes the newest ancestor of the current snapshot current that is older than an instant.</summary>
    /// <exception cref="IcebergException">At the commit: no ancestor is older.</exception>
    public ManageSnapshots RollbackToTime(DateTimeOffset instant) => Add(b =>
    {
        var ms = instant.ToUnixTimeMilliseconds();
        var older = b.Current.CurrentSnapshotId is { } current
            ? b.Current.Ancestors(current).FirstOrDefault(s => s.TimestampMs < ms)
            : null;
        b.SetBranch(SnapshotRef.Main, older?.SnapshotId ?? throw new IcebergException(
            $"Table {_table.Identifier} cannot be rolled back: no snapshot that is kept is older than {instant:O}."));
    });

    /// <summary>Makes any snapshot current, ancestor or not.</summary>
    /// <exception cref="IcebergException">At the commit: there is no such snapshot.</exception>
    public ManageSnapshots SetCurrentSnapshot(long snapshotId) => Add(b =>
    {
        CheckExists(b, snapshotId);
        b.SetBranch(SnapshotRef.Main, snapshotId);
    });

    /// <summary>Makes a branch or tag current, ancestor or not.</summary>
    public ManageSnapshots SetCurrentSnapshot(string to) =>
        Add(b => b.SetBranch(SnapshotRef.Main, Existing(b, to, kind: null).SnapshotId));

    /// <summary>
    /// Makes what a snapshot did part of main: moves main to it when it comes right after, else does an append or a
    /// replacement of partitions again.
    /// </summary>
    /// <exception cref="CommitConflictException">
    /// At the commit: it did something else and is not the next, was published before, or replaced files that are gone.
    /// </exception>
    public ManageSnapshots Cherrypick(long snapshotId)
    {
        _changes.Add(new CherryPick(_table, snapshotId));
        return this;
    }

    /// <summary>Commits all calls at once.</summary>
    /// <exception cref="CommitConflictException">Others kept committing first until retries ran out.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default) =>
        _table.RunAsync(new CompositeChange([.. _changes]), cancellationToken);

    private static void CheckNotMain(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name == SnapshotRef.Main)
        {
            throw new ArgumentException("Branch 'main' stays: it is the table.", nameof(name));
        }
    }

    private static long? Millis(TimeSpan? age) => age switch
    {
        null => null,
        { TotalMilliseconds: >= 1 } some => (long)some.TotalMilliseconds,
        _ => throw new ArgumentOutOfRangeException(nameof(age), age, "An age is at least a millisecond."),
    };

    private ManageSnapshots Add(Action<TableMetadataBuilder> change)
    {
        _changes.Add(new MetadataUpdate(change));
        return this;
    }

    private ManageSnapshots Create(string name, long? snapshotId, SnapshotRefKind kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Add(b =>
        {
            CheckFree(b, name);
            var id = snapshotId ?? b.Current.CurrentSnapshotId ?? throw new IcebergException(
                $"Table {_table.Identifier} has no snapshot yet that '{name}' could name.");
            CheckExists(b, id);
            b.SetRef(name, new SnapshotRef(id, kind));
        });
    }

    private ManageSnapshots Replace(string name, long snapshotId, SnapshotRefKind kind) => Add(b =>
    {
        CheckExists(b, snapshotId);
        b.SetRef(name, Existing(b, name, kind) with { SnapshotId = snapshotId });
    });

    private SnapshotRef Existing(TableMetadataBuilder builder, string name, SnapshotRefKind? kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var what = kind switch { SnapshotRefKind.Branch => "branch", SnapshotRefKind.Tag => "tag", _ => "branch or tag" };
        return builder.Current.Refs.TryGetValue(name, out var found) && (kind is null || found.Kind == kind)
            ? found
            : throw new IcebergException(
                $"Table {_table.Identifier} has no {what} '{name}'; there are {string.Join(", ", builder.Current.Refs.Keys)}.");
    }

    private void CheckFree(TableMetadataBuilder builder, string name)
    {
        if (builder.Current.Refs.TryGetValue(name, out var taken))
        {
            throw new AlreadyExistsException(
                $"Table {_table.Identifier} has a {(taken.Kind == SnapshotRefKind.Branch ? "branch" : "tag")} '{name}' already.");
        }
    }

    private void CheckExists(TableMetadataBuilder builder, long snapshotId)
    {
        if (builder.Current.FindSnapshot(snapshotId) is null)
        {
            throw new IcebergException(
                $"Table {_table.Identifier} has no snapshot {snapshotId}; it never had or it has expired.");
        }
    }
}
