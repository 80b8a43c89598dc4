using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Expressions;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>UPDATE: rows for which the condition is true get new values, all computed from the old ones.</summary>
internal sealed class UpdateChange : RowChange
{
    private readonly StatementContext _context;
    private readonly TargetTable _target;
    private readonly UpdateStatement _update;
    private readonly bool _readsItself;

    private UpdateChange(
        StatementContext context, TargetTable target, UpdateStatement update, Expression scope, bool readsItself)
    {
        _context = context;
        _target = target;
        _update = update;
        _readsItself = readsItself;
        Scope = scope;
    }

    public override string Doing => "update it";

    public override Expression Scope { get; }

    public override Expression Conflicts => _readsItself ? Expression.True : Scope;

    public override string IsolationProperty => "write.update.isolation-level";

    /// <summary>With FROM a row may meet several others.</summary>
    public override bool MayMeetTwice => _update.From is not null;

    public static async Task<WriteOutcome> RunAsync(StatementContext context, UpdateStatement update, CancellationToken cancellationToken)
    {
        var target = await TargetTable.FindAsync(context.Tables, update.Target, cancellationToken);
        foreach (var assignment in update.Set)
        {
            _ = target.Place(assignment.Column);
        }

        var parsed = await context.ParseAsync(
            Query($"FROM {target.Reference}{(update.From is null ? "" : $", {update.From}\n")}", update), cancellationToken);
        var change = new UpdateChange(
            context, target, update, target.ScopeIn(parsed, context.Parameters), target.IsReadIn(parsed));
        return await context.Changes.RunAsync(target.Table, change, target.Options, cancellationToken);
    }

    public override async Task StageAsync(string target, CancellationToken cancellationToken)
    {
        // Only what the expressions read: the target's own files are read below, and only those that may change.
        await _context.ShowAsync(Query(_update.From is null ? "" : $"FROM {_update.From}\n", _update), cancellationToken);
        var from = From($"{target} AS {_target.Alias}", _update);
        var types = await AssignedValue.TypesAsync(_context, [.. _update.Set.Select(a => a.Value)], from, cancellationToken);
        var columns = _target.Table.Schema.Columns;
        var values = columns.Select(c => $"{_target.Alias}.{SqlText.Name(c.Name)}").ToArray();
        foreach (var (index, assignment) in _update.Set.Index())
        {
            var place = _target.Place(assignment.Column);
            values[place] = AssignedValue.Of(_target.Table.Identifier.ToString(), columns[place], assignment.Value, types[index]);
        }

        await _context.ExecuteAsync($"""
            CREATE OR REPLACE TEMP TABLE __changes AS
            SELECT {_target.Alias}.{File} AS {File}, {_target.Alias}.{Position} AS {Position}, {(int)ChangeKind.Update} AS {Kind},
                   NULL AS {Source}, {SqlText.List(values.Select((v, i) => $"{v} AS {Value(i)}"))}
            FROM {from}
            """, cancellationToken);
    }

    /// <summary>A query that reads what the statement reads.</summary>
    private static string Query(string from, UpdateStatement update) =>
        $"SELECT {SqlText.List(update.Set.Select(a => $"({a.Value}\n)"))} {from} WHERE ({update.Where ?? "true"}\n)";

    private static string From(string target, UpdateStatement update) =>
        $"{target}{(update.From is null ? "" : $", {update.From}\n")} WHERE ({update.Where ?? "true"}\n)";
}
