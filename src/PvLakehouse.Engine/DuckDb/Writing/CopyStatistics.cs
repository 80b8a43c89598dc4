using System.Collections;
using System.Globalization;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>What COPY with RETURN_STATS reports about one file, by field id and in Iceberg's types.</summary>
internal sealed record CopyStatistics(
    string Path, long Rows, long SizeInBytes, IReadOnlyDictionary<int, ColumnStatistics> Columns, PartitionValues Partition)
{
    /// <summary>Reads a row of the report: filename, count, file_size_bytes, footer_size_bytes, column_statistics.</summary>
    public static CopyStatistics Read(object?[] row, Schema schema, PartitionValues partition)
    {
        var reported = (IDictionary)row[4]!;
        var columns = new Dictionary<int, ColumnStatistics>();
        foreach (var field in schema.AllFields)
        {
            if (field.Type is PrimitiveType type && reported[PathOf(schema, field)] is IDictionary statistics)
            {
                columns.Add(field.Id, Column(statistics, type, field.Repeated));
            }
        }

        return new CopyStatistics(
            (string)row[0]!,
            Convert.ToInt64(row[1], CultureInfo.InvariantCulture),
            Convert.ToInt64(row[2], CultureInfo.InvariantCulture),
            columns,
            partition);
    }

    private static ColumnStatistics Column(IDictionary statistics, PrimitiveType type, bool repeated)
    {
        var floating = type.Kind is TypeKind.Float or TypeKind.Double;
        var noNaN = statistics["has_nan"] is "false";
        var bounded = !repeated && (!floating || noNaN);
        return new ColumnStatistics
        {
            SizeInBytes = Number(statistics["column_size_bytes"]),
            ValueCount = Number(statistics["num_values"]),
            NullCount = Number(statistics["null_count"]),
            NanCount = floating && noNaN ? 0 : null,
            Min = bounded ? Bound(type, statistics["min"]) : null,
            Max = bounded ? Bound(type, statistics["max"]) : null,
        };
    }

    private static Literal? Bound(PrimitiveType type, object? text) => text is string value ? DuckDbText.Read(type, value) : null;

    private static long? Number(object? text) =>
        text is string value && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The key under which DuckDB reports a column: quoted names joined by dots.</summary>
    private static string PathOf(Schema schema, SchemaField field)
    {
        var names = new Stack<string>();
        for (var next = field; next is not null; next = next.ParentId is { } parent ? schema.Find(parent) : null)
        {
            names.Push(SqlText.Name(next.Field.Name));
        }

        return string.Join('.', names);
    }
}
