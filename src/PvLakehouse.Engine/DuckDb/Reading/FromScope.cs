using System.Text.Json;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>The FROM clause of one SELECT: its items, and which conditions may prune which of them.</summary>
/// <remarks>
/// A condition may prune an item when dropping the item's rows that fail it changes no row of the result. That holds for
/// WHERE and every ordinary join, outer ones included, because the conditions used here are never true for a row padded
/// with nulls; it does not hold for the right side of ASOF joins and for positional joins, where rows depend on their neighbours.
/// </remarks>
internal sealed class FromScope
{
    private readonly Func<TableMention, Iceberg.Spec.Schema?> _schemaOf;
    private readonly List<(JsonElement Condition, List<FromItem> Items)> _joinConditions = [];

    private FromScope(Func<TableMention, Iceberg.Spec.Schema?> schemaOf) => _schemaOf = schemaOf;

    /// <summary>Everything that rows come from, in order.</summary>
    public List<FromItem> Items { get; } = [];

    /// <summary>Parts of the clause that have syntax of their own: subqueries, functions, join conditions.</summary>
    public List<JsonElement> Inner { get; } = [];

    /// <summary>Join conditions, each with the items that it may prune.</summary>
    public IReadOnlyList<(JsonElement Condition, List<FromItem> Items)> JoinConditions => _joinConditions;

    /// <summary>Whether an unqualified column can only be a column of the one item that has it.</summary>
    public bool UnqualifiedNamesAreUnique { get; private set; } = true;

    /// <summary>Whether no row is ever padded with nulls, so that IS NULL too may prune.</summary>
    public bool OnlyInnerJoins { get; private set; } = true;

    public static FromScope Of(JsonElement from, bool sampled, Func<TableMention, Iceberg.Spec.Schema?> schemaOf)
    {
        var scope = new FromScope(schemaOf);
        scope.Walk(from, prunable: !sampled);
        return scope;
    }

    /// <summary>The table that a BASE_TABLE node names, if it is one of the catalog's.</summary>
    public static TableMention? TableOf(JsonElement node) =>
        string.Equals(node.GetProperty("catalog_name").GetString(), DuckDbInstance.Catalog, StringComparison.OrdinalIgnoreCase)
            ? new TableMention(node.GetProperty("schema_name").GetString()!, node.GetProperty("table_name").GetString()!)
            : null;

    private List<FromItem> Walk(JsonElement node, bool prunable)
    {
        switch (node.GetProperty("type").GetString())
        {
            case "BASE_TABLE":
                return [BaseTable(node, prunable)];
            case "JOIN":
                return Join(node, prunable);
            default:
                Inner.Add(node);
                return [Add(new FromItem(node, null, null))];
        }
    }

    private FromItem BaseTable(JsonElement node, bool prunable)
    {
        var table = TableOf(node);
        var plain = IsNull(node, "sample") && IsNull(node, "at_clause") && node.GetProperty("column_name_alias").GetArrayLength() == 0;
        return Add(new FromItem(node, table, table is { } t ? _schemaOf(t) : null) { Prunable = prunable && plain });
    }

    private List<FromItem> Join(JsonElement node, bool prunable)
    {
        var kind = node.GetProperty("ref_type").GetString();
        var type = node.GetProperty("join_type").GetString();
        var (leftPrunable, rightPrunable) = (kind, type) switch
        {
            ("REGULAR" or "CROSS" or "NATURAL", "INNER" or "LEFT" or "RIGHT" or "OUTER" or "SEMI" or "ANTI") => (prunable, prunable),
            ("ASOF", "INNER" or "LEFT") => (prunable, false),
            _ => (false, false),
        };
        var left = Walk(node.GetProperty("left"), leftPrunable);
        var right = Walk(node.GetProperty("right"), rightPrunable);

        UnqualifiedNamesAreUnique &= kind is "REGULAR" or "CROSS" && type is "INNER" or "LEFT" or "RIGHT" or "OUTER"
            && node.GetProperty("using_columns").GetArrayLength() == 0;
        OnlyInnerJoins &= type is "INNER";

        if (!IsNull(node, "condition"))
        {
            var condition = node.GetProperty("condition");
            Inner.Add(condition);
            // ON decides which rows meet; rows of a preserved side appear whether they meet one or not.
            var pruned = (kind, type) switch
            {
                ("REGULAR", "INNER" or "SEMI") => [.. left, .. right],
                ("REGULAR", "LEFT" or "ANTI") => right,
                ("REGULAR", "RIGHT") => left,
                _ => new List<FromItem>(),
            };
            _joinConditions.Add((condition, pruned));
        }

        return [.. left, .. right];
    }

    private FromItem Add(FromItem item)
    {
        Items.Add(item);
        return item;
    }

    private static bool IsNull(JsonElement node, string property) =>
        !node.TryGetProperty(property, out var value) || value.ValueKind == JsonValueKind.Null;
}
