using System.Globalization;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>One try to change rows of a table, from one snapshot of it.</summary>
internal sealed class ChangeAttempt(
    DuckDbStatements duckDb, TableReader reader, IDataFiles dataFiles, Table table, RowChange change,
    WriteOptions options)
{
    /// <exception cref="Iceberg.CommitConflictException">
    /// Another writer was faster; nothing of this attempt remains.
    /// </exception>
    public async Task<WriteOutcome> RunAsync(CancellationToken cancellationToken)
    {
        var head = WriteBranch.Scan(table, options.Branch);
        var scan = change.Scope == Iceberg.Expressions.Expression.True ? head : head.Where(change.Scope);
        var (planned, _) = await IcebergViews.PlanAsync(scan, cancellationToken);
        var whole = Whole(planned);
        var read = planned.FindAll(f => change.MayConcern(f) && !whole.Contains(f));
        await using var rows = await reader.OpenAsync(
            table.Io, table.Metadata, table.Schema, read, whole: true, cancellationToken);
        var files = rows.Files;
        await change.StageAsync(rows.Numbered(), cancellationToken);
        if (change.MayMeetTwice)
        {
            await CheckMetOnceAsync(cancellationToken);
        }

        var counts = await CountAsync(cancellationToken);
        counts = counts with { Deleted = counts.Deleted + whole.Sum(f => f.File.RecordCount) };
        var touched = await TouchedAsync(files, cancellationToken);
        if (counts is { Inserted: 0, Updated: 0, Deleted: 0 } && !WriteCommit.RecordsOnly(table, options))
        {
            return new WriteOutcome(null, 0, 0, 0, 0, 0);
        }

        var left = touched.FindAll(t => t.RowsLeft);
        var written = counts.Inserted + counts.Updated == 0 && left.Count == 0
            ? WrittenFiles.None
            : await new ParquetWriter(duckDb, dataFiles, table).WriteAsync(Rows(rows, left), cancellationToken);
        List<DataFile> removed = [.. touched.Select(t => files[t.File].File), .. whole.Select(f => f.File)];
        var snapshot = await WriteCommit.RunAsync(
            table, written, () => CommitAsync(head.Snapshot?.SnapshotId, removed, written, cancellationToken));
        return new WriteOutcome(snapshot.SnapshotId, counts.Inserted, counts.Updated, counts.Deleted, 0, written.Bytes);
    }

    /// <summary>The files of which every row goes, as metadata tell for certain: they are not even read.</summary>
    private HashSet<FileScanTask> Whole(List<FileScanTask> planned)
    {
        if (change.ExactlyDeleted is not { } filter)
        {
            return [];
        }

        // How many rows a file with deletes has left is only known after reading.
        var matcher = new FileMatcher(table.Metadata, filter, table.Schema);
        return [.. planned.Where(f => f.Deletes.Count == 0 && matcher.Match(f.File) == MatchResult.All)];
    }

    /// <summary>The SQL standard wants an error rather than a choice.</summary>
    private async Task CheckMetOnceAsync(CancellationToken cancellationToken)
    {
        var twice = await duckDb.RowsAsync($"""
            SELECT count(*) FROM {RowChange.Changes} WHERE {RowChange.File} IS NOT NULL
            GROUP BY {RowChange.File}, {RowChange.Position} HAVING count(*) > 1 LIMIT 1
            """, cancellationToken);
        if (twice.Count > 0)
        {
            throw new SqlEngineException(string.Create(CultureInfo.InvariantCulture,
                $"A row of {table.Identifier} meets {twice[0][0]} source rows that would change it; "
                + $"expected at most one. Nothing was written."));
        }
    }

    private async Task<Counts> CountAsync(CancellationToken cancellationToken)
    {
        var rows = await duckDb.RowsAsync(
            $"SELECT {RowChange.Kind}, count(*), {change.CountOfUpdates} FROM {RowChange.Changes} "
            + "GROUP BY 1", cancellationToken);
        return new Counts(Of(ChangeKind.Insert, 1), Of(ChangeKind.Update, 2), Of(ChangeKind.Delete, 1));

        long Of(ChangeKind kind, int column) =>
            rows.Find(r => Convert.ToInt32(r[0], CultureInfo.InvariantCulture) == (int)kind) is { } row
            ? Convert.ToInt64(row[column], CultureInfo.InvariantCulture)
            : 0;
    }

    /// <summary>The files that lose rows, and whether any of their rows may stay.</summary>
    private async Task<List<Touched>> TouchedAsync(
        IReadOnlyList<FileScanTask> files, CancellationToken cancellationToken)
    {
        var rows = await duckDb.RowsAsync($"""
            SELECT {RowChange.File}, count(*) FROM {RowChange.Changes} WHERE {RowChange.File} IS NOT NULL GROUP BY 1 ORDER BY 1
            """, cancellationToken);
        return rows.ConvertAll(r =>
        {
            var file = Convert.ToInt32(r[0], CultureInfo.InvariantCulture);
            return new Touched(file, files[file].File.RecordCount > (long)r[1]!);
        });
    }

    /// <summary>
    /// What the new files hold: the rows of touched files that stay, and the replacements and new rows.
    /// </summary>
    private string Rows(TableRows rows, List<Touched> left)
    {
        var values = table.Schema.Columns.Select((c, i) => $"{RowChange.Value(i)} AS {SqlText.Name(c.Name)}");
        var changes = $"SELECT {SqlText.List(values)} FROM {RowChange.Changes} WHERE {RowChange.Kind} <> {(int)ChangeKind.Delete}";
        if (left.Count == 0)
        {
            return changes;
        }

        return $"""
            SELECT {TableSql.Columns(table.Schema)} FROM {rows.Numbered(left.ConvertAll(t => t.File))} t
            ANTI JOIN {RowChange.Changes} g ON g.{RowChange.Position} = t.{RowChange.Position} AND g.{RowChange.File} = t.{RowChange.File}
            UNION ALL
            {changes}
            """;
    }

    private Task<Iceberg.Metadata.Snapshot> CommitAsync(
        long? basis, IReadOnlyList<DataFile> removed, WrittenFiles added, CancellationToken cancellationToken)
    {
        var overwrite = table.NewOverwrite().RemoveRange(removed).AddRange(added.Files)
            .ValidateFrom(basis, Isolation(), change.Conflicts);
        return WriteCommit.With(overwrite, options).CommitAsync(cancellationToken);
    }

    private IsolationLevel Isolation() =>
        table.Metadata.Properties.GetValueOrDefault(change.IsolationProperty, "serializable") switch
    {
        "serializable" => IsolationLevel.Serializable,
        "snapshot" => IsolationLevel.Snapshot,
        var other => throw new SqlEngineException(
            $"Table property '{change.IsolationProperty}' of {table.Identifier} is '{other}'; "
            + "expected serializable or snapshot."),
    };

    private sealed record Counts(long Inserted, long Updated, long Deleted);

    private readonly record struct Touched(int File, bool RowsLeft);
}
