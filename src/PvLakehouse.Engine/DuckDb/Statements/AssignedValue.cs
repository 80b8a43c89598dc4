using PvLakehouse.Engine.DuckDb.Writing;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>New values of columns in the types of their table.</summary>
internal static class AssignedValue
{
    /// <summary>Finds the types of expressions.</summary>
    /// <param name="context">The statement.</param>
    /// <param name="expressions">The expressions.</param>
    /// <param name="from">What they refer to: the text behind FROM.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async Task<IReadOnlyList<string>> TypesAsync(
        StatementContext context, IReadOnlyList<string> expressions, string from, CancellationToken cancellationToken)
    {
        if (expressions.Count == 0)
        {
            return [];
        }

        var list = expressions.Select((e, i) => FormattableString.Invariant($"({e}\n) AS \"value {i}\""));
        var columns = await context.ColumnsAsync($"SELECT {SqlText.List(list)} FROM {from}", cancellationToken);
        return [.. columns.Select(c => c.Type)];
    }

    /// <summary>An expression cast to a column, without losing anything silently.</summary>
    public static string Of(string table, NestedField column, string expression, string type) =>
        SourceColumns.Value(table, column, $"({expression}\n)", type);
}
