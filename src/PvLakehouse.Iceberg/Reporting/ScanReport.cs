using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Scan;

namespace PvLakehouse.Iceberg.Reporting;

/// <summary>
/// The planning of one scan. <see cref="MetricsReport.Duration"/> leaves out what the caller did between two files.
/// </summary>
public sealed record ScanReport : MetricsReport
{
    /// <summary>The snapshot that was read; null when the table had none yet.</summary>
    public long? SnapshotId { get; init; }

    /// <summary>The schema that was read with.</summary>
    public required int SchemaId { get; init; }

    /// <summary>What rows were asked for.</summary>
    public required Expression Filter { get; init; }

    /// <summary>Whether planning came to its end; false when the caller stopped before it or a file was broken.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>What this planning looked at and what it could leave alone.</summary>
    public required ScanCounters Counters { get; init; }
}
