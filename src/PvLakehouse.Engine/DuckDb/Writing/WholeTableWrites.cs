using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Append and overwrite: writes that need not look at the rows that are there.</summary>
internal sealed class WholeTableWrites(DuckDbStatements duckDb, IDataFiles dataFiles, TableLookup tables, BoundSelect selects, int conflictRetries)
{
    public async Task<WriteOutcome> AppendAsync(
        TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken)
    {
        var table = await tables.LoadAsync(target, cancellationToken);
        var rows = await selects.BindAsync(table, select, null, cancellationToken);
        var files = await new ParquetWriter(duckDb, dataFiles, table).WriteAsync(rows, cancellationToken);
        if (files.Files.Count == 0 && !TableCommit.RecordsOnly(table, options))
        {
            return new WriteOutcome(null, 0, 0, 0, 0, 0);
        }

        var append = table.NewAppend().AddRange(files.Files);
        foreach (var (key, value) in options.SnapshotProperties)
        {
            append = append.Set(key, value);
        }

        var snapshot = await TableCommit.RunAsync(table, files, () => append.CommitAsync(cancellationToken));
        return new WriteOutcome(snapshot.SnapshotId, files.Rows, 0, 0, 0, files.Bytes);
    }

    public async Task<WriteOutcome> OverwriteAsync(
        TableIdentifier target, string select, WriteOptions options, CancellationToken cancellationToken)
    {
        var table = await tables.LoadAsync(target, cancellationToken);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await OverwriteOnceAsync(table, select, options, cancellationToken);
            }
            catch (CommitConflictException) when (attempt < conflictRetries)
            {
                await table.RefreshAsync(cancellationToken);
            }
            catch (CommitConflictException error)
            {
                throw new SqlEngineException(
                    $"Table {target} was changed by others during each of {attempt + 1} attempts to overwrite it; nothing was written. Try again when they are done.", error);
            }
        }
    }

    private async Task<WriteOutcome> OverwriteOnceAsync(Table table, string select, WriteOptions options, CancellationToken cancellationToken)
    {
        var (old, _) = await IcebergViews.PlanAsync(table.NewScan(), cancellationToken);
        var basis = table.CurrentSnapshot?.SnapshotId;
        var rows = await selects.BindAsync(table, select, null, cancellationToken);
        var files = await new ParquetWriter(duckDb, dataFiles, table).WriteAsync(rows, cancellationToken);
        List<DataFile> replaced = [.. old.Select(f => f.File)];
        if (files.Files.Count == 0 && replaced.Count == 0 && !TableCommit.RecordsOnly(table, options))
        {
            return new WriteOutcome(null, 0, 0, 0, 0, 0);
        }

        var overwrite = table.NewOverwrite().RemoveRange(replaced).AddRange(files.Files).ValidateFrom(basis);
        foreach (var (key, value) in options.SnapshotProperties)
        {
            overwrite = overwrite.Set(key, value);
        }

        var snapshot = await TableCommit.RunAsync(table, files, () => overwrite.CommitAsync(cancellationToken));
        return new WriteOutcome(snapshot.SnapshotId, files.Rows, 0, replaced.Sum(f => f.RecordCount), 0, files.Bytes);
    }
}
