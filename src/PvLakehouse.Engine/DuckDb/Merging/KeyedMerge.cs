using System.Globalization;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>The merge of <see cref="ISqlSession.MergeAsync"/>: rows meet by their key, and only those that differ are replaced.</summary>
internal sealed class KeyedMerge : RowChange
{
    private const string SourceTable = "temp.__merge_source";
    private readonly DuckDbStatements _duckDb;
    private readonly Table _table;
    private readonly MergeColumns _columns;
    private readonly MergeOptions _options;
    private readonly KeyScope _keys;

    private KeyedMerge(DuckDbStatements duckDb, Table table, MergeColumns columns, MergeOptions options, long rows, KeyScope keys, Expression missing)
    {
        _duckDb = duckDb;
        _table = table;
        _columns = columns;
        _options = options;
        _keys = keys;
        SourceRows = rows;
        Scope = Expression.Or(rows == 0 ? Expression.False : keys.Keys, missing);
    }

    /// <summary>How many rows the source has.</summary>
    public long SourceRows { get; }

    public override string Doing => "merge into it";

    public override Expression Scope { get; }

    public override Expression Conflicts => Scope;

    public override string IsolationProperty => "write.merge.isolation-level";

    /// <summary>A source row that replaces several rows of one key counts once.</summary>
    public override string CountOfUpdates => $"count(DISTINCT {Source})";

    /// <summary>Merges and tidies up.</summary>
    public static async Task<WriteOutcome> RunAsync(
        DuckDbStatements duckDb, ChangeWriter writer, BoundSelect selects, Table table, string select, MergeOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var columns = new MergeColumns(table, options);
            var bound = await selects.BindAsync(table, select, options.DeleteMissing, cancellationToken);
            await duckDb.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE __merge_source AS {bound}", cancellationToken);
            await CheckKeysAsync(duckDb, table, columns, cancellationToken);
            var rows = (long)(await duckDb.RowsAsync($"SELECT count(*) FROM {SourceTable}", cancellationToken))[0][0]!;
            var keys = await KeyScope.FindAsync(
                duckDb, table, [.. columns.Keys.Select(k => new KeyPair(k, SqlText.Name(k.Name)))], SourceTable, cancellationToken);
            var missing = await MissingScopeAsync(duckDb, table, options, cancellationToken);
            var merge = new KeyedMerge(duckDb, table, columns, options, rows, keys, missing);
            var outcome = await writer.RunAsync(table, merge, options.Write, cancellationToken);
            return outcome with { RowsUnchanged = rows - outcome.RowsInserted - outcome.RowsUpdated };
        }
        finally
        {
            await duckDb.ExecuteAsync($"DROP TABLE IF EXISTS {SourceTable}", CancellationToken.None);
        }
    }

    public override bool MayConcern(FileScanTask file) => _options.DeleteMissing is not null || _keys.MayMeet(file);

    public override Task StageAsync(string target, CancellationToken cancellationToken)
    {
        var schema = _table.Schema;
        var values = schema.Columns.Select((c, i) => (_columns.InsertStamps.Any(s => s.Id == c.Id)
            ? $"CASE WHEN t.{File} IS NULL THEN s.{SqlText.Name(c.Name)} ELSE t.{SqlText.Name(c.Name)} END"
            : $"s.{SqlText.Name(c.Name)}") + $" AS {Value(i)}");
        var missing = _options.DeleteMissing is null ? "" : $"""
            UNION ALL
            SELECT {File}, {Position}, {(int)ChangeKind.Delete}, NULL, {SqlText.List(schema.Columns.Select(_ => "NULL"))}
            FROM {target} t
            WHERE ({_options.DeleteMissing}
            ) AND NOT EXISTS (SELECT 1 FROM {SourceTable} s WHERE {_columns.SameKey("s", "t")})
            """;
        return _duckDb.ExecuteAsync($"""
            CREATE OR REPLACE TEMP TABLE __changes AS
            SELECT t.{File} AS {File}, t.{Position} AS {Position},
                   CASE WHEN t.{File} IS NULL THEN {(int)ChangeKind.Insert} ELSE {(int)ChangeKind.Update} END AS {Kind},
                   s.rowid AS {Source}, {SqlText.List(values)}
            FROM {SourceTable} s LEFT JOIN {target} t ON {_columns.SameKey("s", "t")}
            WHERE t.{File} IS NULL OR ({_columns.Differ("s", "t")})
            {missing}
            """, cancellationToken);
    }

    private static async Task CheckKeysAsync(DuckDbStatements duckDb, Table table, MergeColumns columns, CancellationToken cancellationToken)
    {
        var isNull = string.Join(" OR ", columns.Keys.Select(k => $"{SqlText.Name(k.Name)} IS NULL"));
        var bad = await duckDb.RowsAsync($"""
            (SELECT 1 AS times, {columns.KeyNames} FROM {SourceTable} WHERE {isNull} LIMIT 1)
            UNION ALL
            (SELECT count(*) AS times, {columns.KeyNames} FROM {SourceTable} GROUP BY {columns.KeyNames} HAVING count(*) > 1 LIMIT 1)
            """, cancellationToken);
        if (bad.Count == 0)
        {
            return;
        }

        var key = string.Join(", ", columns.Keys.Select((k, i) => $"{k.Name} = {Text(bad[0][i + 1])}"));
        throw new SqlEngineException(Convert.ToInt64(bad[0][0], CultureInfo.InvariantCulture) == 1
            ? $"The merge into {table.Identifier} has a row with a null in its key ({key}); key columns must have values."
            : $"The merge into {table.Identifier} has {bad[0][0]} rows of one key ({key}); the SELECT must give each key once.");
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        DateTime { Kind: DateTimeKind.Utc } instant => instant.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        DateTime clock => clock.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        string text => $"'{text}'",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Which target rows the deletion of missing ones can concern, as far as its predicate tells.</summary>
    private static async Task<Expression> MissingScopeAsync(
        DuckDbStatements duckDb, Table table, MergeOptions options, CancellationToken cancellationToken)
    {
        if (options.DeleteMissing is not { } predicate)
        {
            return Expression.False;
        }

        var mention = TableLookup.MentionOf(table.Identifier);
        var statement = await SqlStatement.ParseAsync(
            $"SELECT 1 FROM {DuckDbConnectionFactory.Catalog}.{SqlText.Name(mention.Namespace)}.{SqlText.Name(mention.Name)} WHERE ({predicate}\n)",
            duckDb, cancellationToken);
        return TableReferences.In(statement.Tree!.Value, m => m.IsSame(mention) ? table.Schema : null, new Dictionary<string, object?>(StringComparer.Ordinal))
            .First(r => r.Mention.IsSame(mention)).Filter;
    }
}
