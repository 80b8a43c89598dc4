using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>What the rows of a file are.</summary>
public enum FileContent
{
    /// <summary>Rows of the table.</summary>
    Data = 0,

    /// <summary>Positions of deleted rows.</summary>
    PositionDeletes = 1,

    /// <summary>Keys of deleted rows.</summary>
    EqualityDeletes = 2,
}

/// <summary>The file formats that tables may use.</summary>
public enum FileFormat
{
    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>Apache Avro.</summary>
    Avro,

    /// <summary>Apache ORC.</summary>
    Orc,

    /// <summary>Puffin, the container of deletion vectors.</summary>
    Puffin,
}

/// <summary>What a manifest says about one immutable file of a table (spec: "Data File Fields").</summary>
public sealed record DataFile
{
    /// <summary>Rows or deletes.</summary>
    public FileContent Content { get; init; } = FileContent.Data;

    /// <summary>Location of the file, as readers will open it.</summary>
    public required string FilePath { get; init; }

    /// <summary>Format of the file.</summary>
    public FileFormat Format { get; init; } = FileFormat.Parquet;

    /// <summary>Id of the partition spec that laid the file.</summary>
    public int SpecId { get; init; }

    /// <summary>Partition tuple, in the order of the spec's fields.</summary>
    public PartitionValues Partition { get; init; } = PartitionValues.None;

    /// <summary>Number of rows.</summary>
    public required long RecordCount { get; init; }

    /// <summary>Size of the whole file [bytes].</summary>
    public required long FileSizeInBytes { get; init; }

    /// <summary>Counts and bounds per column; empty maps mean that nothing is known.</summary>
    public ColumnMetrics Metrics { get; init; } = ColumnMetrics.None;

    /// <summary>Encryption metadata; null for files that are not encrypted.</summary>
    public ReadOnlyMemory<byte>? KeyMetadata { get; init; }

    /// <summary>Offsets where the file may be split, ascending; null when unknown.</summary>
    public IReadOnlyList<long>? SplitOffsets { get; init; }

    /// <summary>Ids of the key columns of equality deletes; null for other files.</summary>
    public IReadOnlyList<int>? EqualityIds { get; init; }

    /// <summary>Id of the sort order of the rows; null when unknown.</summary>
    public int? SortOrderId { get; init; }

    /// <summary>First row id (format version 3).</summary>
    public long? FirstRowId { get; init; }

    /// <summary>The one data file whose rows are deleted; null when there may be several.</summary>
    public string? ReferencedDataFile { get; init; }

    /// <summary>Where a deletion vector begins in its Puffin file (format version 3).</summary>
    public long? ContentOffset { get; init; }

    /// <summary>Length of a deletion vector [bytes] (format version 3).</summary>
    public long? ContentSizeInBytes { get; init; }
}
