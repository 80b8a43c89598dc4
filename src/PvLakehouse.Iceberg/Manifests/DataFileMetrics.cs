using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Turns what an engine knows of a file into the metrics of its manifest entry.</summary>
public static class DataFileMetrics
{
    /// <summary>Applies the metrics modes of the table, truncates bounds and encodes them.</summary>
    /// <remarks>
    /// Bounds of strings and bytes are cut to 16 characters or bytes unless the table says otherwise; columns inside lists
    /// and maps get counts but no bounds.
    /// </remarks>
    /// <param name="table">Gives the schema and the properties <c>write.metadata.metrics.*</c>.</param>
    /// <param name="columns">Statistics by field id; columns may be missing.</param>
    /// <exception cref="ArgumentException">
    /// A field is unknown or nested, or a bound is not of its column's type.
    /// </exception>
    public static ColumnMetrics From(TableMetadata table, IReadOnlyDictionary<int, ColumnStatistics> columns)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        var modes = new MetricsModes(table);
        var sizes = new Dictionary<int, long>();
        var values = new Dictionary<int, long>();
        var nulls = new Dictionary<int, long>();
        var nans = new Dictionary<int, long>();
        var lower = new Dictionary<int, ReadOnlyMemory<byte>>();
        var upper = new Dictionary<int, ReadOnlyMemory<byte>>();
        foreach (var (id, column) in columns)
        {
            var field = table.Schema.Find(id) ?? throw new ArgumentException(
                $"There is no field {id} in the table's current schema.", nameof(columns));
            var type = field.Type as PrimitiveType ?? throw new ArgumentException(
                $"Field '{field.FullName}' is of type {field.Type}; only primitive fields have "
                + "metrics.", nameof(columns));
            Put(sizes, id, column.SizeInBytes);
            var mode = modes.Of(field);
            if (mode.Kind == MetricsModeKind.None)
            {
                continue;
            }

            Put(values, id, column.ValueCount);
            Put(nulls, id, column.NullCount);
            Put(nans, id, type.IsFloating ? column.NanCount : null);
            if (mode.Kind == MetricsModeKind.Bounds && !field.Repeated)
            {
                Put(lower, id, Bounds.Lower(Value(column.Min, type, field), mode.Length));
                Put(upper, id, Bounds.Upper(Value(column.Max, type, field), mode.Length));
            }
        }

        return new ColumnMetrics
        {
            ColumnSizes = new(sizes),
            ValueCounts = new(values),
            NullValueCounts = new(nulls),
            NanValueCounts = new(nans),
            LowerBounds = new(lower),
            UpperBounds = new(upper),
        };
    }

    private static Literal? Value(Literal? bound, PrimitiveType type, SchemaField field)
    {
        // NaN is never a bound: nothing is known then.
        if (bound is not { } value || value.IsNaN)
        {
            return null;
        }

        return value.TryConvertTo(type, out var converted) ? converted : throw new ArgumentException(
            $"The bound {value} of field '{field.FullName}' is of type {value.Type}; expected {type}.", nameof(bound));
    }

    private static void Put<T>(Dictionary<int, T> map, int id, T? value)
        where T : struct
    {
        if (value is { } known)
        {
            map[id] = known;
        }
    }
}

/// <summary>
/// What an engine found out about one column while it wrote a file. Null means that it does not know.
/// </summary>
public sealed record ColumnStatistics
{
    /// <summary>Size on disk [bytes].</summary>
    public long? SizeInBytes { get; init; }

    /// <summary>Number of values, nulls and NaNs included.</summary>
    public long? ValueCount { get; init; }

    /// <summary>Number of nulls.</summary>
    public long? NullCount { get; init; }

    /// <summary>
    /// Number of NaNs; 0 is a valuable answer for floating-point columns, because only then can all comparisons
    /// prune.
    /// </summary>
    public long? NanCount { get; init; }

    /// <summary>Smallest value that is not NaN, or a value below it; of the column's type.</summary>
    public Literal? Min { get; init; }

    /// <summary>Largest value that is not NaN, or a value above it; of the column's type.</summary>
    public Literal? Max { get; init; }
}
