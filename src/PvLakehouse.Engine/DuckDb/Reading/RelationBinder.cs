using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Gives names to tables at fixed snapshots and to what snapshots added.</summary>
internal sealed class RelationBinder(TableLookup tables, DuckDbStatements duckDb)
{
    public async Task BindAsync(string name, Relation relation, CancellationToken cancellationToken)
    {
        var select = relation switch
        {
            TableAt at => await AtAsync(at, cancellationToken),
            AddedBetween added => await AddedAsync(added, cancellationToken),
            _ => throw new ArgumentException($"Relations of type {relation.GetType().Name} are not known.", nameof(relation)),
        };
        await duckDb.ExecuteAsync($"CREATE OR REPLACE TEMP VIEW {SqlText.Name(name)} AS {select}", cancellationToken);
    }

    private async Task<string> AtAsync(TableAt relation, CancellationToken cancellationToken)
    {
        var table = await tables.LoadAsync(relation.Table, cancellationToken);
        var scan = relation.SnapshotId is { } id ? table.NewScan().UseSnapshot(Known(table, id)) : table.NewScan();
        scan = relation.Filter is { } filter ? scan.Where(filter) : scan;
        var (files, _) = await IcebergViews.PlanAsync(scan, cancellationToken);
        return TableSql.Rows(scan.Schema, files);
    }

    private async Task<string> AddedAsync(AddedBetween relation, CancellationToken cancellationToken)
    {
        var table = await tables.LoadAsync(relation.Table, cancellationToken);
        var scan = table.NewIncrementalAppendScan()
            .After(relation.AfterSnapshotId is { } after ? Known(table, after) : null)
            .UpTo(Known(table, relation.UpToSnapshotId))
            .WithNonAppend(NonAppendSnapshots.IncludeAdded);
        var files = new List<FileScanTask>();
        await foreach (var file in scan.PlanFilesAsync(cancellationToken))
        {
            files.Add(file);
        }

        return TableSql.Rows(table.Schema, files);
    }

    private static long Known(Table table, long snapshotId) => table.Metadata.Snapshots.Any(s => s.SnapshotId == snapshotId)
        ? snapshotId
        : throw new SqlEngineException(FormattableString.Invariant(
            $"Table {table.Identifier} has no snapshot {snapshotId}; it was never made or has expired."));
}
