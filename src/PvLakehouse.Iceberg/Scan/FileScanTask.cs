using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>One data file to read.</summary>
/// <param name="File">The file.</param>
/// <param name="Spec">The partition spec that laid it.</param>
/// <param name="SequenceNumber">Age of its rows; 0 in version 1.</param>
/// <param name="SnapshotId">The snapshot that added it.</param>
public sealed record FileScanTask(DataFile File, PartitionSpec Spec, long SequenceNumber, long SnapshotId)
{
    /// <summary>
    /// The deletes that apply to its rows, already chosen by sequence number, partition and path; none when empty. What
    /// they are is told by <see cref="DataFile.Content"/>, and a deletion vector by <see cref="FileFormat.Puffin"/>.
    /// </summary>
    public IReadOnlyList<DeleteFile> Deletes { get; init; } = [];

    internal static FileScanTask Of(ManifestEntry entry, TableMetadata table) => new(
        entry.File, table.FindSpec(entry.File.SpecId)!, entry.SequenceNumber ?? 0, entry.SnapshotId ?? 0);
}

/// <summary>One file of deletes that applies to a data file.</summary>
/// <param name="File">The file.</param>
/// <param name="SequenceNumber">Age of its deletes.</param>
public sealed record DeleteFile(DataFile File, long SequenceNumber);
