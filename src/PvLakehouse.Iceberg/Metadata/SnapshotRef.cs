using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Metadata;

/// <summary>The two kinds of named snapshots.</summary>
public enum SnapshotRefKind
{
    /// <summary>Moves with each commit to it.</summary>
    Branch,

    /// <summary>Stays where it is.</summary>
    Tag,
}

/// <summary>A name for a snapshot; the branch <c>main</c> is the table itself.</summary>
/// <param name="SnapshotId">The snapshot that it names.</param>
/// <param name="Kind">Branch or tag.</param>
public sealed record SnapshotRef(long SnapshotId, SnapshotRefKind Kind)
{
    /// <summary>The branch that readers see when they name none.</summary>
    public const string Main = "main";

    /// <summary>Snapshots to keep on a branch whatever their age; null means the table's default.</summary>
    public int? MinSnapshotsToKeep { get; init; }

    /// <summary>Age up to which snapshots of a branch are kept [ms]; null means the table's default.</summary>
    public long? MaxSnapshotAgeMs { get; init; }

    /// <summary>Age at which the name itself goes [ms]; null means the table's default.</summary>
    public long? MaxRefAgeMs { get; init; }

    /// <summary>Members of the JSON form that this library does not interpret.</summary>
    public ExtraProperties Extra { get; init; } = ExtraProperties.None;
}

/// <summary>A line of the snapshot log: from when on a snapshot was current.</summary>
public readonly record struct SnapshotLogEntry(long TimestampMs, long SnapshotId);

/// <summary>A line of the metadata log: an earlier metadata file and when it was written.</summary>
public readonly record struct MetadataLogEntry(long TimestampMs, string MetadataFile);

/// <summary>An encryption key, itself encrypted, kept as its JSON text.</summary>
public sealed record EncryptionKeyEntry(string KeyId, string RawJson);

/// <summary>A statistics file of a snapshot, kept as its JSON text.</summary>
public sealed record StatisticsEntry(long SnapshotId, string RawJson);
