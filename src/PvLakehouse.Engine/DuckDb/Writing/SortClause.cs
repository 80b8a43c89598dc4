using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>The order in which rows are written: by partition, then by the sort order of the table.</summary>
internal static class SortClause
{
    /// <exception cref="SqlEngineException">A transform of the sort order cannot be computed.</exception>
    public static string Of(Schema schema, SortOrder order, IReadOnlyList<string> partitionColumns)
    {
        var keys = partitionColumns.Select(p => $"{p} NULLS FIRST").Concat(order.Fields.Select(f => Key(schema, f))).ToList();
        return keys.Count == 0 ? "" : $"ORDER BY {SqlText.List(keys)}";
    }

    private static string Key(Schema schema, SortField field)
    {
        var source = schema.Find(field.SourceId);
        if (source is not { ParentId: null, Type: PrimitiveType type })
        {
            throw new SqlEngineException(
                FormattableString.Invariant($"The table is sorted by field {field.SourceId}, which is no top-level column; such tables cannot be written."));
        }

        var column = SqlText.Name(source.FullName);
        var key = field.Transform.Kind == TransformKind.Identity ? column : TransformSql.Of(field.Transform, type, column);
        var direction = field.Direction == SortDirection.Ascending ? "ASC" : "DESC";
        var nulls = field.Nulls == NullOrder.First ? "FIRST" : "LAST";
        return $"{key} {direction} NULLS {nulls}";
    }
}
