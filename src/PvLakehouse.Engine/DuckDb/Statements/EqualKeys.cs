using System.Text.Json;
using PvLakehouse.Engine.DuckDb.Merging;
using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>Finds in the ON of a MERGE the columns that must be equal for two rows to meet.</summary>
internal static class EqualKeys
{
    private static readonly string[] Whole = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"];

    /// <param name="query">A query whose WHERE is the condition.</param>
    /// <param name="target">The table.</param>
    /// <param name="sourceAlias">What the condition calls the source.</param>
    /// <param name="source">The columns of the source.</param>
    public static IReadOnlyList<KeyPair> In(SqlStatement query, TargetTable target, string sourceAlias, IReadOnlyList<SqlColumn> source)
    {
        var pairs = new List<KeyPair>();
        if (query.Tree is { } tree && tree.GetProperty("node").TryGetProperty("where_clause", out var where) && where.ValueKind == JsonValueKind.Object)
        {
            Visit(where);
        }

        return pairs;

        void Visit(JsonElement condition)
        {
            switch (condition.GetProperty("type").GetString())
            {
                case "CONJUNCTION_AND":
                    foreach (var child in condition.GetProperty("children").EnumerateArray())
                    {
                        Visit(child);
                    }

                    break;
                case "COMPARE_EQUAL":
                    var (left, right) = (Names(condition.GetProperty("left")), Names(condition.GetProperty("right")));
                    if (Pair(left, right) is { } pair || Pair(right, left) is { } mirrored && (pair = mirrored) is not null)
                    {
                        pairs.Add(pair);
                    }

                    break;
                default:
                    break;
            }
        }

        KeyPair? Pair(List<string>? mine, List<string>? theirs) =>
            mine is not null && theirs is not null && Column(mine) is { } column && SourceColumn(theirs) is { } other && Comparable(column, other.Type)
                ? new KeyPair(column, SqlText.Name(other.Name))
                : null;

        NestedField? Column(List<string> names) => names switch
        {
            [var alias, var name] when Same(alias, target.Target.Name) && !Same(alias, sourceAlias) => Only(target.Table.Schema.Columns, c => Same(c.Name, name)),
            [var name] when !source.Any(c => Same(c.Name, name)) => Only(target.Table.Schema.Columns, c => Same(c.Name, name)),
            _ => null,
        };

        SqlColumn? SourceColumn(List<string> names) => names switch
        {
            [var alias, var name] when Same(alias, sourceAlias) && !Same(alias, target.Target.Name) => Only(source, c => Same(c.Name, name)),
            [var name] when !target.Table.Schema.Columns.Any(c => Same(c.Name, name)) => Only(source, c => Same(c.Name, name)),
            _ => null,
        };
    }

    /// <summary>Whether the smallest and largest source value bound the equal target values: the same type, or whole numbers.</summary>
    private static bool Comparable(NestedField column, string source) => column.Type is PrimitiveType type
        && (DuckDbTypes.Of(type).Equals(source, StringComparison.OrdinalIgnoreCase)
            || (type.Kind is TypeKind.Int or TypeKind.Long && Whole.Contains(source, StringComparer.OrdinalIgnoreCase)));

    private static List<string>? Names(JsonElement expression) => expression.GetProperty("class").GetString() is "COLUMN_REF"
        ? [.. expression.GetProperty("column_names").EnumerateArray().Select(n => n.GetString()!)]
        : null;

    private static T? Only<T>(IEnumerable<T> items, Func<T, bool> isIt)
        where T : class => items.Where(isIt).ToList() is [var only] ? only : null;

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
