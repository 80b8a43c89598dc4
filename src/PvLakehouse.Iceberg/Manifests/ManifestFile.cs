namespace PvLakehouse.Iceberg.Manifests;

/// <summary>What the files of a manifest are.</summary>
public enum ManifestContent
{
    /// <summary>Data files.</summary>
    Data = 0,

    /// <summary>Delete files.</summary>
    Deletes = 1,
}

/// <summary>One line of a manifest list: a manifest and a summary of what it holds (spec: "Manifest Lists").</summary>
public sealed record ManifestFile
{
    /// <summary>Location of the manifest.</summary>
    public required string Path { get; init; }

    /// <summary>Size of the manifest [bytes].</summary>
    public required long Length { get; init; }

    /// <summary>Id of the partition spec of all its files.</summary>
    public required int SpecId { get; init; }

    /// <summary>Data or delete files.</summary>
    public ManifestContent Content { get; init; }

    /// <summary>Sequence number of the commit that added the manifest; 0 in version 1.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Lowest data sequence number of its live files; 0 in version 1.</summary>
    public long MinSequenceNumber { get; init; }

    /// <summary>The snapshot that added the manifest.</summary>
    public required long AddedSnapshotId { get; init; }

    /// <summary>Number of added files; null means unknown.</summary>
    public int? AddedFilesCount { get; init; }

    /// <summary>Number of existing files; null means unknown.</summary>
    public int? ExistingFilesCount { get; init; }

    /// <summary>Number of deleted files; null means unknown.</summary>
    public int? DeletedFilesCount { get; init; }

    /// <summary>Rows in added files; null means unknown.</summary>
    public long? AddedRowsCount { get; init; }

    /// <summary>Rows in existing files; null means unknown.</summary>
    public long? ExistingRowsCount { get; init; }

    /// <summary>Rows in deleted files; null means unknown.</summary>
    public long? DeletedRowsCount { get; init; }

    /// <summary>Range of each partition field, in the order of the spec; null means unknown.</summary>
    public IReadOnlyList<PartitionFieldSummary>? Partitions { get; init; }

    /// <summary>Encryption metadata; null for manifests that are not encrypted.</summary>
    public ReadOnlyMemory<byte>? KeyMetadata { get; init; }

    /// <summary>First row id of the files that inherit one (format version 3).</summary>
    public long? FirstRowId { get; init; }

    /// <summary>Whether it may hold added files; unknown counts as yes.</summary>
    public bool HasAddedFiles => AddedFilesCount is not 0;

    /// <summary>Whether it may hold files that belong to the snapshot; unknown counts as yes.</summary>
    public bool HasLiveFiles => HasAddedFiles || ExistingFilesCount is not 0;

    /// <summary>Number of entries in all, or null when a count is unknown.</summary>
    internal int? EntryCount => AddedFilesCount + ExistingFilesCount + DeletedFilesCount;
}

/// <summary>The range of one partition field over the files of a manifest.</summary>
/// <param name="ContainsNull">Whether a file has null there.</param>
/// <param name="ContainsNaN">Whether a file has NaN there; null means unknown.</param>
/// <param name="LowerBound">Lowest value in binary form; null when all are null or NaN.</param>
/// <param name="UpperBound">Highest value in binary form; null when all are null or NaN.</param>
public sealed record PartitionFieldSummary(
    bool ContainsNull, bool? ContainsNaN, ReadOnlyMemory<byte>? LowerBound, ReadOnlyMemory<byte>? UpperBound);
