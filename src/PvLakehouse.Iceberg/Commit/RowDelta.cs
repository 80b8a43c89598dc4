using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Adds rows, and deletes rows by delete files: merge-on-read update, delete, merge and upsert.</summary>
/// <remarks>For one commit; make another object for the next.</remarks>
public sealed class RowDelta : SnapshotProducer<RowDelta>
{
    private readonly FileChanges _files;
    private readonly HashSet<string> _referenced = new(StringComparer.Ordinal);
    private long? _since;
    private Expression? _conflictFilter;
    private bool _afterDeletes;
    private bool _noNewData;
    private bool _noNewDeletes;
    private ConflictValidator? _validator;

    internal RowDelta(WritableTable table)
        : base(table) => _files = new FileChanges(table);

    /// <summary>Adds a file of rows.</summary>
    /// <exception cref="ArgumentException">
    /// The file was added already, or does not fit the table's partition specs.
    /// </exception>
    public RowDelta AddRows(DataFile file)
    {
        _files.Added.Add(file);
        return this;
    }

    /// <summary>Adds a file of position or equality deletes.</summary>
    /// <remarks>
    /// Equality deletes apply to rows that are older than the commit, not to those that it adds; position deletes also
    /// to those. Deletes written without a partition apply to all partitions when they are by equality.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The file was added already, or does not fit the table's schema and partition specs.
    /// </exception>
    public RowDelta AddDeletes(DataFile file)
    {
        _files.AddedDeletes.Add(file);
        return this;
    }

    /// <summary>Removes a data file.</summary>
    public RowDelta RemoveRows(DataFile file)
    {
        _files.Removed.Add(file);
        return this;
    }

    /// <summary>Removes a delete file.</summary>
    public RowDelta RemoveDeletes(DataFile file)
    {
        _files.RemovedDeletes.Add(file);
        return this;
    }

    /// <summary>The snapshot that the work is based on; without it the validations look at all of history.</summary>
    public RowDelta ValidateFromSnapshot(long? snapshotId)
    {
        _since = snapshotId;
        return this;
    }

    /// <summary>
    /// Fails the commit if a file whose positions are deleted was rewritten or overwritten meanwhile.
    /// </summary>
    /// <param name="paths">Paths of the data files that position deletes refer to.</param>
    public RowDelta ValidateDataFilesExist(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _referenced.UnionWith(paths);
        return this;
    }

    /// <summary>
    /// Also fails it if such a file was removed by a delete: an update must not lose its new rows' old versions.
    /// </summary>
    public RowDelta ValidateDeletedFiles()
    {
        _afterDeletes = true;
        return this;
    }

    /// <summary>Rows that the work depends on; without it, every row.</summary>
    /// <exception cref="ArgumentException">
    /// A column of the filter is unknown, or a value cannot be compared with it.
    /// </exception>
    public RowDelta ConflictDetectionFilter(Expression filter)
    {
        _ = Normalised.Of(filter, Table.Schema, caseSensitive: true);
        _conflictFilter = filter;
        return this;
    }

    /// <summary>Fails the commit if somebody added rows that the work depends on: serializable isolation.</summary>
    public RowDelta ValidateNoConflictingDataFiles()
    {
        _noNewData = true;
        return this;
    }

    /// <summary>
    /// Fails the commit if somebody deleted rows that the work depends on: needed for update and merge.
    /// </summary>
    public RowDelta ValidateNoConflictingDeleteFiles()
    {
        _noNewDeletes = true;
        return this;
    }

    private protected override async Task<ManifestPlan> PlanAsync(
        SnapshotBase start, CancellationToken cancellationToken)
    {
        _validator ??= new ConflictValidator(Table, _since);
        var scope = ConflictScope.Of(_conflictFilter);
        await _validator.DataFilesExistAsync(start, _referenced, _afterDeletes, cancellationToken);
        if (_noNewData)
        {
            await _validator.NoNewDataAsync(start, scope, cancellationToken);
        }

        if (_noNewDeletes)
        {
            await _validator.NoNewDeletesForAsync(
                start, _files.Removed.Files, scope, tolerateEqualityDeletes: false, cancellationToken);
            await _validator.NoNewDeletesAsync(start, scope, cancellationToken);
        }

        return await _files.PlanAsync(start, operation: null, cancellationToken);
    }

    private protected override IReadOnlyCollection<string> NewFilePaths() => _files.NewPaths;
}
