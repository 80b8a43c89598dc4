using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Replaces every partition that gets a new file: dynamic partition overwrite. A table without partitions is replaced
/// whole.
/// </summary>
/// <remarks>
/// Repeating it gives the same rows. What a partition is depends on the spec of the new files: rows that an older spec
/// laid stay. For one commit; make another object for the next.
/// </remarks>
public sealed class ReplacePartitions : SnapshotProducer<ReplacePartitions>
{
    private readonly FileChanges _files;
    private long? _since;
    private bool _appendOnly;
    private bool _noNewData;
    private bool _noNewDeletes;
    private ConflictValidator? _validator;

    internal ReplacePartitions(WritableTable table)
        : base(table)
    {
        _files = new FileChanges(table);
        Set(SummaryKeys.ReplacePartitions, "true");
    }

    /// <summary>Adds a file that an engine has written; its partition is replaced.</summary>
    /// <exception cref="ArgumentException">
    /// The file was added already, or does not fit the table's partition specs.
    /// </exception>
    public ReplacePartitions Add(DataFile file)
    {
        _files.Added.Add(file);
        if (Table.Metadata.FindSpec(file.SpecId)!.IsPartitioned)
        {
            _files.Removed.AddPartition(file.SpecId, file.Partition);
            _files.RemovedDeletes.AddPartition(file.SpecId, file.Partition);
        }
        else
        {
            _files.Removed.Filter = Expression.True;
            _files.RemovedDeletes.Filter = Expression.True;
        }

        return this;
    }

    /// <summary>Adds files that an engine has written; their partitions are replaced.</summary>
    /// <exception cref="ArgumentException">
    /// A file was added already, or does not fit the table's partition specs.
    /// </exception>
    public ReplacePartitions AddRange(IEnumerable<DataFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            Add(file);
        }

        return this;
    }

    /// <summary>Fails the commit if a file would be removed.</summary>
    public ReplacePartitions ValidateAppendOnly()
    {
        _appendOnly = true;
        return this;
    }

    /// <summary>The snapshot that the other validations start from; without it they look at all of history.</summary>
    public ReplacePartitions ValidateFromSnapshot(long? snapshotId)
    {
        _since = snapshotId;
        return this;
    }

    /// <summary>Fails the commit if somebody added files to the partitions meanwhile.</summary>
    public ReplacePartitions ValidateNoConflictingData()
    {
        _noNewData = true;
        return this;
    }

    /// <summary>Fails the commit if somebody deleted rows or files of the partitions meanwhile.</summary>
    public ReplacePartitions ValidateNoConflictingDeletes()
    {
        _noNewDeletes = true;
        return this;
    }

    private protected override async Task<ManifestPlan> PlanAsync(
        SnapshotBase start, CancellationToken cancellationToken)
    {
        var scope = _files.Removed.Filter is not null
            ? ConflictScope.Of(filter: null)
            : ConflictScope.Of(_files.Removed.Partitions);
        _validator ??= new ConflictValidator(Table, _since);
        if (_noNewData)
        {
            await _validator.NoNewDataAsync(start, scope, cancellationToken);
        }

        if (_noNewDeletes)
        {
            await _validator.NoRemovedDataAsync(start, scope, cancellationToken);
            await _validator.NoNewDeletesAsync(start, scope, cancellationToken);
        }

        var plan = await _files.PlanAsync(start, SnapshotOperation.Overwrite, cancellationToken);
        return _appendOnly && (plan.Summary.Counts.RemovesData || plan.Summary.Counts.RemovesDeletes)
            ? throw new CommitConflictException(
                $"Table {Table.Identifier}: the partitions to be filled are not empty, and only empty ones may be "
                + "filled.")
            : plan;
    }

    private protected override IReadOnlyCollection<string> NewFilePaths() => _files.NewPaths;
}
