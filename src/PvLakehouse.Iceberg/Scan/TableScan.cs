using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>Which data files hold the rows of a table at one snapshot that may match a filter. Immutable.</summary>
public sealed class TableScan
{
    private readonly IFileIO _io;
    private readonly TableMetadata _table;
    private readonly Expression _filter;
    private readonly bool _caseSensitive;

    internal TableScan(WritableTable table)
        : this(table.Io, table.Metadata, table.Metadata.CurrentSnapshot, table.Metadata.Schema, Expression.True, caseSensitive: true)
    {
    }

    private TableScan(
        IFileIO io, TableMetadata table, Snapshot? snapshot, Schema schema, Expression filter, bool caseSensitive)
    {
        _io = io;
        _table = table;
        Snapshot = snapshot;
        Schema = schema;
        _filter = filter;
        _caseSensitive = caseSensitive;
    }

    /// <summary>The snapshot to read; null when the table has none yet.</summary>
    public Snapshot? Snapshot { get; }

    /// <summary>The columns to read: those of the snapshot for time travel, else the current ones.</summary>
    public Schema Schema { get; }

    /// <summary>What planning looked at so far.</summary>
    public ScanCounters Counters { get; } = new();

    /// <summary>The same scan at a snapshot.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot, or no longer.</exception>
    public TableScan UseSnapshot(long snapshotId)
    {
        var snapshot = _table.FindSnapshot(snapshotId) ?? throw new ArgumentException(
            $"There is no snapshot {snapshotId}; it never was or has expired. There are {_table.Snapshots.Count} "
            + "snapshots.",
            nameof(snapshotId));
        return At(snapshot);
    }

    /// <summary>The same scan at a branch or tag.</summary>
    /// <exception cref="ArgumentException">There is no such branch or tag.</exception>
    public TableScan UseRef(string name)
    {
        if (!_table.Refs.TryGetValue(name, out var reference) || _table.FindSnapshot(reference.SnapshotId) is not { } snapshot)
        {
            throw new ArgumentException(
                $"There is no branch or tag '{name}'; there are {string.Join(", ", _table.Refs.Keys)}.", nameof(name));
        }

        // A branch is read with the columns of today, a tag with those of its time.
        return reference.Kind == SnapshotRefKind.Branch
            ? new TableScan(_io, _table, snapshot, _table.Schema, _filter, _caseSensitive)
            : At(snapshot);
    }

    /// <summary>The same scan at the snapshot that was current at an instant.</summary>
    /// <exception cref="ArgumentException">No snapshot was current then, or it is no longer kept.</exception>
    public TableScan AsOf(DateTimeOffset instant) => At(_table.SnapshotAsOf(instant) ?? throw new ArgumentException(
        $"No snapshot that is still kept was current at {instant:O}.", nameof(instant)));

    /// <summary>The same scan at the snapshot that a branch had at an instant.</summary>
    /// <exception cref="ArgumentException">There is no such branch, or none of its snapshots that are kept is as old.</exception>
    public TableScan AsOf(DateTimeOffset instant, string branch) => At(
        _table.SnapshotAsOf(instant, branch) ?? throw new ArgumentException(
            $"No snapshot of '{branch}' that is still kept is as old as {instant:O}.", nameof(instant)));

    /// <summary>The same scan of rows that also match a filter.</summary>
    /// <exception cref="ArgumentException">A column is unknown, or a value cannot be compared with it.</exception>
    public TableScan Where(Expression filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        _ = Normalised.Of(filter, Schema, _caseSensitive);
        return new TableScan(_io, _table, Snapshot, Schema, Expression.And(_filter, filter), _caseSensitive);
    }

    /// <summary>
    /// The same scan with column names of the filter compared without case; say so before the filter.
    /// </summary>
    public TableScan IgnoreCase() => new(_io, _table, Snapshot, Schema, _filter, caseSensitive: false);

    /// <summary>Plans the files to read with the deletes that apply to each, in the order of the manifests.</summary>
    /// <exception cref="IcebergFormatException">A manifest or an entry of it cannot be understood.</exception>
    public async IAsyncEnumerable<FileScanTask> PlanFilesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Snapshot is null)
        {
            yield break;
        }

        var pruner = new FilePruner(_table, Schema, _filter, _caseSensitive);
        var reader = new ManifestReader(_io, _table);
        var (data, deletes) = await ManifestsAsync(pruner, cancellationToken);
        var index = data.Count == 0 ? new(_table) : await IndexAsync(deletes, pruner, reader, cancellationToken);
        foreach (var manifest in data)
        {
            await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
            {
                if (!entry.IsLive)
                {
                    continue;
                }

                if (pruner.MightMatch(entry.File))
                {
                    yield return Task(entry, index, manifest);
                }
                else
                {
                    Counters.FilesSkipped++;
                }
            }
        }
    }

    private FileScanTask Task(ManifestEntry entry, DeleteFileIndex index, ManifestFile manifest)
    {
        if (entry.File.Content != FileContent.Data)
        {
            throw new IcebergFormatException(
                $"File '{entry.File.FilePath}' of a data manifest holds {entry.File.Content}.", manifest.Path);
        }

        if (entry.File.KeyMetadata is { Length: > 0 })
        {
            throw new IcebergFormatException("The data file is encrypted; encrypted tables are not read here.", entry.File.FilePath);
        }

        var task = FileScanTask.Of(entry, _table);
        task = task with { Deletes = index.For(task.File, task.SequenceNumber) };
        Counters.FilesPlanned++;
        Counters.DeletesPlanned += task.Deletes.Count;
        return task;
    }

    private async Task<DeleteFileIndex> IndexAsync(
        List<ManifestFile> manifests, FilePruner pruner, ManifestReader reader, CancellationToken cancellationToken)
    {
        var index = new DeleteFileIndex(_table);
        foreach (var manifest in manifests)
        {
            await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
            {
                if (!entry.IsLive)
                {
                    continue;
                }

                // Bounds of delete files say nothing about the rows that the filter asks for; their partition does.
                if (pruner.MightMatchPartition(entry.File))
                {
                    index.Add(entry);
                    Counters.DeleteFilesRead++;
                }
                else
                {
                    Counters.DeleteFilesSkipped++;
                }
            }
        }

        return index;
    }

    private async Task<(List<ManifestFile> Data, List<ManifestFile> Deletes)> ManifestsAsync(
        FilePruner pruner, CancellationToken cancellationToken)
    {
        var (data, deletes) = (new List<ManifestFile>(), new List<ManifestFile>());
        foreach (var manifest in await ManifestListReader.ReadAsync(_io, _table, Snapshot!, cancellationToken))
        {
            var matters = manifest.HasLiveFiles && pruner.MightMatch(manifest);
            switch (manifest.Content, matters)
            {
                case (ManifestContent.Data, true):
                    Counters.ManifestsRead++;
                    data.Add(manifest);
                    break;
                case (ManifestContent.Data, false):
                    Counters.ManifestsSkipped++;
                    break;
                case (_, true):
                    Counters.DeleteManifestsRead++;
                    deletes.Add(manifest);
                    break;
                default:
                    Counters.DeleteManifestsSkipped++;
                    break;
            }
        }

        return (data, deletes);
    }

    private TableScan At(Snapshot snapshot)
    {
        var schema = snapshot.SchemaId is { } id ? _table.FindSchema(id) ?? _table.Schema : _table.Schema;
        return new TableScan(_io, _table, snapshot, schema, _filter, _caseSensitive);
    }
}
