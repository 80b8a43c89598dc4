using System.Text.Json;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>An Iceberg table in the syntax tree, and the rows of it that can matter there.</summary>
/// <param name="Mention">The name as written.</param>
/// <param name="Filter">Selects at least every row that can influence the result.</param>
internal sealed record TableReference(TableMention Mention, Expression Filter);

/// <summary>A source of rows in one FROM clause.</summary>
internal sealed class FromItem(JsonElement node, TableMention? table, Schema? schema)
{
    public TableMention? Table => table;

    public Schema? Schema => schema;

    /// <summary>Selects the rows that can matter, as far as the conditions seen until now tell.</summary>
    public Expression Filter { get; set; } = Expression.True;

    /// <summary>Whether leaving out rows that fail a condition cannot change what the others join with.</summary>
    public bool Prunable { get; init; }

    /// <summary>Whether a qualified column such as <c>t.x</c> or <c>iceberg.gold.t.x</c> names this item by its first parts.</summary>
    public bool IsNamed(IReadOnlyList<string> qualifier)
    {
        var alias = node.TryGetProperty("alias", out var a) ? a.GetString() : null;
        if (!string.IsNullOrEmpty(alias))
        {
            return qualifier.Count == 1 && Same(qualifier[0], alias);
        }

        return table is { } t && qualifier.Count is >= 1 and <= 3
            && Same(qualifier[^1], t.Name)
            && (qualifier.Count < 2 || Same(qualifier[^2], t.Namespace))
            && (qualifier.Count < 3 || Same(qualifier[^3], DuckDbInstance.Catalog));
    }

    /// <summary>The top-level column of that name when it is beyond doubt; null otherwise.</summary>
    public NestedField? Column(string name)
    {
        var found = schema?.Columns.Where(c => Same(c.Name, name)).ToList();
        return found is [var only] && !only.Name.Contains('.', StringComparison.Ordinal) ? only : null;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
