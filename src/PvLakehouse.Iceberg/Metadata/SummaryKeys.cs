namespace PvLakehouse.Iceberg.Metadata;

/// <summary>Keys of a snapshot summary (spec: "Snapshot Summary"). Values are text.</summary>
public static class SummaryKeys
{
    /// <summary>Kind of commit, see <see cref="SnapshotOperation"/>.</summary>
    public const string Operation = "operation";

    /// <summary>Data files added.</summary>
    public const string AddedDataFiles = "added-data-files";

    /// <summary>Data files removed.</summary>
    public const string DeletedDataFiles = "deleted-data-files";

    /// <summary>Data files after the commit.</summary>
    public const string TotalDataFiles = "total-data-files";

    /// <summary>Delete files after the commit.</summary>
    public const string TotalDeleteFiles = "total-delete-files";

    /// <summary>Rows in added data files.</summary>
    public const string AddedRecords = "added-records";

    /// <summary>Rows in removed data files.</summary>
    public const string DeletedRecords = "deleted-records";

    /// <summary>Rows in all data files after the commit.</summary>
    public const string TotalRecords = "total-records";

    /// <summary>Size of added files [bytes].</summary>
    public const string AddedFilesSize = "added-files-size";

    /// <summary>Size of removed files [bytes].</summary>
    public const string RemovedFilesSize = "removed-files-size";

    /// <summary>Size of all files after the commit [bytes].</summary>
    public const string TotalFilesSize = "total-files-size";

    /// <summary>Deleted positions after the commit.</summary>
    public const string TotalPositionDeletes = "total-position-deletes";

    /// <summary>Deleted keys after the commit.</summary>
    public const string TotalEqualityDeletes = "total-equality-deletes";

    /// <summary>Partitions that gained or lost files.</summary>
    public const string ChangedPartitionCount = "changed-partition-count";

    /// <summary>Manifests written by the commit.</summary>
    public const string ManifestsCreated = "manifests-created";

    /// <summary>Manifests taken over as they were.</summary>
    public const string ManifestsKept = "manifests-kept";

    /// <summary>Manifests that were written anew.</summary>
    public const string ManifestsReplaced = "manifests-replaced";

    /// <summary>Entries read while manifests were written anew.</summary>
    public const string EntriesProcessed = "entries-processed";

    /// <summary>Delete files added.</summary>
    public const string AddedDeleteFiles = "added-delete-files";

    /// <summary>Delete files removed.</summary>
    public const string RemovedDeleteFiles = "removed-delete-files";

    /// <summary>Files of position deletes added.</summary>
    public const string AddedPositionDeleteFiles = "added-position-delete-files";

    /// <summary>Files of position deletes removed.</summary>
    public const string RemovedPositionDeleteFiles = "removed-position-delete-files";

    /// <summary>Files of equality deletes added.</summary>
    public const string AddedEqualityDeleteFiles = "added-equality-delete-files";

    /// <summary>Files of equality deletes removed.</summary>
    public const string RemovedEqualityDeleteFiles = "removed-equality-delete-files";

    /// <summary>Deletion vectors added.</summary>
    public const string AddedDeletionVectors = "added-dvs";

    /// <summary>Deletion vectors removed.</summary>
    public const string RemovedDeletionVectors = "removed-dvs";

    /// <summary>Deleted positions added.</summary>
    public const string AddedPositionDeletes = "added-position-deletes";

    /// <summary>Deleted positions removed.</summary>
    public const string RemovedPositionDeletes = "removed-position-deletes";

    /// <summary>Deleted keys added.</summary>
    public const string AddedEqualityDeletes = "added-equality-deletes";

    /// <summary>Deleted keys removed.</summary>
    public const string RemovedEqualityDeletes = "removed-equality-deletes";

    /// <summary>Set to true when whole partitions were replaced.</summary>
    public const string ReplacePartitions = "replace-partitions";

    /// <summary>The writer's own id of a snapshot that is staged for an audit.</summary>
    public const string WapId = "wap.id";

    /// <summary>The id of the staged snapshot that this one published.</summary>
    public const string PublishedWapId = "published-wap-id";

    /// <summary>The snapshot whose changes were picked.</summary>
    public const string SourceSnapshotId = "source-snapshot-id";

    /// <summary>Of a replace: the oldest snapshot since which only replaces were made, whose rows the table still has.</summary>
    public const string SameRowsAs = "same-rows-as-snapshot-id";

    /// <summary>Set to true when there is a line for each partition.</summary>
    public const string PartitionSummariesIncluded = "partition-summaries-included";

    /// <summary>Prefix of the line of a partition; its path follows.</summary>
    public const string PartitionPrefix = "partitions.";
}
