using System.Globalization;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Merging;

/// <summary>
/// The merge of <see cref="ISqlSession.MergeAsync"/>: rows meet by their key, and only those that differ are replaced.
/// </summary>
internal sealed class KeyedMerge : RowChange
{
    private const string SourceTable = "temp.__merge_source";
    private readonly DuckDbStatements _duckDb;
    private readonly BoundSelect _selects;
    private readonly Table _table;
    private readonly string _select;
    private readonly MergeColumns _columns;
    private readonly MergeOptions _options;
    private KeyScope? _keys;
    private Expression _scope = Expression.True;
    private long _rows;

    private KeyedMerge(DuckDbStatements duckDb, BoundSelect selects, Table table, string select, MergeOptions options)
    {
        _duckDb = duckDb;
        _selects = selects;
        _table = table;
        _select = select;
        _options = options;
        _columns = new MergeColumns(table, options);
    }

    public override string Doing => "merge into it";

    public override Expression Scope => _scope;

    public override Expression Conflicts => ReadsItself ? Expression.True : _scope;

    public override string IsolationProperty => "write.merge.isolation-level";

    /// <summary>A source row that replaces several rows of one key counts once.</summary>
    public override string CountOfUpdates => $"count(DISTINCT {Source})";

    /// <summary>Merges and tidies up.</summary>
    public static async Task<WriteOutcome> RunAsync(
        DuckDbStatements duckDb, ChangeWriter writer, BoundSelect selects, Table table, string select,
        MergeOptions options, CancellationToken cancellationToken)
    {
        var merge = new KeyedMerge(duckDb, selects, table, select, options);
        try
        {
            await merge.LoadAsync(cancellationToken);
            var outcome = await writer.RunAsync(table, merge, options.Write, cancellationToken);
            return outcome with { RowsUnchanged = merge._rows - outcome.RowsInserted - outcome.RowsUpdated };
        }
        finally
        {
            await duckDb.ExecuteAsync($"DROP TABLE IF EXISTS {SourceTable}", CancellationToken.None);
        }
    }

    /// <summary>Rows made of rows that others have changed since would undo those changes.</summary>
    public override Task AgainAsync(CancellationToken cancellationToken) =>
        ReadsItself ? LoadAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Whether the source is made of rows of the table.</summary>
    private bool ReadsItself => TableMention.In(_select).Any(TableLookup.MentionOf(_table.Identifier).IsSame);

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var bound = await _selects.BindAsync(_table, _select, _options.DeleteMissing, cancellationToken);
        await _duckDb.ExecuteAsync($"CREATE OR REPLACE TEMP TABLE __merge_source AS {bound}", cancellationToken);
        await CheckKeysAsync(_duckDb, _table, _columns, cancellationToken);
        _rows = (long)(await _duckDb.RowsAsync($"SELECT count(*) FROM {SourceTable}", cancellationToken))[0][0]!;
        _keys = await KeyScope.FindAsync(
            _duckDb, _table, [.. _columns.Keys.Select(k => new KeyPair(k, SqlText.Name(k.Name)))], SourceTable, cancellationToken);
        var missing = await MissingScopeAsync(_duckDb, _table, _options, cancellationToken);
        _scope = Expression.Or(_rows == 0 ? Expression.False : _keys.Keys, missing);
    }

    public override bool MayConcern(FileScanTask file) => _options.DeleteMissing is not null || _keys!.MayMeet(file);

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

    private static async Task CheckKeysAsync(
        DuckDbStatements duckDb, Table table, MergeColumns columns, CancellationToken cancellationToken)
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
        DateTime { Kind: DateTimeKind.Utc } instant =>
            instant.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
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
            $"SELECT 1 FROM {DuckDbInstance.Catalog}.{SqlText.Name(mention.Namespace)}.{SqlText.Name(mention.Name)} WHERE ({predicate}\n)",
            duckDb, cancellationToken);
        var nothing = new Dictionary<string, object?>(StringComparer.Ordinal);
        return TableReferences.In(statement.Tree!.Value, m => m.IsSame(mention) ? table.Schema : null, nothing)
            .First(r => r.Mention.IsSame(mention)).Filter;
    }
}
