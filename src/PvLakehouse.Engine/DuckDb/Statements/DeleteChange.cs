using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Expressions;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>DELETE: rows for which the condition is true go; those for which it is null stay.</summary>
internal sealed class DeleteChange : RowChange
{
    private readonly StatementContext _context;
    private readonly TargetTable _target;
    private readonly string _condition;
    private readonly bool _readsItself;

    private DeleteChange(StatementContext context, TargetTable target, string condition, SqlStatement parsed, bool everything)
    {
        _context = context;
        _target = target;
        _condition = condition;
        _readsItself = target.IsReadIn(parsed);
        Scope = target.ScopeIn(parsed, context.Parameters);
        ExactlyDeleted = everything ? Expression.True : target.ExactIn(parsed, context.Parameters);
    }

    public override string Doing => "delete from it";

    public override Expression Scope { get; }

    public override Expression? ExactlyDeleted { get; }

    public override Expression Conflicts => _readsItself ? Expression.True : Scope;

    public override string IsolationProperty => "write.delete.isolation-level";

    public static async Task<WriteOutcome> RunAsync(StatementContext context, DeleteStatement delete, CancellationToken cancellationToken)
    {
        var target = await TargetTable.FindAsync(context.Tables, delete.Target, cancellationToken);
        var condition = delete.Where ?? "true";
        var query = $"SELECT 1 FROM {target.Reference} WHERE ({condition}\n)";
        var parsed = await context.ParseAsync(query, cancellationToken);
        var change = new DeleteChange(
            context, target, condition, parsed, everything: delete.Where is null);
        return await context.Changes.RunAsync(target.Table, change, target.Options, cancellationToken);
    }

    public override async Task StageAsync(string target, CancellationToken cancellationToken)
    {
        // Only what the condition reads: the target's own files are read below, and only those that may change.
        await _context.ShowAsync($"SELECT 1 WHERE ({_condition}\n)", cancellationToken);
        var nothing = _target.Table.Schema.Columns.Select((_, i) => $"NULL AS {Value(i)}");
        await _context.ExecuteAsync($"""
            CREATE OR REPLACE TEMP TABLE __changes AS
            SELECT {_target.Alias}.{File} AS {File}, {_target.Alias}.{Position} AS {Position}, {(int)ChangeKind.Delete} AS {Kind},
                   NULL AS {Source}, {SqlText.List(nothing)}
            FROM {target} AS {_target.Alias} WHERE ({_condition}
            )
            """, cancellationToken);
    }
}
