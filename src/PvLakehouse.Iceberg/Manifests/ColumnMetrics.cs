namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Counts and bounds of the columns of one file, by field id. A column that is absent is unknown.</summary>
public sealed record ColumnMetrics
{
    /// <summary>Nothing is known of any column.</summary>
    public static ColumnMetrics None { get; } = new();

    /// <summary>Size on disk [bytes].</summary>
    public FieldMap<long> ColumnSizes { get; init; } = FieldMap<long>.Empty;

    /// <summary>Number of values, nulls and NaNs included.</summary>
    public FieldMap<long> ValueCounts { get; init; } = FieldMap<long>.Empty;

    /// <summary>Number of nulls.</summary>
    public FieldMap<long> NullValueCounts { get; init; } = FieldMap<long>.Empty;

    /// <summary>Number of NaNs.</summary>
    public FieldMap<long> NanValueCounts { get; init; } = FieldMap<long>.Empty;

    /// <summary>A value that no value is below, in the binary form of single values; never NaN.</summary>
    public FieldMap<ReadOnlyMemory<byte>> LowerBounds { get; init; } = FieldMap<ReadOnlyMemory<byte>>.Empty;

    /// <summary>A value that no value is above, in the binary form of single values; never NaN.</summary>
    public FieldMap<ReadOnlyMemory<byte>> UpperBounds { get; init; } = FieldMap<ReadOnlyMemory<byte>>.Empty;
}
