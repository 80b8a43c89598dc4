using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>What a new snapshot is made of.</summary>
/// <param name="Table">The table, with what the same commit did before.</param>
/// <param name="Parent">The head of the branch; null when there is none yet.</param>
/// <param name="Branch">The branch that is written to.</param>
/// <param name="Io">Storage of the table's files.</param>
/// <param name="Files">Where manifests are written.</param>
/// <param name="Own">The snapshots that the same commit made before.</param>
/// <param name="OriginHead">The head of the branch when the transaction began; null when there was none.</param>
internal sealed record SnapshotBase(
    TableMetadata Table,
    Snapshot? Parent,
    string Branch,
    IFileIO Io,
    MetadataFiles Files,
    IReadOnlySet<long> Own,
    long? OriginHead);

/// <summary>What a commit makes of the manifests of its base.</summary>
/// <param name="Manifests">The manifests of the new snapshot.</param>
/// <param name="Summary">What was added and removed.</param>
internal sealed record ManifestPlan(IReadOnlyList<ManifestFile> Manifests, SnapshotSummary Summary);
