using System.Globalization;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Reporting;

/// <summary>
/// A snapshot that was committed. A transaction gives one for each of its snapshots, all with the duration and attempts of
/// the one commit that made them visible; changes without a snapshot give none.
/// </summary>
/// <remarks>
/// <see cref="MetricsReport.Duration"/> reaches from the call to the answer, retries and waits included. Work that a
/// transaction staged before its commit does not count.
/// </remarks>
public sealed record CommitReport : MetricsReport
{
    /// <summary>The snapshot that was made.</summary>
    public required long SnapshotId { get; init; }

    /// <summary>Its sequence number.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>One of <see cref="SnapshotOperation"/>.</summary>
    public required string Operation { get; init; }

    /// <summary>How often the commit was tried, the successful time included.</summary>
    public required int Attempts { get; init; }

    /// <summary>Data files that came.</summary>
    public long AddedDataFiles { get; init; }

    /// <summary>Data files that went.</summary>
    public long RemovedDataFiles { get; init; }

    /// <summary>Delete files and deletion vectors that came.</summary>
    public long AddedDeleteFiles { get; init; }

    /// <summary>Delete files and deletion vectors that went.</summary>
    public long RemovedDeleteFiles { get; init; }

    /// <summary>Rows of the data files that came.</summary>
    public long AddedRecords { get; init; }

    /// <summary>Rows of the data files that went.</summary>
    public long RemovedRecords { get; init; }

    /// <summary>Size of the files that came [bytes].</summary>
    public long AddedFilesSizeInBytes { get; init; }

    /// <summary>Size of the files that went [bytes].</summary>
    public long RemovedFilesSizeInBytes { get; init; }

    /// <summary>Data files after the commit; null when they are not known from before.</summary>
    public long? TotalDataFiles { get; init; }

    /// <summary>Rows of all data files after the commit, deleted ones included; null when not known from before.</summary>
    public long? TotalRecords { get; init; }

    /// <summary>Manifests that were written.</summary>
    public long ManifestsCreated { get; init; }

    /// <summary>Manifests that were taken over as they were.</summary>
    public long ManifestsKept { get; init; }

    /// <summary>Manifests that were written anew.</summary>
    public long ManifestsReplaced { get; init; }

    internal static CommitReport Of(
        string catalog, Catalog.TableIdentifier table, Snapshot snapshot, int attempts, TimeSpan duration)
    {
        return new CommitReport
        {
            CatalogName = catalog,
            Table = table,
            Duration = duration,
            SnapshotId = snapshot.SnapshotId,
            SequenceNumber = snapshot.SequenceNumber,
            Operation = snapshot.Operation!,
            Attempts = attempts,
            AddedDataFiles = Number(SummaryKeys.AddedDataFiles) ?? 0,
            RemovedDataFiles = Number(SummaryKeys.DeletedDataFiles) ?? 0,
            AddedDeleteFiles = Number(SummaryKeys.AddedDeleteFiles) ?? 0,
            RemovedDeleteFiles = Number(SummaryKeys.RemovedDeleteFiles) ?? 0,
            AddedRecords = Number(SummaryKeys.AddedRecords) ?? 0,
            RemovedRecords = Number(SummaryKeys.DeletedRecords) ?? 0,
            AddedFilesSizeInBytes = Number(SummaryKeys.AddedFilesSize) ?? 0,
            RemovedFilesSizeInBytes = Number(SummaryKeys.RemovedFilesSize) ?? 0,
            TotalDataFiles = Number(SummaryKeys.TotalDataFiles),
            TotalRecords = Number(SummaryKeys.TotalRecords),
            ManifestsCreated = Number(SummaryKeys.ManifestsCreated) ?? 0,
            ManifestsKept = Number(SummaryKeys.ManifestsKept) ?? 0,
            ManifestsReplaced = Number(SummaryKeys.ManifestsReplaced) ?? 0,
        };

        // Written by this library a moment ago, so it is a number or left out.
        long? Number(string key) => snapshot.Summary.TryGetValue(key, out var text)
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : null;
    }
}
