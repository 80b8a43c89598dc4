using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>What a new table shall be. Field ids are assigned anew from 1 in the order of the columns.</summary>
public sealed record TableCreation
{
    /// <summary>The columns.</summary>
    public required Schema Schema { get; init; }

    /// <summary>How rows are laid into partitions; by default not at all.</summary>
    public PartitionSpec Spec { get; init; } = PartitionSpec.Unpartitioned;

    /// <summary>How writers should sort rows; by default not at all.</summary>
    public SortOrder SortOrder { get; init; } = SortOrder.Unsorted;

    /// <summary>Root of the table's files; null lets the catalog choose.</summary>
    public string? Location { get; init; }

    /// <summary>Table properties, for example <c>write.parquet.compression-codec</c>.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
