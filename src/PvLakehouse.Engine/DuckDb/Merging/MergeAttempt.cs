using System.Globalization;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>One try to merge a staged source into a table, from one snapshot of it.</summary>
internal sealed class MergeAttempt(
    DuckDbStatements duckDb, TableReader reader, IDataFiles dataFiles, Table table, MergeSource source, MergeColumns columns, MergeOptions options, Expression missingScope)
{
    private const string Matches = "temp.__merge_matches";
    private const string Gone = "temp.__merge_gone";
    private readonly long? _basis = table.CurrentSnapshot?.SnapshotId;

    /// <exception cref="Iceberg.CommitConflictException">Another writer was faster; nothing of this attempt remains.</exception>
    public async Task<WriteOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var filter = Expression.Or(source.Keys, missingScope);
        var scan = table.NewScan();
        var (planned, _) = await IcebergViews.PlanAsync(filter == Expression.True ? scan : scan.Where(filter), cancellationToken);
        var files = options.DeleteMissing is null ? planned.FindAll(source.MayMeet) : planned;

        await using var target = await reader.OpenAsync(table.Io, table.Metadata, table.Schema, files, cancellationToken);
        await MatchAsync(target, cancellationToken);
        var counts = await CountAsync(cancellationToken);
        if (counts is { Inserted: 0, Updated: 0, Deleted: 0 } && !TableCommit.RecordsOnly(table, options.Write))
        {
            return new WriteOutcome(null, 0, 0, 0, counts.Unchanged, 0);
        }

        var touched = await TouchedAsync(target, cancellationToken);
        var written = counts.Inserted + counts.Updated + counts.Deleted == 0
            ? WrittenFiles.None
            : await new ParquetWriter(duckDb, dataFiles, table).WriteAsync(Rows(target, touched), cancellationToken);
        var snapshot = await TableCommit.RunAsync(table, written, () => CommitAsync(
            [.. touched.Select(i => target.Files[i].File)], written, filter, cancellationToken));
        return new WriteOutcome(snapshot.SnapshotId, counts.Inserted, counts.Updated, counts.Deleted, counts.Unchanged, written.Bytes);
    }

    /// <summary>Finds for each target row that meets a source row whether it differs, and which target rows go without being replaced.</summary>
    private async Task MatchAsync(TableRows rows, CancellationToken cancellationToken)
    {
        var target = rows.Numbered();
        var stamps = columns.InsertStamps.Select(c => $", t.{SqlText.Name(c.Name)} AS {Stamp(c.Name)}");
        await duckDb.ExecuteAsync($"""
            CREATE OR REPLACE TEMP TABLE __merge_matches AS
            SELECT s.rowid AS source_row, t.{TableRows.FileColumn} AS file, t.{TableRows.PositionColumn} AS position,
                   ({columns.Differ("s", "t")}) AS differs{string.Concat(stamps)}
            FROM {target} t JOIN {MergeSource.Name} s ON {columns.SameKey("s", "t")}
            """, cancellationToken);
        var missing = options.DeleteMissing is null ? "" : $"""
            UNION ALL
            SELECT {TableRows.FileColumn}, {TableRows.PositionColumn}, true AS missing
            FROM {target} t
            WHERE ({options.DeleteMissing}
            ) AND NOT EXISTS (SELECT 1 FROM {MergeSource.Name} s WHERE {columns.SameKey("s", "t")})
            """;
        await duckDb.ExecuteAsync($"""
            CREATE OR REPLACE TEMP TABLE __merge_gone AS
            SELECT file, position, false AS missing FROM {Matches} WHERE differs
            {missing}
            """, cancellationToken);
    }

    private async Task<Counts> CountAsync(CancellationToken cancellationToken)
    {
        var row = (await duckDb.RowsAsync($"""
            SELECT (SELECT count(DISTINCT source_row) FROM {Matches}),
                   (SELECT count(DISTINCT source_row) FROM {Matches} WHERE differs),
                   (SELECT count(*) FROM {Gone} WHERE missing)
            """, cancellationToken))[0];
        var (matched, updated, deleted) = ((long)row[0]!, (long)row[1]!, (long)row[2]!);
        return new Counts(source.Rows - matched, updated, deleted, matched - updated);
    }

    private async Task<List<int>> TouchedAsync(TableRows rows, CancellationToken cancellationToken) => rows.Files.Count == 0
        ? []
        : [.. (await duckDb.RowsAsync($"SELECT DISTINCT file FROM {Gone} ORDER BY file", cancellationToken))
            .Select(r => Convert.ToInt32(r[0], CultureInfo.InvariantCulture))];

    /// <summary>What the new files hold: the rows of touched files that stay, the replacements and the new rows.</summary>
    private string Rows(TableRows rows, List<int> touched)
    {
        var replacement = table.Schema.Columns.Select(c => columns.InsertStamps.Any(s => s.Id == c.Id)
            ? $"m.{Stamp(c.Name)} AS {SqlText.Name(c.Name)}"
            : $"s.{SqlText.Name(c.Name)}");
        var changes = $"""
            SELECT {SqlText.List(replacement)} FROM {MergeSource.Name} s JOIN {Matches} m ON m.source_row = s.rowid WHERE m.differs
            UNION ALL
            SELECT {TableSql.Columns(table.Schema)} FROM {MergeSource.Name} s ANTI JOIN {Matches} m ON m.source_row = s.rowid
            """;
        if (touched.Count == 0)
        {
            return changes;
        }

        return $"""
            SELECT {TableSql.Columns(table.Schema)} FROM {rows.Numbered(touched)} t
            ANTI JOIN {Gone} g ON g.position = t.{TableRows.PositionColumn} AND g.file = t.{TableRows.FileColumn}
            UNION ALL
            {changes}
            """;
    }

    private async Task<Iceberg.Metadata.Snapshot> CommitAsync(
        IReadOnlyList<DataFile> removed, WrittenFiles added, Expression filter, CancellationToken cancellationToken)
    {
        var overwrite = table.NewOverwrite().RemoveRange(removed).AddRange(added.Files)
            .ValidateFrom(_basis, Iceberg.Commit.IsolationLevel.Serializable, filter);
        foreach (var (key, value) in options.Write.SnapshotProperties)
        {
            overwrite = overwrite.Set(key, value);
        }

        return await overwrite.CommitAsync(cancellationToken);
    }

    private static string Stamp(string column) => SqlText.Name($"stamp {column}");

    private sealed record Counts(long Inserted, long Updated, long Deleted, long Unchanged);
}
