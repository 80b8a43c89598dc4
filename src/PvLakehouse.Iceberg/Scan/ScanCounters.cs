namespace PvLakehouse.Iceberg.Scan;

/// <summary>What planning looked at and what it could leave alone. Sums over all plans of one scan object.</summary>
public sealed class ScanCounters
{
    /// <summary>Manifests whose files may matter, so that they were read.</summary>
    public int ManifestsRead { get; internal set; }

    /// <summary>Manifests that their summary ruled out.</summary>
    public int ManifestsSkipped { get; internal set; }

    /// <summary>Data files that were planned.</summary>
    public int FilesPlanned { get; internal set; }

    /// <summary>Data files of manifests that were read, ruled out by partition or metrics.</summary>
    public int FilesSkipped { get; internal set; }
}
