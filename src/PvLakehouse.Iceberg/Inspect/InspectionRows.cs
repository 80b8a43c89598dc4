using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>A snapshot that the table still keeps.</summary>
/// <param name="CommittedAt">When it was made.</param>
/// <param name="SnapshotId">Its id.</param>
/// <param name="ParentId">The snapshot that it changed; null for the first.</param>
/// <param name="Operation">One of <see cref="SnapshotOperation"/>; null when not recorded.</param>
/// <param name="ManifestList">Its manifest list; null only in old version 1 tables.</param>
/// <param name="Summary">What the commit recorded.</param>
public sealed record SnapshotRow(
    DateTimeOffset CommittedAt,
    long SnapshotId,
    long? ParentId,
    string? Operation,
    string? ManifestList,
    IReadOnlyDictionary<string, string> Summary);

/// <summary>A line of the table's history: from when on a snapshot was current.</summary>
/// <param name="MadeCurrentAt">From when on.</param>
/// <param name="SnapshotId">The snapshot, which may have expired.</param>
/// <param name="ParentId">The snapshot that it changed; null for the first and for expired ones.</param>
/// <param name="IsCurrentAncestor">Whether the current snapshot stems from it; false after a rollback.</param>
public sealed record HistoryRow(DateTimeOffset MadeCurrentAt, long SnapshotId, long? ParentId, bool IsCurrentAncestor);

/// <summary>A branch or tag.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ref">The snapshot that it names and how long it is kept.</param>
public sealed record RefRow(string Name, SnapshotRef Ref);

/// <summary>A metadata file of the table, the current one included.</summary>
/// <param name="Timestamp">When it was written.</param>
/// <param name="File">Where it is, or was.</param>
/// <param name="LatestSnapshotId">The snapshot that was current then; null when there was none.</param>
/// <param name="LatestSchemaId">The schema of that snapshot; null when it is not known any more.</param>
/// <param name="LatestSequenceNumber">The sequence number of that snapshot; null when it is not known any more.</param>
public sealed record MetadataLogRow(
    DateTimeOffset Timestamp, string File, long? LatestSnapshotId, int? LatestSchemaId, long? LatestSequenceNumber);

/// <summary>A manifest, seen from a snapshot that names it.</summary>
/// <param name="Manifest">What the manifest list says.</param>
/// <param name="Spec">The partition spec of its files.</param>
/// <param name="PartitionType">The type of their partition tuples.</param>
/// <param name="ReferenceSnapshotId">The snapshot.</param>
public sealed record ManifestRow(
    ManifestFile Manifest, PartitionSpec Spec, StructType PartitionType, long ReferenceSnapshotId);

/// <summary>An entry of a manifest with its inherited values.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Partition">The partition as a tuple of <see cref="TableInspection.PartitionType"/>.</param>
public sealed record EntryRow(ManifestEntry Entry, PartitionValues Partition);

/// <summary>A file that belongs to a snapshot.</summary>
/// <param name="File">The file.</param>
/// <param name="Partition">The partition as a tuple of <see cref="TableInspection.PartitionType"/>.</param>
public sealed record FileRow(DataFile File, PartitionValues Partition);
