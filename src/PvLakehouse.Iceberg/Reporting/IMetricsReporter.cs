namespace PvLakehouse.Iceberg.Reporting;

/// <summary>Is told what scans and commits have done, for logs, dashboards and alarms.</summary>
/// <remarks>
/// It is called by whoever planned or committed, after the work, and should return soon. Calls may come at the same time.
/// What it throws goes to <see cref="System.Diagnostics.Trace"/> and nowhere else: a scan or commit that is done stays
/// done. Set it in <see cref="Catalog.CatalogOptions.Reporter"/>.
/// </remarks>
public interface IMetricsReporter
{
    /// <summary>Takes a report: a <see cref="ScanReport"/> or a <see cref="CommitReport"/>.</summary>
    void Report(MetricsReport report);
}
