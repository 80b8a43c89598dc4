using System.Globalization;
using System.Text;
using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>MERGE INTO: for each pair or single row the first clause whose condition is true.</summary>
internal sealed class MergeChange : RowChange
{
    private const string SourceTable = "temp.__merge_source";
    private const string Clause = "__clause";
    private readonly StatementContext _context;
    private readonly TargetTable _target;
    private readonly MergeStatement _merge;
    private MergeValues? _values;
    private bool _sourceReadsTarget;
    private bool _readsItself;
    private KeyScope? _keys;
    private Expression _scope = Expression.True;

    private MergeChange(StatementContext context, TargetTable target, MergeStatement merge)
    {
        _context = context;
        _target = target;
        _merge = merge;
    }

    public override string Doing => "merge into it";

    public override Expression Scope => _scope;

    public override Expression Conflicts => _readsItself ? Expression.True : _scope;

    public override string IsolationProperty => "write.merge.isolation-level";

    public override bool MayMeetTwice => true;

    public static async Task<WriteOutcome> RunAsync(StatementContext context, MergeStatement merge, CancellationToken cancellationToken)
    {
        var target = await TargetTable.FindAsync(context.Tables, merge.Target, cancellationToken);
        var change = new MergeChange(context, target, merge);
        try
        {
            await change.LoadAsync(cancellationToken);
            return await context.Changes.RunAsync(target.Table, change, target.Options, cancellationToken);
        }
        finally
        {
            await context.DuckDb.ExecuteAsync($"DROP TABLE IF EXISTS {SourceTable}", CancellationToken.None);
        }
    }

    /// <summary>Rows made of rows that others have changed since would undo those changes.</summary>
    public override Task AgainAsync(CancellationToken cancellationToken) =>
        _sourceReadsTarget ? LoadAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Reads the source, once and for all attempts unless it reads the target, and finds what it can meet.</summary>
    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var names = _merge.Source.Columns is { } columns ? $"({SqlText.List(columns.Select(SqlText.Name))})" : "";
        var source = $"SELECT * FROM {_merge.Source.From} AS {SqlText.Name(_merge.Source.Alias)}{names}";
        var parsedSource = await _context.ShowAsync(source, cancellationToken);
        await _context.ExecuteAsync(
            $"CREATE OR REPLACE TEMP TABLE __merge_source AS {await TypedAsync(source, cancellationToken)}", cancellationToken);
        var sourceColumns = await _context.DuckDb.ColumnsAsync($"SELECT * FROM {SourceTable}", cancellationToken);

        _values = new MergeValues(_target, _merge, sourceColumns);
        _sourceReadsTarget = Reads(parsedSource, _target);
        var query = Query($"FROM {_target.Reference} JOIN {SourceRows(_merge)}", $"ON ({_merge.On}\n)", _merge, _values);
        _readsItself = _sourceReadsTarget || _target.IsReadIn(await _context.ParseAsync(query, cancellationToken));
        var keys = await KeysAsync(_context, _target, _merge, sourceColumns, cancellationToken);
        var bySource = await BySourceAsync(_context, _target, _merge, cancellationToken);
        _keys = bySource == Expression.False ? keys : null;
        _scope = Expression.Or(Expression.And(await MetAsync(_context, _target, _merge, cancellationToken), keys?.Keys ?? Expression.True), bySource);
    }

    /// <summary>A source column of nothing but NULL gets the type of the target's column of its name, as a table must give it some.</summary>
    private async Task<string> TypedAsync(string source, CancellationToken cancellationToken)
    {
        if (ParametersOf.Text(source, _context.Parameters) is { Count: > 0 })
        {
            return source;
        }

        var columns = await _context.DuckDb.ColumnsAsync(source, cancellationToken);
        var replaced = columns.Where(c => c.Type is "\"NULL\"" or "NULL")
            .Select(c => _target.Table.Schema.Columns.FirstOrDefault(t => t.Name.Equals(c.Name, StringComparison.OrdinalIgnoreCase)))
            .OfType<Iceberg.Spec.NestedField>()
            .Select(c => $"CAST(NULL AS {DuckDbTypes.Of(c.Type)}) AS {SqlText.Name(c.Name)}").ToList();
        return replaced.Count == 0 ? source : $"SELECT * REPLACE ({SqlText.List(replaced)}) FROM ({source}\n)";
    }

    public override bool MayConcern(FileScanTask file) => _keys?.MayMeet(file) ?? true;

    public override async Task StageAsync(string target, CancellationToken cancellationToken)
    {
        // Only what the expressions read: the target's own files are read below, and only those that may change.
        await _context.ShowAsync(Query("", $"WHERE ({_merge.On}\n)", _merge, _values!), cancellationToken);
        var from = Join($"{target} AS {_target.Alias}", _merge);
        var types = await AssignedValue.TypesAsync(_context, _values!.Expressions, from, cancellationToken);
        var values = _values.Columns(types, Clause).Select((v, i) => $"{v} AS {Value(i)}");
        await _context.ExecuteAsync($"""
            CREATE OR REPLACE TEMP TABLE __changes AS
            SELECT * EXCLUDE ({Clause}) FROM (
                SELECT {Chosen()} AS {Clause}, {_target.Alias}.{File} AS {File}, {_target.Alias}.{Position} AS {Position},
                       {Kinds()} AS {Kind}, {SqlText.Name(_merge.Source.Alias)}.{Source} AS {Source}, {SqlText.List(values)}
                FROM {from}
            ) WHERE {Kind} IS NOT NULL
            """, cancellationToken);
    }

    /// <summary>The number of the clause that a row takes, from 1; null when none.</summary>
    private string Chosen()
    {
        var text = new StringBuilder("CASE");
        foreach (var (index, clause) in _merge.Clauses.Index())
        {
            var rows = clause.Case switch
            {
                MergeCase.Matched => $"{_target.Alias}.{File} IS NOT NULL AND {SqlText.Name(_merge.Source.Alias)}.{Source} IS NOT NULL",
                MergeCase.NotMatched => $"{_target.Alias}.{File} IS NULL",
                _ => $"{SqlText.Name(_merge.Source.Alias)}.{Source} IS NULL",
            };
            text.Append(CultureInfo.InvariantCulture, $" WHEN {rows} AND ({clause.Condition ?? "true"}\n) THEN {index + 1}");
        }

        return text.Append(" END").ToString();
    }

    /// <summary>What the clauses do, as a <see cref="ChangeKind"/>; null for nothing.</summary>
    private string Kinds()
    {
        var text = new StringBuilder($"CASE {Clause}");
        foreach (var (index, clause) in _merge.Clauses.Index())
        {
            var kind = clause.Action switch
            {
                MergeAction.Insert => ChangeKind.Insert,
                MergeAction.Update => ChangeKind.Update,
                MergeAction.Delete => ChangeKind.Delete,
                _ => (ChangeKind?)null,
            };
            if (kind is { } known)
            {
                text.Append(CultureInfo.InvariantCulture, $" WHEN {index + 1} THEN {(int)known}");
            }
        }

        // A merge that does nothing at all would have no branch.
        return text.Append(CultureInfo.InvariantCulture, $" WHEN 0 THEN 0 END").ToString();
    }

    /// <summary>Every expression of the statement in one query, so that DuckDB sees the tables that they read.</summary>
    private static string Query(string from, string condition, MergeStatement merge, MergeValues values)
    {
        var expressions = merge.Clauses.Select(c => c.Condition ?? "true").Concat(values.Expressions).Select(e => $"({e}\n)");
        return $"SELECT {SqlText.List(expressions)} {from} {condition}";
    }

    /// <summary>The kind of join that gives the rows that the clauses are about.</summary>
    private static string Join(string target, MergeStatement merge)
    {
        var unmatched = merge.Clauses.Any(c => c.Case == MergeCase.NotMatched);
        var bySource = merge.Clauses.Any(c => c.Case == MergeCase.NotMatchedBySource);
        var kind = (unmatched, bySource) switch
        {
            (true, true) => "FULL",
            (true, false) => "RIGHT",
            (false, true) => "LEFT",
            _ => "INNER",
        };
        return $"{target} {kind} JOIN {SourceRows(merge)} ON ({merge.On}\n)";
    }

    private static string SourceRows(MergeStatement merge) =>
        $"(SELECT *, rowid AS {Source} FROM {SourceTable}) AS {SqlText.Name(merge.Source.Alias)}";

    /// <summary>Which target rows ON itself admits, for example by a constant.</summary>
    private static async Task<Expression> MetAsync(
        StatementContext context, TargetTable target, MergeStatement merge, CancellationToken cancellationToken) =>
        target.ScopeIn(
            await context.ParseAsync($"SELECT 1 FROM {target.Reference} JOIN {SourceRows(merge)} ON ({merge.On}\n)", cancellationToken), context.Parameters);

    /// <summary>Which target rows WHEN NOT MATCHED BY SOURCE can concern.</summary>
    private static async Task<Expression> BySourceAsync(
        StatementContext context, TargetTable target, MergeStatement merge, CancellationToken cancellationToken)
    {
        var scope = Expression.False;
        foreach (var clause in merge.Clauses.Where(c => c.Case == MergeCase.NotMatchedBySource && c.Action is not MergeAction.Nothing))
        {
            scope = Expression.Or(scope, clause.Condition is null ? Expression.True : target.ScopeIn(
                await context.ParseAsync($"SELECT 1 FROM {target.Reference} WHERE ({clause.Condition}\n)", cancellationToken), context.Parameters));
        }

        return scope;
    }

    private static async Task<KeyScope?> KeysAsync(
        StatementContext context, TargetTable target, MergeStatement merge, IReadOnlyList<SqlColumn> source, CancellationToken cancellationToken)
    {
        var parsed = await context.ParseAsync($"SELECT 1 WHERE ({merge.On}\n)", cancellationToken);
        var pairs = EqualKeys.In(parsed, target, merge.Source.Alias, source);
        return pairs.Count == 0 ? null : await KeyScope.FindAsync(context.DuckDb, target.Table, pairs, SourceTable, cancellationToken);
    }

    private static bool Reads(SqlStatement source, TargetTable target)
    {
        var mention = TableLookup.MentionOf(target.Table.Identifier);
        return TableMention.In(source.Sql).Any(m => m.IsSame(mention));
    }
}
