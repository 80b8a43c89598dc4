using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>The last step that all kinds of commits share: merge small manifests and count them.</summary>
internal static class ManifestPlans
{
    public static async Task<ManifestPlan> FinishAsync(
        IFileIO io,
        TableMetadata table,
        IReadOnlyList<ManifestFile> manifests,
        MetadataFiles files,
        SnapshotSummary summary,
        CancellationToken cancellationToken)
    {
        var merged = await new ManifestMerger(io, files.SnapshotId)
            .MergeAsync(table, manifests, files, summary, cancellationToken);
        summary.ManifestsCreated = merged.Count(m => m.AddedSnapshotId == files.SnapshotId);
        summary.ManifestsKept = merged.Count - summary.ManifestsCreated;
        return new ManifestPlan(merged, summary);
    }
}
