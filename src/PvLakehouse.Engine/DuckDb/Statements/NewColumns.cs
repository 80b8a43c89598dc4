using PvLakehouse.Engine.Sql.Parsing;
using PvLakehouse.Engine.Sql.Statements;
using PvLakehouse.Engine.Sql.Text;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Statements;

/// <summary>What a new table is made of: its columns and layout from the parts of a statement.</summary>
internal static class NewColumns
{
    /// <summary>A schema with ids of its own; the catalog gives the final ones.</summary>
    public static Schema Schema(IReadOnlyList<ColumnDefinition> columns)
    {
        var next = columns.Count + 1;
        return new Schema([.. columns.Select((c, i) => new NestedField(i + 1, c.FullName, Numbered(c.Type, ref next), c.Required, c.Comment))]);
    }

    /// <summary>The columns of a query as columns of a table.</summary>
    /// <exception cref="SqlEngineException">A type cannot be kept in Iceberg tables, or two columns share a name.</exception>
    public static IReadOnlyList<ColumnDefinition> Of(IReadOnlyList<SqlColumn> columns)
    {
        if (columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new SqlEngineException($"The query has two columns named '{twice.Key}'; name each column once.");
        }

        return [.. columns.Select(c => new ColumnDefinition([c.Name], TypeOf(c), Required: false, Comment: null))];
    }

    /// <summary>The partition spec of a new table.</summary>
    /// <exception cref="ArgumentException">A column is unknown, or cannot go through its transform.</exception>
    public static PartitionSpec Spec(Schema schema, IReadOnlyList<Term> terms)
    {
        var builder = PartitionSpec.For(schema);
        foreach (var term in terms)
        {
            var column = PartitionChanges.Column(schema, term.Column).FullName;
            _ = term.Transform.Kind switch
            {
                TransformKind.Identity => builder.Identity(column),
                TransformKind.Year => builder.Year(column),
                TransformKind.Month => builder.Month(column),
                TransformKind.Day => builder.Day(column),
                TransformKind.Hour => builder.Hour(column),
                TransformKind.Bucket => builder.Bucket(column, term.Transform.Parameter),
                TransformKind.Truncate => builder.Truncate(column, term.Transform.Parameter),
                _ => builder.Add(column, term.Transform, $"{column}_null"),
            };
        }

        return builder.Build();
    }

    /// <summary>A sort order of a schema.</summary>
    /// <exception cref="SqlEngineException">A column is unknown.</exception>
    public static SortOrder Order(Schema schema, IReadOnlyList<SortKey> keys) => keys.Count == 0
        ? SortOrder.Unsorted
        : new SortOrder(1, [.. keys.Select(k => new SortField(
            PartitionChanges.Column(schema, k.Term.Column).Id,
            k.Term.Transform,
            k.Descending ? SortDirection.Descending : SortDirection.Ascending,
            k.NullsFirst ? NullOrder.First : NullOrder.Last))]);

    /// <summary>What the catalog needs to make a table.</summary>
    public static TableCreation Creation(IReadOnlyList<ColumnDefinition> columns, TableLayout layout)
    {
        var schema = Schema(columns);
        return new TableCreation
        {
            Schema = schema,
            Spec = Spec(schema, layout.Partitioning),
            SortOrder = Order(schema, layout.Order),
            Location = layout.Location,
            Properties = layout.Properties,
        };
    }

    private static IcebergType TypeOf(SqlColumn column)
    {
        if (column.Type.StartsWith("ENUM", StringComparison.Ordinal))
        {
            return IcebergType.String;
        }

        try
        {
            var reader = new TokenReader(column.Type);
            var type = new TypeParser(reader, spark: false).Read();
            reader.End();
            return type;
        }
        catch (SqlEngineException error)
        {
            throw new SqlEngineException($"Column '{column.Name}' of the query has the type {column.Type}, which Iceberg tables do not have; cast it.", error);
        }
    }

    private static IcebergType Numbered(IcebergType type, ref int next)
    {
        switch (type)
        {
            case StructType structure:
                var fields = new List<NestedField>();
                foreach (var field in structure.Fields)
                {
                    var id = next++;
                    fields.Add(field with { Id = id, Type = Numbered(field.Type, ref next) });
                }

                return new StructType(fields);
            case ListType list:
                var element = next++;
                return list with { ElementId = element, Element = Numbered(list.Element, ref next) };
            case MapType map:
                var (key, value) = (next++, next++);
                return map with { KeyId = key, ValueId = value, Key = Numbered(map.Key, ref next), Value = Numbered(map.Value, ref next) };
            default:
                return type;
        }
    }
}
