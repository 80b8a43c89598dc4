using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Replaces files by others with the same rows: compaction. Readers see no difference.</summary>
/// <remarks>
/// Fails by a conflict when a replaced file is gone, or when somebody deleted rows of it meanwhile: rewriting them
/// would bring them back. For one commit; make another object for the next.
/// </remarks>
public sealed class RewriteFiles : SnapshotProducer<RewriteFiles>
{
    private readonly FileChanges _files;
    private ConflictValidator _validator;

    internal RewriteFiles(WritableTable table)
        : base(table)
    {
        _files = new FileChanges(table);
        _validator = new ConflictValidator(table, table.CurrentSnapshot?.SnapshotId);
    }

    /// <summary>Removes a data file whose rows the new files hold.</summary>
    public RewriteFiles Remove(DataFile file)
    {
        _files.Removed.Add(file);
        return this;
    }

    /// <summary>Removes a delete file that was applied to the new files, or that others replace.</summary>
    public RewriteFiles RemoveDeletes(DataFile file)
    {
        _files.RemovedDeletes.Add(file);
        return this;
    }

    /// <summary>Adds a file with rows of the removed ones.</summary>
    /// <exception cref="ArgumentException">
    /// The file was added already, or does not fit the table's partition specs.
    /// </exception>
    public RewriteFiles Add(DataFile file)
    {
        _files.Added.Add(file);
        return this;
    }

    /// <summary>Adds a delete file with deletes of the removed ones.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sequenceNumber">
    /// Age of the deletes; it must be that of the deletes that they come from, or later rows of the same key are lost.
    /// All added delete files must have the same.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The file was added already, does not fit the table, or another age was given before.
    /// </exception>
    public RewriteFiles AddDeletes(DataFile file, long sequenceNumber)
    {
        if (_files.AddedDeletes.SequenceNumber is { } before && before != sequenceNumber)
        {
            throw new ArgumentException(
                $"Delete files of one rewrite should have one age; found {before} and "
                + $"{sequenceNumber}.", nameof(sequenceNumber));
        }

        _files.AddedDeletes.Add(file);
        _files.AddedDeletes.SequenceNumber = sequenceNumber;
        return this;
    }

    /// <summary>
    /// Gives the rows the age of the snapshot that they were read from, in place of that of the commit.
    /// </summary>
    /// <remarks>
    /// Keys that somebody deletes during the rewrite then still hit the rewritten rows, so they are no conflict.
    /// </remarks>
    /// <param name="sequenceNumber">Sequence number of the snapshot that was read.</param>
    public RewriteFiles UseStartingSequenceNumber(long sequenceNumber)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequenceNumber);
        _files.Added.SequenceNumber = sequenceNumber;
        return this;
    }

    /// <summary>
    /// The snapshot that was read; without this call it is the one that was current when the operation began.
    /// </summary>
    public RewriteFiles ValidateFromSnapshot(long? snapshotId)
    {
        _validator = new ConflictValidator(Table, snapshotId);
        return this;
    }

    private protected override async Task<ManifestPlan> PlanAsync(
        SnapshotBase start, CancellationToken cancellationToken)
    {
        CheckSides();
        await _validator.NoNewDeletesForAsync(
            start, _files.Removed.Files, scope: null, _files.Added.SequenceNumber is not null, cancellationToken);
        var plan = await _files.PlanAsync(start, SnapshotOperation.Replace, cancellationToken);
        var (added, removed) = (plan.Summary.Counts.AddedRecords, plan.Summary.Counts.RemovedRecords);
        return added <= removed ? plan : throw new IcebergException(
            $"Table {Table.Identifier}: the new files hold {added} rows, those that they replace {removed}; a rewrite "
            + "adds none.");
    }

    private protected override IReadOnlyCollection<string> NewFilePaths() => _files.NewPaths;

    private void CheckSides()
    {
        if (_files.Removed.Files.Count == 0 && _files.RemovedDeletes.Files.Count == 0)
        {
            throw new InvalidOperationException("A rewrite must remove files.");
        }

        if (_files.Removed.Files.Count == 0 && _files.Added.Files.Count > 0)
        {
            throw new InvalidOperationException("A rewrite cannot add data files without removing any.");
        }

        if (_files.RemovedDeletes.Files.Count == 0 && _files.AddedDeletes.Files.Count > 0)
        {
            throw new InvalidOperationException("A rewrite cannot add delete files without removing any.");
        }
    }
}
