using System.Globalization;

namespace PvLakehouse.Engine.DuckDb.Reading.Shapes;

/// <summary>
/// Builds the fields of a file from the flat list of its footer, by the rules by which DuckDB reads lists and maps.
/// </summary>
internal sealed class ParquetTree
{
    /// <summary>Columns of <c>parquet_schema</c> in the order of <see cref="Node"/>.</summary>
    public const string Columns = "name, repetition_type, num_children, converted_type, field_id, logical_type, duckdb_type";

    private readonly IReadOnlyList<Node> _nodes;
    private int _next;

    private ParquetTree(IReadOnlyList<Node> nodes) => _nodes = nodes;

    /// <param name="rows">The rows of <c>parquet_schema</c> for one file, in the order of the footer.</param>
    /// <param name="types">The types of the columns as DESCRIBE gives them.</param>
    public static FileShape Parse(IReadOnlyList<object?[]> rows, IReadOnlyList<string> types)
    {
        var tree = new ParquetTree([.. rows.Select(Node.Of)]);
        var root = tree._nodes[tree._next++];
        var columns = new List<ParquetField>();
        for (var i = 0; i < root.ChildCount; i++)
        {
            columns.Add(tree.Next() with { Type = types[i] });
        }

        return new FileShape(columns);
    }

    private ParquetField Next()
    {
        var node = _nodes[_next++];
        var children = new List<ParquetField>();
        for (var i = 0; i < node.ChildCount; i++)
        {
            children.Add(Next());
        }

        var field = Group(node, children);
        return node.IsRepeated
            ? new ParquetField(node.Name, null, ParquetKind.List, "", [field]) { IsTwoLevels = node.ChildCount != 1 }
            : field;
    }

    private static ParquetField Group(Node node, List<ParquetField> children) => (node, children) switch
    {
        (_, []) => new ParquetField(node.Name, node.Id, ParquetKind.Leaf, node.Type, []),

        // The repeated group below a list or map has become a list itself; its element is what counts.
        ({ IsList: true }, [{ Kind: ParquetKind.List } list]) =>
            new ParquetField(node.Name, node.Id, ParquetKind.List, "", list.Children) { IsTwoLevels = list.IsTwoLevels },
        ({ IsMap: true }, [{ Kind: ParquetKind.List, Children: [{ Kind: ParquetKind.Struct, Children: [_, _] entries }] }]) =>
            new ParquetField(node.Name, node.Id, ParquetKind.Map, "", entries),
        ({ IsRepeated: true }, [var only]) => node.Id is null ? only : only with { Id = node.Id, PulledUp = only },
        _ => new ParquetField(node.Name, node.Id, ParquetKind.Struct, "", children),
    };

    /// <summary>One line of the footer's schema.</summary>
    private sealed record Node(
        string Name, bool IsRepeated, long ChildCount, int? Id, bool IsList, bool IsMap, string Type)
    {
        public static Node Of(object?[] row)
        {
            var converted = row[3] as string ?? "";
            var logical = row[5] as string ?? "";
            return new Node(
                (string)row[0]!,
                row[1] is "REPEATED",
                Convert.ToInt64(row[2] ?? 0L, CultureInfo.InvariantCulture),
                row[4] is { } id ? Convert.ToInt32(id, CultureInfo.InvariantCulture) : null,
                converted is "LIST" || logical.StartsWith("ListType", StringComparison.Ordinal),
                converted is "MAP" or "MAP_KEY_VALUE" || logical.StartsWith("MapType", StringComparison.Ordinal),
                row[6] as string ?? "");
        }
    }
}
