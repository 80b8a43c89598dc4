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
}
