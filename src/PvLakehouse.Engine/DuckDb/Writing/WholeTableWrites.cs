using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Append and overwrite: writes that need not look at the rows that are there.</summary>
internal sealed class WholeTableWrites(
    DuckDbStatements duckDb, TableReader reader, IDataFiles dataFiles, TableLookup tables, BoundSelect selects,
    int conflictRetries)
{
    public async Task<WriteOutcome> AppendAsync(
        TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken)
    {
        var table = await tables.LoadAsync(target, cancellationToken);
        return await AppendAsync(
            table, await selects.BindAsync(table, select, null, cancellationToken), options, cancellationToken);
    }

    /// <summary>Adds the rows of a SELECT that has exactly the table's columns.</summary>
    public async Task<WriteOutcome> AppendAsync(
        Table table, string rows, WriteOptions options, CancellationToken cancellationToken)
    {
        _ = WriteBranch.Scan(table, options.Branch);
        var files = await new ParquetWriter(duckDb, dataFiles, table).WriteAsync(rows, cancellationToken);
        if (files.Files.Count == 0 && !WriteCommit.RecordsOnly(table, options))
        {
            return new WriteOutcome(null, 0, 0, 0, 0, 0);
        }

        var append = WriteCommit.With(table.NewAppend().AddRange(files.Files), options);
        var snapshot = await WriteCommit.RunAsync(table, files, () => append.CommitAsync(cancellationToken));
        return new WriteOutcome(snapshot.SnapshotId, files.Rows, 0, 0, 0, files.Bytes);
    }

    /// <summary>
    /// Commits a table that is being made or replaced, together with the rows of a SELECT that has exactly its columns.
    /// </summary>
    public async Task<WriteOutcome> FillAsync(Transaction transaction, string rows, CancellationToken cancellationToken)
    {
        var files = await new ParquetWriter(duckDb, dataFiles, transaction).WriteAsync(rows, cancellationToken);
        var snapshot = await WriteCommit.RunAsync(transaction, files, async () =>
        {
            var added = files.Files.Count == 0
                ? null
                : await transaction.NewAppend().AddRange(files.Files).CommitAsync(cancellationToken);
            _ = await transaction.CommitAsync(cancellationToken);
            return added;
        });
        return new WriteOutcome(snapshot?.SnapshotId, files.Rows, 0, 0, 0, files.Bytes);
    }

    public async Task<WriteOutcome> OverwriteAsync(
        TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken)
    {
        var table = await tables.LoadAsync(target, cancellationToken);
        return await OverwriteAsync(
            table, () =>
                selects.BindAsync(table, select, null, cancellationToken), Expression.True, options, cancellationToken);
    }

    /// <summary>
    /// Replaces the rows of those partitions that a SELECT, which has exactly the table's columns, has rows for.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">Gives the SELECT; asked again for each attempt, so that it can read the tables anew.</param>
    /// <param name="options">What the commit records.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task<WriteOutcome> ReplacePartitionsAsync(
        Table table, Func<Task<string>> rows, WriteOptions options, CancellationToken cancellationToken) =>
        OverwriteAsync(table, rows, replaced: null, options, cancellationToken);

    /// <summary>
    /// Replaces selected rows, which must fill whole files, by those of a SELECT that has exactly the table's columns.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">Gives the SELECT; asked again for each attempt, so that it can read the tables anew.</param>
    /// <param name="replaced">Selects the rows that go; all rows of the SELECT must be such.</param>
    /// <param name="options">What the commit records.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Task<WriteOutcome> ReplaceAsync(
        Table table, Func<Task<string>> rows, Expression replaced, WriteOptions options,
        CancellationToken cancellationToken) =>
        OverwriteAsync(table, rows, replaced, options, cancellationToken);

    private async Task<WriteOutcome> OverwriteAsync(
        Table table, Func<Task<string>> rows, Expression? replaced, WriteOptions options,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await OverwriteOnceAsync(table, await rows(), replaced, options, cancellationToken);
            }
            catch (CommitConflictException) when (attempt < conflictRetries)
            {
                await table.RefreshAsync(cancellationToken);
            }
            catch (CommitConflictException error)
            {
                throw new SqlEngineException(
                    $"Table {table.Identifier} was changed by others during each of {attempt + 1} "
                    + "attempts to overwrite it; "
                    + "nothing was written. Try again when they are done.", error);
            }
            catch (PartialMatchException error)
            {
                throw new SqlEngineException(
                    $"The file '{error.FilePath}' of {table.Identifier} may also hold rows that "
                    + "are not to be replaced, as it was written under "
                    + "other partitions; nothing was written. Rewrite the data files first, or use DELETE and INSERT INTO.", error);
            }
        }
    }

    private async Task<WriteOutcome> OverwriteOnceAsync(
        Table table, string rows, Expression? replaced, WriteOptions options, CancellationToken cancellationToken)
    {
        var head = WriteBranch.Scan(table, options.Branch);
        var (old, _) = await IcebergViews.PlanAsync(
            replaced is null || replaced == Expression.True ? head : head.Where(replaced), cancellationToken);
        var basis = head.Snapshot?.SnapshotId;
        var files = await new ParquetWriter(duckDb, dataFiles, table).WriteAsync(rows, cancellationToken);
        if (replaced is null)
        {
            old = InPartitionsOf(table, old, files);
        }

        if (files.Files.Count == 0 && old.Count == 0 && !WriteCommit.RecordsOnly(table, options))
        {
            return new WriteOutcome(null, 0, 0, 0, 0, 0);
        }

        var deleted = 0L;
        var snapshot = await WriteCommit.RunAsync(table, files, async () =>
        {
            deleted = await LiveRowsAsync(table, old, cancellationToken);
            return replaced is null
                ? await WriteCommit.With(table.NewReplacePartitions().AddRange(files.Files).ValidateFromSnapshot(basis)
                    .ValidateNoConflictingData().ValidateNoConflictingDeletes(), options).CommitAsync(cancellationToken)
                : await WriteCommit.With(
                    table.NewOverwrite().OverwriteByFilter(replaced).AddRange(files.Files).ValidateFrom(basis), options)
                    .CommitAsync(cancellationToken);
        });
        return new WriteOutcome(snapshot.SnapshotId, files.Rows, 0, deleted, 0, files.Bytes);
    }

    /// <summary>The files that the commit will replace, to count their rows.</summary>
    private static List<FileScanTask> InPartitionsOf(Table table, List<FileScanTask> old, WrittenFiles files)
    {
        if (files.Files.Count > 0 && !table.Spec.IsPartitioned)
        {
            return old;
        }

        var partitions = files.Files.Select(f => f.Partition).ToHashSet();
        return old.FindAll(f => f.File.SpecId == table.Spec.SpecId && partitions.Contains(f.File.Partition));
    }

    /// <summary>How many rows files have; those with deletes have to be read to know.</summary>
    private async Task<long> LiveRowsAsync(Table table, List<FileScanTask> files, CancellationToken cancellationToken)
    {
        var whole = files.Where(f => f.Deletes.Count == 0).Sum(f => f.File.RecordCount);
        var others = files.FindAll(f => f.Deletes.Count > 0);
        if (others.Count == 0)
        {
            return whole;
        }

        await using var rows = await reader.OpenAsync(
            table.Io, table.Metadata, table.Schema, others, whole: false, cancellationToken);
        var counted = await duckDb.RowsAsync($"SELECT count(*) FROM ({rows.Select})", cancellationToken);
        return whole + (long)counted[0][0]!;
    }
}
