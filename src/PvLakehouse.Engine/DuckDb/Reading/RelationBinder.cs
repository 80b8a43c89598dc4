using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Gives names to tables at fixed snapshots and to what snapshots added.</summary>
internal sealed class RelationBinder(TableLookup tables, TableReader reader, DuckDbStatements duckDb)
{
    private readonly Dictionary<string, TableRows> _bound = new(StringComparer.OrdinalIgnoreCase);

    public async Task BindAsync(string name, Relation relation, CancellationToken cancellationToken)
    {
        var rows = relation switch
        {
            TableAt at => await AtAsync(at, cancellationToken),
            AddedBetween added => await AddedAsync(added, cancellationToken),
            _ => throw new ArgumentException(
                $"Relations of type {relation.GetType().Name} are not known.", nameof(relation)),
        };
        try
        {
            await duckDb.ExecuteAsync(
                $"CREATE OR REPLACE TEMP VIEW {SqlText.Name(name)} AS {rows.Select}", cancellationToken);
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }

        var old = _bound.GetValueOrDefault(name);
        _bound[name] = rows;
        if (old is not null)
        {
            await old.DisposeAsync();
        }
    }

    /// <summary>Frees the files that are bound; they cannot be read any more.</summary>
    public void Release()
    {
        foreach (var rows in _bound.Values)
        {
            rows.Release();
        }
    }

    private async Task<TableRows> AtAsync(TableAt relation, CancellationToken cancellationToken)
    {
        var table = await tables.LoadAsync(relation.Table, cancellationToken);
        var scan = relation.SnapshotId is { } id ? table.NewScan().UseSnapshot(Known(table, id)) : table.NewScan();
        scan = relation.Filter is { } filter ? scan.Where(filter) : scan;
        var (files, _) = await IcebergViews.PlanAsync(scan, cancellationToken);
        return await reader.OpenAsync(table.Io, table.Metadata, scan.Schema, files, whole: false, cancellationToken);
    }

    private async Task<TableRows> AddedAsync(AddedBetween relation, CancellationToken cancellationToken)
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

        return await reader.OpenAsync(table.Io, table.Metadata, table.Schema, files, whole: false, cancellationToken);
    }

    private static long Known(Table table, long snapshotId) =>
        table.Metadata.Snapshots.Any(s => s.SnapshotId == snapshotId)
        ? snapshotId
        : throw new SqlEngineException(FormattableString.Invariant(
            $"Table {table.Identifier} has no snapshot {snapshotId}; it was never made or has expired."));
}
