namespace PvLakehouse.Iceberg.Manifests;

/// <summary>What a snapshot did with a file.</summary>
public enum EntryStatus
{
    /// <summary>The file was there before.</summary>
    Existing = 0,

    /// <summary>The file came with the snapshot.</summary>
    Added = 1,

    /// <summary>The snapshot removed the file.</summary>
    Deleted = 2,
}

/// <summary>One line of a manifest: a file, and when it came or went.</summary>
/// <param name="Status">Whether the file was there, came or went.</param>
/// <param name="SnapshotId">The snapshot that added the file, or removed it; null until inherited.</param>
/// <param name="SequenceNumber">Data sequence number: the age of the rows; null until inherited.</param>
/// <param name="FileSequenceNumber">Age of the file itself; null until inherited.</param>
/// <param name="File">The file.</param>
public sealed record ManifestEntry(
    EntryStatus Status, long? SnapshotId, long? SequenceNumber, long? FileSequenceNumber, DataFile File)
{
    /// <summary>Whether the file belongs to the snapshot.</summary>
    public bool IsLive => Status != EntryStatus.Deleted;
}
