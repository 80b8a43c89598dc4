using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

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
    private readonly IFileIO _io;
    private readonly TableMetadata _table;
    private readonly long? _after;
    private readonly long? _upTo;
    private readonly NonAppendSnapshots _nonAppend;
    private readonly Expression _filter;

    internal IncrementalAppendScan(WritableTable table)
        : this(table.Io, table.Metadata, null, null, NonAppendSnapshots.Fail, Expression.True)
    {
    }

    private IncrementalAppendScan(
        IFileIO io, TableMetadata table, long? after, long? upTo, NonAppendSnapshots nonAppend, Expression filter)
    {
        _io = io;
        _table = table;
        _after = after;
        _upTo = upTo;
        _nonAppend = nonAppend;
        _filter = filter;
    }

    /// <summary>The same scan from after a snapshot; without it, from the beginning of history.</summary>
    public IncrementalAppendScan After(long? snapshotId) => new(_io, _table, snapshotId, _upTo, _nonAppend, _filter);

    /// <summary>The same scan up to and including a snapshot; without it, up to the current one.</summary>
    public IncrementalAppendScan UpTo(long? snapshotId) => new(_io, _table, _after, snapshotId, _nonAppend, _filter);

    /// <summary>The same scan with another answer to snapshots that did more than append.</summary>
    public IncrementalAppendScan WithNonAppend(NonAppendSnapshots handling) =>
        new(_io, _table, _after, _upTo, handling, _filter);

    /// <summary>The same scan of rows that also match a filter.</summary>
    /// <exception cref="ArgumentException">A column is unknown, or a value cannot be compared with it.</exception>
    public IncrementalAppendScan Where(Expression filter)
    {
        _ = Normalised.Of(filter, _table.Schema, caseSensitive: true);
        return new(_io, _table, _after, _upTo, _nonAppend, Expression.And(_filter, filter));
    }

    /// <summary>The snapshots of the range whose files will be given, the oldest first.</summary>
    /// <exception cref="IncrementalScanException">
    /// History between the two is not kept, or holds more than appends.
    /// </exception>
    public IReadOnlyList<Snapshot> Snapshots()
    {
        if ((_upTo ?? _table.CurrentSnapshotId) is not { } last || last == _after)
        {
            return [];
        }

        var range = new List<Snapshot>();
        for (long? id = last; id != _after; id = range[^1].ParentSnapshotId)
        {
            if (id is null)
            {
                throw new IncrementalScanException(
                    $"Snapshot {_after} is not an ancestor of snapshot {last}; read the whole table instead.");
            }

            range.Add(_table.FindSnapshot(id.Value) ?? throw new IncrementalScanException(
                $"Snapshot {id} has expired, so what came after snapshot {Name(_after)} is not known; read the whole "
                + "table instead."));
        }

        range.Reverse();
        return [.. range.Where(IsWanted)];
    }

    /// <summary>Plans the files, the oldest snapshot first.</summary>
    /// <exception cref="IncrementalScanException">
    /// History between the two is not kept, or holds more than appends.
    /// </exception>
    public async IAsyncEnumerable<FileScanTask> PlanFilesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var pruner = new FilePruner(_table, _table.Schema, _filter, caseSensitive: true);
        foreach (var snapshot in Snapshots())
        {
            await foreach (var entry in AddedFiles.ReadAsync(_io, _table, snapshot, cancellationToken))
            {
                if (pruner.MightMatch(entry.File))
                {
                    yield return FileScanTask.Of(entry, _table);
                }
            }
        }
    }

    private bool IsWanted(Snapshot snapshot) => (snapshot.Operation, _nonAppend) switch
    {
        (SnapshotOperation.Append, _) => true,

        // Replacing files by others with the same rows adds none.
        (SnapshotOperation.Replace, _) => false,
        (_, NonAppendSnapshots.IncludeAdded) => true,
        (_, NonAppendSnapshots.Ignore) => false,
        _ => throw new IncrementalScanException(
            $"Snapshot {snapshot.SnapshotId} is an '{snapshot.Operation}' and not an append, so added files alone do "
            + "not tell what "
            + "changed; read the whole table instead, or say how to handle such snapshots."),
    };

    private static string Name(long? snapshotId) => snapshotId?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";
}

/// <summary>The rows added between two snapshots cannot be told; read the whole table instead.</summary>
public sealed class IncrementalScanException(string message) : IcebergException(message);
