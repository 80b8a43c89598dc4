using System.Diagnostics;

namespace PvLakehouse.Iceberg.Reporting;

/// <summary>Sends reports without letting a reporter do harm.</summary>
internal static class Reporters
{
    /// <summary>Reports; a failure of the reporter ends here.</summary>
    public static void TryReport(this IMetricsReporter? reporter, MetricsReport report)
    {
        try
        {
            reporter?.Report(report);
        }
        catch (Exception e)
        {
            // The work is done. Whatever is thrown here would look as if it were not, and lead to its repetition.
            Trace.TraceWarning($"{reporter} failed on a report about table {report.Table}: {e}");
        }
    }
}
