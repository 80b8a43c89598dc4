using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>The live files of one partition, summed up.</summary>
/// <param name="Partition">The partition as a tuple of <see cref="TableInspection.PartitionType"/>.</param>
public sealed record PartitionRow(PartitionValues Partition)
{
    /// <summary>The spec of the file that was counted last.</summary>
    public int SpecId { get; private set; }

    /// <summary>Rows in data files; deletes are not subtracted.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Data files.</summary>
    public int FileCount { get; private set; }

    /// <summary>Size of the data files [bytes].</summary>
    public long TotalDataFileSizeInBytes { get; private set; }

    /// <summary>Rows in position delete files and deletion vectors.</summary>
    public long PositionDeleteRecordCount { get; private set; }

    /// <summary>Position delete files and deletion vectors.</summary>
    public int PositionDeleteFileCount { get; private set; }

    /// <summary>Rows in equality delete files.</summary>
    public long EqualityDeleteRecordCount { get; private set; }

    /// <summary>Equality delete files.</summary>
    public int EqualityDeleteFileCount { get; private set; }

    /// <summary>When the newest kept snapshot added a file; null when all of those have expired.</summary>
    public DateTimeOffset? LastUpdatedAt { get; private set; }

    /// <summary>The newest kept snapshot that added a file; null when all of those have expired.</summary>
    public long? LastUpdatedSnapshotId { get; private set; }

    internal void Count(DataFile file, Snapshot? addedBy)
    {
        SpecId = file.SpecId;
        if (addedBy is not null && !(LastUpdatedAt >= addedBy.Timestamp))
        {
            LastUpdatedAt = addedBy.Timestamp;
            LastUpdatedSnapshotId = addedBy.SnapshotId;
        }

        switch (file.Content)
        {
            case FileContent.Data:
                RecordCount += file.RecordCount;
                FileCount++;
                TotalDataFileSizeInBytes += file.FileSizeInBytes;
                break;
            case FileContent.PositionDeletes:
                PositionDeleteRecordCount += file.RecordCount;
                PositionDeleteFileCount++;
                break;
            default:
                EqualityDeleteRecordCount += file.RecordCount;
                EqualityDeleteFileCount++;
                break;
        }
    }
}
