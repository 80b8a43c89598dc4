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
/// <remarks>For one commit; make another object for the next.</remarks>
public sealed class OverwriteFiles
{
    private readonly SnapshotCommit _commit;
    private readonly NewFiles _added;
    private readonly RemovedFiles _removed;
    private ConflictCheck? _check;

    internal OverwriteFiles(Table table)
    {
        _commit = new SnapshotCommit(table);
        _added = new NewFiles(_commit);
        _removed = new RemovedFiles(table.Io);
    }

    /// <summary>Removes a file that a scan planned.</summary>
    public OverwriteFiles Remove(DataFile file)
    {
        _removed.Add(file);
        return this;
    }

    /// <summary>Removes files that a scan planned.</summary>
    public OverwriteFiles RemoveRange(IEnumerable<DataFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            _removed.Add(file);
        }

        return this;
    }

    /// <summary>Adds a file that an engine has written.</summary>
    /// <exception cref="ArgumentException">
    /// The file was added already, or does not fit the table's partition specs.
    /// </exception>
    public OverwriteFiles Add(DataFile file)
    {
        _added.Add(file);
        return this;
    }

    /// <summary>Adds files that an engine has written.</summary>
    /// <exception cref="ArgumentException">
    /// A file was added already, or does not fit the table's partition specs.
    /// </exception>
    public OverwriteFiles AddRange(IEnumerable<DataFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            _added.Add(file);
        }

        return this;
    }

    /// <summary>
    /// Checks against everything committed after the snapshot that was read; null means that the table was empty.
    /// </summary>
    /// <remarks>
    /// Without this call only the removed files are checked: each must still be in the table. A merge on keys should call
    /// it with the snapshot that it planned from, or rows of the same key that others insert meanwhile stay unnoticed.
    /// </remarks>
    /// <param name="snapshotId">The snapshot that the work is based on.</param>
    /// <param name="isolation">How strict to be; see <see cref="IsolationLevel"/>.</param>
    /// <param name="conflictFilter">Rows that the work depends on; null means every row.</param>
    /// <exception cref="ArgumentException">
    /// A column of the filter is unknown, or a value cannot be compared with it.
    /// </exception>
    public OverwriteFiles ValidateFrom(
        long? snapshotId, IsolationLevel isolation = IsolationLevel.Serializable, Expression? conflictFilter = null)
    {
        _check = new ConflictCheck(_commit.Table, snapshotId, isolation, conflictFilter ?? Expression.True);
        return this;
    }

    /// <summary>Puts a property of the writer's own into the snapshot summary.</summary>
    public OverwriteFiles Set(string key, string value)
    {
        _commit.Set(key, value);
        return this;
    }

    /// <summary>Commits to a branch other than main; one that does not exist starts from main.</summary>
    public OverwriteFiles ToBranch(string name)
    {
        _commit.ToBranch(name);
        return this;
    }

    /// <summary>Commits, repeating on harmless conflicts, and moves the table object to the result.</summary>
    /// <returns>The snapshot that was made.</returns>
    /// <exception cref="CommitConflictException">
    /// A replaced file is gone or new rows match: refresh and do the work again.
    /// </exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the commit happened.</exception>
    /// <exception cref="FileNotFoundException">An added file is not there.</exception>
    public Task<Snapshot> CommitAsync(CancellationToken cancellationToken = default) => _commit.RunAsync(
        _added.Paths,
        async (@base, parent, files) =>
        {
            if (_check is not null)
            {
                await _check.RunAsync(@base, parent, cancellationToken);
            }

            var summary = new SnapshotSummary();
            foreach (var file in _added.Files)
            {
                summary.Add(file);
            }

            var kept = await BaseManifests.ReadAsync(_commit.Table.Io, @base, parent, cancellationToken);
            var remaining = await _removed.RemoveAsync(@base, kept, files, summary, cancellationToken);
            var added = await _added.ManifestsAsync(@base, files, cancellationToken);
            return await ManifestPlans.FinishAsync(
                _commit.Table.Io, @base, [.. added, .. remaining], files, summary, cancellationToken);
        },
        cancellationToken);
}
