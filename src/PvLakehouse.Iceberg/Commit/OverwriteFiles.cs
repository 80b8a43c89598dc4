using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>What may have happened to a table between reading it and replacing what was read.</summary>
public enum IsolationLevel
{
    /// <summary>
    /// The replaced files must still be there, without new deletes; rows that others added are none of our business.
    /// </summary>
    Snapshot,

    /// <summary>Also, nobody may have added rows that the conflict filter selects.</summary>
    Serializable,
}

/// <summary>Replaces data files by others: copy-on-write update, delete, merge, or rewriting what a filter selects.</summary>
/// <remarks>For one commit; make another object for the next.</remarks>
public sealed class OverwriteFiles : SnapshotProducer<OverwriteFiles>
{
    private readonly FileChanges _files;
    private ConflictValidator? _validator;
    private IsolationLevel _isolation;
    private Expression? _conflictFilter;
    private bool _addedMustMatch;

    internal OverwriteFiles(WritableTable table)
        : base(table) => _files = new FileChanges(table);

    /// <summary>Removes a file that a scan planned.</summary>
    public OverwriteFiles Remove(DataFile file)
    {
        _files.Removed.Add(file);
        return this;
    }

    /// <summary>Removes files that a scan planned.</summary>
    public OverwriteFiles RemoveRange(IEnumerable<DataFile> files)
    {
        _files.Removed.AddRange(files);
        return this;
    }

    /// <summary>Removes every file whose rows all match a filter, at the time of the commit.</summary>
    /// <remarks>
    /// A file of which only some rows match fails the commit by <see cref="PartialMatchException"/>: such a file must be
    /// removed by itself, and its other rows added.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A column of the filter is unknown, or a value cannot be compared with it.
    /// </exception>
    public OverwriteFiles OverwriteByFilter(Expression filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        _ = Normalised.Of(filter, Table.Schema, caseSensitive: true);
        _files.Removed.Filter = filter;

        // Deletes of rows that all go have nothing left to delete.
        _files.RemovedDeletes.Filter = filter;
        return this;
    }

    /// <summary>Adds a file that an engine has written.</summary>
    /// <exception cref="ArgumentException">
    /// The file was added already, or does not fit the table's partition specs.
    /// </exception>
    public OverwriteFiles Add(DataFile file)
    {
        _files.Added.Add(file);
        return this;
    }

    /// <summary>Adds files that an engine has written.</summary>
    /// <exception cref="ArgumentException">
    /// A file was added already, or does not fit the table's partition specs.
    /// </exception>
    public OverwriteFiles AddRange(IEnumerable<DataFile> files)
    {
        _files.Added.AddRange(files);
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
    /// <param name="conflictFilter">
    /// Rows that the work depends on; null means those of the overwrite filter, and without one every row.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A column of the filter is unknown, or a value cannot be compared with it.
    /// </exception>
    public OverwriteFiles ValidateFrom(
        long? snapshotId, IsolationLevel isolation = IsolationLevel.Serializable, Expression? conflictFilter = null)
    {
        _ = Normalised.Of(conflictFilter ?? Expression.True, Table.Schema, caseSensitive: true);
        _validator = new ConflictValidator(Table, snapshotId);
        _isolation = isolation;
        _conflictFilter = conflictFilter;
        return this;
    }

    /// <summary>Checks that all rows of added files match the overwrite filter, so that repeating it replaces them.</summary>
    /// <remarks>A file that does not fails the commit by <see cref="PartialMatchException"/>.</remarks>
    public OverwriteFiles ValidateAddedFilesMatchOverwriteFilter()
    {
        _addedMustMatch = true;
        return this;
    }

    private protected override async Task<ManifestPlan> PlanAsync(SnapshotBase start, CancellationToken cancellationToken)
    {
        CheckAdded(start);
        if (_validator is not null)
        {
            await ValidateAsync(_validator, start, cancellationToken);
        }

        return await _files.PlanAsync(start, operation: null, cancellationToken);
    }

    private protected override IReadOnlyCollection<string> NewFilePaths() => _files.NewPaths;

    private void CheckAdded(SnapshotBase start)
    {
        if (!_addedMustMatch)
        {
            return;
        }

        var filter = _files.Removed.Filter ?? Expression.False;
        var matcher = new FileMatcher(start.Table, filter);
        if (_files.Added.Files.FirstOrDefault(f => matcher.Match(f) != MatchResult.All) is { } outside)
        {
            throw new PartialMatchException(
                $"Added file '{outside.FilePath}' may hold rows that do not match the overwrite filter {filter}.",
                outside.FilePath);
        }
    }

    private async Task ValidateAsync(ConflictValidator validator, SnapshotBase start, CancellationToken cancellationToken)
    {
        var byFilter = _files.Removed.Filter;
        if (_isolation == IsolationLevel.Serializable)
        {
            var everything = byFilter is null || _files.Removed.Files.Count > 0 ? null : byFilter;
            await validator.NoNewDataAsync(start, ConflictScope.Of(_conflictFilter ?? everything), cancellationToken);
        }

        if (byFilter is not null)
        {
            var scope = ConflictScope.Of(_conflictFilter ?? byFilter);
            await validator.NoNewDeletesAsync(start, scope, cancellationToken);
            await validator.NoRemovedDataAsync(start, scope, cancellationToken);
        }

        var replaced = _conflictFilter is null ? null : ConflictScope.Of(_conflictFilter);
        await validator.NoNewDeletesForAsync(
            start, _files.Removed.Files, replaced, tolerateEqualityDeletes: false, cancellationToken);
    }
}
