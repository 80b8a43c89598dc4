using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>Which data files hold the rows of a table at one snapshot that may match a filter. Immutable.</summary>
public sealed class TableScan
{
    internal TableScan(Table table) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The snapshot to read; null when the table has none yet.</summary>
    public Snapshot? Snapshot => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The columns to read: those of the snapshot for time travel, else the current ones.</summary>
    public Schema Schema => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>What planning looked at so far.</summary>
    public ScanCounters Counters => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The same scan at a snapshot.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot, or no longer.</exception>
    public TableScan UseSnapshot(long snapshotId) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The same scan at a branch or tag.</summary>
    /// <exception cref="ArgumentException">There is no such branch or tag.</exception>
    public TableScan UseRef(string name) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The same scan at the snapshot that was current at an instant.</summary>
    /// <exception cref="ArgumentException">No snapshot was current then, or it is no longer kept.</exception>
    public TableScan AsOf(DateTimeOffset instant) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The same scan of rows that also match a filter.</summary>
    /// <exception cref="ArgumentException">A column is unknown, or a value cannot be compared with it.</exception>
    public TableScan Where(Expression filter) => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The same scan with column names of the filter compared without case.</summary>
    public TableScan IgnoreCase() => throw new NotSupportedException("Comes with the next commits.");

    /// <summary>Plans the files to read, in the order of the manifests.</summary>
    /// <exception cref="NotSupportedException">The snapshot has delete files, which are not read here.</exception>
    public IAsyncEnumerable<FileScanTask> PlanFilesAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Comes with the next commits.");
}
