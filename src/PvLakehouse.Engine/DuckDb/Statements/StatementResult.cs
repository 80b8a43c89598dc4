using System.Runtime.CompilerServices;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>What statements that change something answer with: a few rows.</summary>
internal static class StatementResult
{
    private static readonly SqlColumn[] Written =
    [
        new("rows_inserted", "BIGINT"), new("rows_updated", "BIGINT"), new("rows_deleted", "BIGINT"), new("snapshot_id", "BIGINT"),
    ];

    /// <summary>One row with the counts of a write; without snapshot when nothing changed.</summary>
    public static SqlResult Of(WriteOutcome outcome) =>
        Of(Written, [[outcome.RowsInserted, outcome.RowsUpdated, outcome.RowsDeleted, outcome.SnapshotId]]);

    /// <summary>One row with a sentence.</summary>
    public static SqlResult Of(string sentence) => Of([new SqlColumn("result", "VARCHAR")], [[sentence]]);

    public static SqlResult Of(IReadOnlyList<SqlColumn> columns, IReadOnlyList<object?[]> rows) => new(columns, Stream(rows));

    private static async IAsyncEnumerable<object?[]> Stream(
        IReadOnlyList<object?[]> rows, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }
}
