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
    internal static FileScanTask Of(ManifestEntry entry, TableMetadata table) => new(
        entry.File, table.FindSpec(entry.File.SpecId)!, entry.SequenceNumber ?? 0, entry.SnapshotId ?? 0);
}
