using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>
/// The PARTITION clause of an INSERT, bound to its table: as in Spark, it may name columns that are partition fields
/// themselves.
/// </summary>
internal sealed class PartitionClause
{
    private PartitionClause(IReadOnlyList<GivenColumn> given, Expression? selected)
    {
        Given = given;
        Selected = selected;
    }

    /// <summary>What a statement without the clause has.</summary>
    public static PartitionClause None { get; } = new([], null);

    /// <summary>The columns whose value the clause gives, so that the query does not.</summary>
    public IReadOnlyList<GivenColumn> Given { get; }

    /// <summary>
    /// Selects the rows with these values, when the clause gives one for every such column of the table; otherwise
    /// null, and which partitions are meant is known only from the rows.
    /// </summary>
    public Expression? Selected { get; }

    /// <exception cref="SqlEngineException">
    /// A column cannot be named there, or a value does not fit its column.
    /// </exception>
    public static async Task<PartitionClause> BindAsync(
        StatementContext context, TargetTable target, IReadOnlyList<PartitionTerm> terms,
        CancellationToken cancellationToken)
    {
        var table = target.Table;
        var nameable = table.Spec.Fields.Where(f => f.Transform.Kind == TransformKind.Identity)
            .Select(f => table.Schema.Columns.FirstOrDefault(c => c.Id == f.SourceId)).OfType<NestedField>().ToList();
        var named = new List<(NestedField Column, string? Value)>();
        foreach (var term in terms)
        {
            var column = table.Schema.Columns[target.Place(term.Column)];
            if (!nameable.Contains(column))
            {
                var by = nameable.Count == 0 ? "no column as it is" : string.Join(", ", nameable.Select(c => c.Name));
                throw new SqlEngineException(
                    $"PARTITION cannot name '{term.Column}': table {table.Identifier} is partitioned by {by}; "
                    + "partitions that are computed from values follow from the rows.");
            }

            if (named.Exists(n => n.Column == column))
            {
                throw new SqlEngineException($"PARTITION names '{term.Column}' twice.");
            }

            named.Add((column, term.Value));
        }

        var given = new List<GivenColumn>();
        var selected = Expression.True;
        foreach (var (column, value) in named)
        {
            if (value is not null)
            {
                var types = await AssignedValue.TypesAsync(context, [value], "(SELECT 1)", cancellationToken);
                given.Add(new GivenColumn(new SqlColumn(column.Name, types[0]), value));
                selected = Expression.And(
                    selected, await EqualsAsync(context, target, column, AssignedValue.Of($"{table.Identifier}", column, value, types[0]), cancellationToken));
            }
        }

        return new PartitionClause(given, given.Count > 0 && given.Count == nameable.Count ? selected : null);
    }

    private static async Task<Expression> EqualsAsync(
        StatementContext context, TargetTable target, NestedField column, string value,
        CancellationToken cancellationToken)
    {
        var type = (PrimitiveType)column.Type;
        var sql = type.Kind is TypeKind.Binary ? $"SELECT hex({value})" : $"SELECT CAST({value} AS VARCHAR)";
        var rows = await context.DuckDb.RowsAsync(sql, ParametersOf.Text(sql, context.Parameters), cancellationToken);
        return rows[0][0] is not string text ? Expression.IsNull(column.Name)
            : DuckDbText.Read(type, text) is { } literal ? Expression.Equal(column.Name, literal)
            : throw new SqlEngineException(
                $"'{text}' cannot be a partition of {target.Table.Identifier}; expected a value "
                + $"of '{column.Name}' ({type}).");
    }
}

/// <summary>A column with one value for all rows of an INSERT.</summary>
/// <param name="Column">Its name and the type of the value.</param>
/// <param name="Value">The value as written.</param>
internal sealed record GivenColumn(SqlColumn Column, string Value);
