using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>The column <c>readable_metrics</c>: counts and bounds of each primitive column under its name.</summary>
internal sealed class ReadableMetrics
{
    private readonly List<SchemaField> _columns;

    /// <param name="table">The columns of the table.</param>
    /// <param name="highestId">The highest field id of the metadata table so far.</param>
    public ReadableMetrics(Schema table, int highestId)
    {
        _columns = [.. table.AllFields.Where(f => f.Type is PrimitiveType).OrderBy(
            f => f.FullName, StringComparer.Ordinal)];

        // Ids go up by the ids of the columns, while the fields are ordered by name: as in the reference
        // implementation.
        var next = highestId;
        var fields = new Dictionary<int, NestedField>();
        foreach (var column in _columns.OrderBy(c => c.Id))
        {
            var id = ++next;
            fields[column.Id] = NestedField.Optional(
                id,
                column.FullName,
                new StructType(
                [
                    NestedField.Optional(++next, "column_size", IcebergType.Long, "Total size on disk"),
                    NestedField.Optional(
                        ++next, "value_count", IcebergType.Long, "Total count, including null and NaN"),
                    NestedField.Optional(++next, "null_value_count", IcebergType.Long, "Null value count"),
                    NestedField.Optional(++next, "nan_value_count", IcebergType.Long, "NaN value count"),
                    NestedField.Optional(++next, "lower_bound", column.Type, "Lower bound"),
                    NestedField.Optional(++next, "upper_bound", column.Type, "Upper bound"),
                ]),
                $"Metrics for column {column.FullName}");
        }

        Field = NestedField.Optional(
            ++next,
            "readable_metrics",
            new StructType([.. _columns.Select(c => fields[c.Id])]),
            "Column metrics in readable form");
    }

    /// <summary>The column.</summary>
    public NestedField Field { get; }

    /// <summary>The value of the column for a file.</summary>
    public Dictionary<string, object?> Of(ColumnMetrics metrics)
    {
        var result = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var column in _columns)
        {
            var type = (PrimitiveType)column.Type;
            result[column.FullName] = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["column_size"] = Count(metrics.ColumnSizes, column.Id),
                ["value_count"] = Count(metrics.ValueCounts, column.Id),
                ["null_value_count"] = Count(metrics.NullValueCounts, column.Id),
                ["nan_value_count"] = Count(metrics.NanValueCounts, column.Id),
                ["lower_bound"] = PlainValue.Bound(type, Bound(metrics.LowerBounds, column.Id)),
                ["upper_bound"] = PlainValue.Bound(type, Bound(metrics.UpperBounds, column.Id)),
            };
        }

        return result;
    }

    private static long? Count(FieldMap<long> counts, int id) => counts.TryGetValue(id, out var count) ? count : null;

    private static ReadOnlyMemory<byte>? Bound(FieldMap<ReadOnlyMemory<byte>> bounds, int id) =>
        bounds.TryGetValue(id, out var bytes) ? bytes : null;
}
