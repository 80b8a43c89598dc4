using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>What all operations that make a snapshot share.</summary>
/// <remarks>For one commit; make another object for the next.</remarks>
/// <typeparam name="TSelf">The operation itself, so that calls can be chained.</typeparam>
public abstract class SnapshotProducer<TSelf>
    where TSelf : SnapshotProducer<TSelf>
{
    private readonly SnapshotCommit _commit;

    private protected SnapshotProducer(WritableTable table)
    {
        Table = table;
        _commit = new SnapshotCommit(table, PlanAsync, NewFilePaths);
    }

    private protected WritableTable Table { get; }

    /// <summary>Puts a property of the writer's own into the snapshot summary, for example <c>wap.id</c>.</summary>
    /// <exception cref="ArgumentException">The key is set by the commit itself.</exception>
    public TSelf Set(string key, string value)
    {
        _commit.Set(key, value);
        return (TSelf)this;
    }

    /// <summary>Commits to a branch other than main; one that does not exist starts from main.</summary>
    public TSelf ToBranch(string name)
    {
        _commit.ToBranch(name);
        return (TSelf)this;
    }

    /// <summary>Adds the snapshot without moving any branch to it: write, audit, then publish by cherry-pick.</summary>
    public TSelf StageOnly()
    {
        _commit.StageOnly = true;
        return (TSelf)this;
    }

    /// <summary>Commits, repeating on harmless conflicts, and moves the table object to the result.</summary>
    /// <returns>
    /// The snapshot that was made. Within a transaction its sequence number is final only after the commit of that.
    /// </returns>
    /// <exception cref="CommitConflictException">
    /// Others kept committing first until retries ran out, or what they committed stands against this.
    /// </exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the commit happened.</exception>
    /// <exception cref="FileNotFoundException">An added file is not there.</exception>
    public Task<Snapshot> CommitAsync(CancellationToken cancellationToken = default) =>
        _commit.RunAsync(cancellationToken);

    private protected abstract Task<ManifestPlan> PlanAsync(SnapshotBase start, CancellationToken cancellationToken);

    private protected virtual IReadOnlyCollection<string> NewFilePaths() => [];
}
