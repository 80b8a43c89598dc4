using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>What may have happened to a table between reading it and replacing what was read.</summary>
public enum IsolationLevel
{
    /// <summary>The replaced files must still be there; rows that others added are none of our business.</summary>
    Snapshot,

    /// <summary>Also, nobody may have added rows that the conflict filter selects.</summary>
    Serializable,
}

/// <summary>Replaces data files by others: copy-on-write update, delete, merge, or rewriting a partition.</summary>
public sealed class OverwriteFiles
{
    internal OverwriteFiles(Table table) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Removes a file that a scan planned.</summary>
    public OverwriteFiles Remove(DataFile file) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Removes files that a scan planned.</summary>
    public OverwriteFiles RemoveRange(IEnumerable<DataFile> files) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Adds a file that an engine has written.</summary>
    public OverwriteFiles Add(DataFile file) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Adds files that an engine has written.</summary>
    public OverwriteFiles AddRange(IEnumerable<DataFile> files) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Checks against everything committed after the snapshot that was read; null means that the table was empty.</summary>
    /// <param name="snapshotId">The snapshot that the work is based on.</param>
    /// <param name="isolation">How strict to be; see <see cref="IsolationLevel"/>.</param>
    /// <param name="conflictFilter">Rows that the work depends on; null means every row.</param>
    public OverwriteFiles ValidateFrom(
        long? snapshotId, IsolationLevel isolation = IsolationLevel.Serializable, Expression? conflictFilter = null) =>
        throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Puts a property of the writer's own into the snapshot summary.</summary>
    public OverwriteFiles Set(string key, string value) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Commits to a branch other than main; one that does not exist starts from main.</summary>
    public OverwriteFiles ToBranch(string name) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Commits, repeating on harmless conflicts, and moves the table object to the result.</summary>
    /// <returns>The snapshot that was made.</returns>
    /// <exception cref="CommitConflictException">A replaced file is gone or new rows match: refresh and do the work again.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the commit happened.</exception>
    public Task<Snapshot> CommitAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("Comes with the next commits.");
}
