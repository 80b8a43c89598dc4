using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Which manifests are written anew.</summary>
/// <param name="Manifests">The manifests, all of data files of one partition spec.</param>
/// <param name="TargetManifestsCount">About how many should replace them.</param>
/// <param name="FilesCount">Data files in them.</param>
public sealed record RewriteManifestsPlan(
    IReadOnlyList<ManifestFile> Manifests, int TargetManifestsCount, long FilesCount)
{
    /// <summary>Nothing to do.</summary>
    public static RewriteManifestsPlan Nothing { get; } = new([], 0, 0);

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Manifests.Count == 0;

    /// <summary>Size of the manifests [bytes].</summary>
    public long SizeBytes => Manifests.Sum(m => m.Length);

    /// <summary>Which of the new manifests holds the files of a partition.</summary>
    internal IReadOnlyDictionary<PartitionValues, int> Clusters { get; init; } = new Dictionary<PartitionValues, int>();
}

/// <summary>What rewriting manifests did, counted as Spark's procedure does.</summary>
/// <param name="RewrittenManifestsCount">Manifests that were replaced.</param>
/// <param name="AddedManifestsCount">Manifests that replace them.</param>
public sealed record RewriteManifestsResult(long RewrittenManifestsCount, long AddedManifestsCount);
