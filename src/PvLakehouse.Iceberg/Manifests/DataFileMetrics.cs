using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>What an engine found out about one column while it wrote a file. Null means that it does not know.</summary>
public sealed record ColumnStatistics
{
    /// <summary>Size on disk [bytes].</summary>
    public long? SizeInBytes { get; init; }

    /// <summary>Number of values, nulls and NaNs included.</summary>
    public long? ValueCount { get; init; }

    /// <summary>Number of nulls.</summary>
    public long? NullCount { get; init; }

    /// <summary>Number of NaNs; 0 is a valuable answer for floating-point columns, because only then can they be pruned.</summary>
    public long? NanCount { get; init; }

    /// <summary>Smallest value that is not NaN, or a value below it; of the column's type.</summary>
    public Literal? Min { get; init; }

    /// <summary>Largest value that is not NaN, or a value above it; of the column's type.</summary>
    public Literal? Max { get; init; }
}

/// <summary>Turns what an engine knows of a file into the metrics of its manifest entry.</summary>
public static class DataFileMetrics
{
    /// <summary>Applies the metrics modes of the table, truncates bounds and encodes them.</summary>
    /// <param name="table">Gives the schema and the properties <c>write.metadata.metrics.*</c>.</param>
    /// <param name="columns">Statistics by field id; columns may be missing.</param>
    /// <exception cref="ArgumentException">A bound is not of its column's type.</exception>
    public static ColumnMetrics From(TableMetadata table, IReadOnlyDictionary<int, ColumnStatistics> columns) =>
        throw new NotSupportedException("Comes with the next commits.");
}
