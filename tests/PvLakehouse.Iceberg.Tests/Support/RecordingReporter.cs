using System.Collections.Concurrent;
using PvLakehouse.Iceberg.Reporting;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingReporter : IMetricsReporter
{
    private readonly ConcurrentQueue<MetricsReport> _reports = [];

    public IReadOnlyList<CommitReport> Commits => [.. _reports.OfType<CommitReport>()];

    public IReadOnlyList<ScanReport> Scans => [.. _reports.OfType<ScanReport>()];

    public void Report(MetricsReport report) => _reports.Enqueue(report);

    public void Clear() => _reports.Clear();
}
