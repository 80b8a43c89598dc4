using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>What to do with snapshots in the range that did more than append.</summary>
public enum NonAppendSnapshots
{
    /// <summary>Fail: what they changed cannot be told by added files alone.</summary>
    Fail,

    /// <summary>Give the files that they added too, which may repeat rows that were there before.</summary>
    IncludeAdded,

    /// <summary>Leave them out: right when they only rewrote rows that were there before.</summary>
    Ignore,
}

/// <summary>The data files that snapshots in a range added. Immutable.</summary>
public sealed class IncrementalAppendScan
{
    internal IncrementalAppendScan(Table table) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The same scan from after a snapshot; without it, from the beginning of history.</summary>
    public IncrementalAppendScan After(long? snapshotId) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The same scan up to and including a snapshot; without it, up to the current one.</summary>
    public IncrementalAppendScan UpTo(long? snapshotId) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The same scan with another answer to snapshots that did more than append.</summary>
    public IncrementalAppendScan WithNonAppend(NonAppendSnapshots handling) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Plans the files, the oldest snapshot first.</summary>
    /// <exception cref="IncrementalScanException">History between the two is not kept, or holds more than appends.</exception>
    public IAsyncEnumerable<FileScanTask> PlanFilesAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Comes with the next commits.");
}

/// <summary>The rows added between two snapshots cannot be told; read the whole table instead.</summary>
public sealed class IncrementalScanException(string message) : IcebergException(message);
