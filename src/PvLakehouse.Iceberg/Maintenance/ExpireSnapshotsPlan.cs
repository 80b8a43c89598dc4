using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>What <see cref="ExpireSnapshots"/> would do.</summary>
/// <param name="Snapshots">Snapshots that expire, in the order of the table.</param>
/// <param name="Refs">Branches and tags that are past their age.</param>
/// <param name="Files">How many files of each kind nothing would lead to any more; all 0 when files are kept.</param>
public sealed record ExpireSnapshotsPlan(
    IReadOnlyList<Snapshot> Snapshots, IReadOnlyList<string> Refs, RemovedFileCounts Files)
{
    /// <summary>Partition specs that nothing needs any more; empty unless they were asked for.</summary>
    public IReadOnlyList<int> SpecIds { get; init; } = [];

    /// <summary>Schemas that nothing needs any more; empty unless they were asked for.</summary>
    public IReadOnlyList<int> SchemaIds { get; init; } = [];

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Snapshots.Count == 0 && Refs.Count == 0 && SpecIds.Count == 0 && SchemaIds.Count == 0;
}

/// <summary>What <see cref="ExpireSnapshots"/> did.</summary>
/// <param name="SnapshotIds">The snapshots that expired.</param>
/// <param name="Refs">The branches and tags that were dropped.</param>
/// <param name="Files">How many files of each kind were removed.</param>
/// <param name="FailedFilesCount">Files that could not be removed; orphans now.</param>
/// <param name="FirstFailure">Why the first of them could not; null when all were removed.</param>
public sealed record ExpireSnapshotsResult(
    IReadOnlyList<long> SnapshotIds,
    IReadOnlyList<string> Refs,
    RemovedFileCounts Files,
    long FailedFilesCount,
    string? FirstFailure)
{
    /// <summary>The partition specs that were forgotten.</summary>
    public IReadOnlyList<int> SpecIds { get; init; } = [];

    /// <summary>The schemas that were forgotten.</summary>
    public IReadOnlyList<int> SchemaIds { get; init; } = [];
}

/// <summary>Numbers of files by kind.</summary>
public sealed record RemovedFileCounts
{
    /// <summary>Data files.</summary>
    public long DataFiles { get; init; }

    /// <summary>Position delete files and deletion vectors.</summary>
    public long PositionDeleteFiles { get; init; }

    /// <summary>Equality delete files.</summary>
    public long EqualityDeleteFiles { get; init; }

    /// <summary>Manifests.</summary>
    public long Manifests { get; init; }

    /// <summary>Manifest lists.</summary>
    public long ManifestLists { get; init; }

    /// <summary>Statistics files.</summary>
    public long StatisticsFiles { get; init; }

    /// <summary>All of them.</summary>
    public long Total =>
        DataFiles + PositionDeleteFiles + EqualityDeleteFiles + Manifests + ManifestLists + StatisticsFiles;

    internal RemovedFileCounts Plus(ReachableFileKind kind) => kind switch
    {
        ReachableFileKind.Data => this with { DataFiles = DataFiles + 1 },
        ReachableFileKind.PositionDeletes => this with { PositionDeleteFiles = PositionDeleteFiles + 1 },
        ReachableFileKind.EqualityDeletes => this with { EqualityDeleteFiles = EqualityDeleteFiles + 1 },
        ReachableFileKind.Manifest => this with { Manifests = Manifests + 1 },
        ReachableFileKind.ManifestList => this with { ManifestLists = ManifestLists + 1 },
        _ => this with { StatisticsFiles = StatisticsFiles + 1 },
    };
}
