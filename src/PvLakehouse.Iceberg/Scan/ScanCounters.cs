namespace PvLakehouse.Iceberg.Scan;

/// <summary>What planning looked at and what it could leave alone.</summary>
public sealed class ScanCounters
{
    /// <summary>Manifests of data files that may matter, so that they were read.</summary>
    public int ManifestsRead { get; internal set; }

    /// <summary>Manifests of data files that their summary ruled out.</summary>
    public int ManifestsSkipped { get; internal set; }

    /// <summary>Data files that were planned.</summary>
    public int FilesPlanned { get; internal set; }

    /// <summary>Size of the data files that were planned [bytes].</summary>
    public long PlannedFilesSizeInBytes { get; internal set; }

    /// <summary>Data files of manifests that were read, ruled out by partition or metrics.</summary>
    public int FilesSkipped { get; internal set; }

    /// <summary>Manifests of delete files that may matter, so that they were read.</summary>
    public int DeleteManifestsRead { get; internal set; }

    /// <summary>Manifests of delete files that their summary ruled out.</summary>
    public int DeleteManifestsSkipped { get; internal set; }

    /// <summary>Delete files and deletion vectors that were compared with the data files.</summary>
    public int DeleteFilesRead { get; internal set; }

    /// <summary>Delete files of manifests that were read, ruled out by their partition.</summary>
    public int DeleteFilesSkipped { get; internal set; }

    /// <summary>Pairs of a planned data file and a delete file that applies to it.</summary>
    public int DeletesPlanned { get; internal set; }

    internal void Add(ScanCounters plan)
    {
        ManifestsRead += plan.ManifestsRead;
        ManifestsSkipped += plan.ManifestsSkipped;
        FilesPlanned += plan.FilesPlanned;
        PlannedFilesSizeInBytes += plan.PlannedFilesSizeInBytes;
        FilesSkipped += plan.FilesSkipped;
        DeleteManifestsRead += plan.DeleteManifestsRead;
        DeleteManifestsSkipped += plan.DeleteManifestsSkipped;
        DeleteFilesRead += plan.DeleteFilesRead;
        DeleteFilesSkipped += plan.DeleteFilesSkipped;
        DeletesPlanned += plan.DeletesPlanned;
    }
}
