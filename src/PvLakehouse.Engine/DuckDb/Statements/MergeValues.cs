using System.Globalization;
using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Sql.Statements;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>The new values that the clauses of a MERGE give to columns.</summary>
internal sealed class MergeValues
{
    private readonly TargetTable _target;
    private readonly List<string> _expressions = [];

    // For each clause that writes a row: for each column the place of its expression, or null for the value that it has.
    private readonly List<(int Clause, int?[] Places, bool IsInsert)> _clauses = [];

    /// <exception cref="SqlEngineException">A column does not exist, or * finds no column of that name in the source.</exception>
    public MergeValues(TargetTable target, MergeStatement merge, IReadOnlyList<SqlColumn> source)
    {
        _target = target;
        foreach (var (index, clause) in merge.Clauses.Index())
        {
            switch (clause.Action)
            {
                case MergeAction.Update update:
                    Add(index + 1, update.Set ?? All(merge, source), isInsert: false);
                    break;
                case MergeAction.Insert { Values: null }:
                    Add(index + 1, All(merge, source), isInsert: true);
                    break;
                case MergeAction.Insert insert:
                    Add(index + 1, Named(insert), isInsert: true);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The expressions, each once for each place where it stands.</summary>
    public IReadOnlyList<string> Expressions => _expressions;

    /// <summary>SQL for the value of each column, by the number of the clause.</summary>
    /// <param name="types">The types of <see cref="Expressions"/>.</param>
    /// <param name="clause">The column with the number of the clause.</param>
    /// <exception cref="SqlEngineException">A value has no safe conversion, or a required column gets none.</exception>
    public IReadOnlyList<string> Columns(IReadOnlyList<string> types, string clause)
    {
        var table = _target.Table.Identifier.ToString();
        var result = new List<string>();
        foreach (var (place, column) in _target.Table.Schema.Columns.Index())
        {
            var cases = _clauses.Select(c => (c.Clause, Value: c.Places[place] is { } expression
                ? AssignedValue.Of(table, column, _expressions[expression], types[expression])
                : c.IsInsert ? SourceColumns.Missing(table, column) : $"{_target.Alias}.{SqlText.Name(column.Name)}"));
            var when = string.Concat(cases.GroupBy(c => c.Value, StringComparer.Ordinal).Select(g =>
                $" WHEN {clause} IN ({SqlText.List(g.Select(c => c.Clause.ToString(CultureInfo.InvariantCulture)))}) THEN {g.Key}"));
            result.Add(when.Length == 0 ? $"CAST(NULL AS {DuckDbTypes.Of(column.Type)})" : $"CASE{when} END");
        }

        return result;
    }

    private void Add(int clause, IReadOnlyList<Assignment> assignments, bool isInsert)
    {
        var places = new int?[_target.Table.Schema.Columns.Count];
        foreach (var assignment in assignments)
        {
            var column = _target.Place(assignment.Column);
            if (places[column] is not null)
            {
                throw new SqlEngineException($"Column '{assignment.Column}' is named twice in one clause of the merge into {_target.Table.Identifier}.");
            }

            places[column] = _expressions.Count;
            _expressions.Add(assignment.Value);
        }

        _clauses.Add((clause, places, isInsert));
    }

    /// <summary>Every column of the table from the source column of the same name.</summary>
    private List<Assignment> All(MergeStatement merge, IReadOnlyList<SqlColumn> source)
    {
        var assignments = new List<Assignment>();
        foreach (var column in _target.Table.Schema.Columns)
        {
            var same = source.FirstOrDefault(s => s.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase))
                ?? throw new SqlEngineException(
                    $"The source of the merge has no column '{column.Name}' that * could take for table {_target.Table.Identifier}; it has {string.Join(", ", source.Select(s => s.Name))}.");
            assignments.Add(new Assignment(column.Name, $"{SqlText.Name(merge.Source.Alias)}.{SqlText.Name(same.Name)}"));
        }

        return assignments;
    }

    private List<Assignment> Named(MergeAction.Insert insert)
    {
        var columns = insert.Columns ?? [.. _target.Table.Schema.Columns.Select(c => c.Name)];
        return columns.Count == insert.Values!.Count
            ? [.. columns.Zip(insert.Values, (c, v) => new Assignment(c, v))]
            : throw new SqlEngineException(string.Create(CultureInfo.InvariantCulture,
                $"INSERT has {insert.Values.Count} values, but table {_target.Table.Identifier} has {columns.Count} columns: {string.Join(", ", columns)}."));
    }
}
