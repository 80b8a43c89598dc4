using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Reporting;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>Which data files hold the rows of a table at one snapshot that may match a filter. Immutable.</summary>
public sealed class TableScan
{
    private readonly WritableTable _source;
    private readonly TableMetadata _table;
    private readonly Expression _filter;
    private readonly bool _caseSensitive;

    internal TableScan(WritableTable table)
        : this(table, table.Metadata, table.Metadata.CurrentSnapshot, table.Metadata.Schema, Expression.True, caseSensitive: true)
    {
    }

    private TableScan(
        WritableTable source, TableMetadata table, Snapshot? snapshot, Schema schema, Expression filter, bool caseSensitive)
    {
        _source = source;
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

    /// <summary>What planning has looked at: the sums over all plans of this object that have ended.</summary>
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
            ? new TableScan(_source, _table, snapshot, _table.Schema, _filter, _caseSensitive)
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
        return new TableScan(_source, _table, Snapshot, Schema, Expression.And(_filter, filter), _caseSensitive);
    }

    /// <summary>
    /// The same scan with column names of the filter compared without case; say so before the filter.
    /// </summary>
    public TableScan IgnoreCase() => new(_source, _table, Snapshot, Schema, _filter, caseSensitive: false);

    /// <summary>Plans the files to read with the deletes that apply to each, in the order of the manifests.</summary>
    /// <exception cref="IcebergFormatException">A manifest or an entry of it cannot be understood.</exception>
    public async IAsyncEnumerable<FileScanTask> PlanFilesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var counters = new ScanCounters();
        var time = _source.Context.Time;
        var (duration, complete) = (TimeSpan.Zero, false);
        long? since = time.GetTimestamp();
        try
        {
            await foreach (var task in PlanAsync(counters, cancellationToken))
            {
                // What the caller does with a file is no planning.
                duration += time.GetElapsedTime(since.Value);
                since = null;
                yield return task;
                since = time.GetTimestamp();
            }

            complete = true;
        }
        finally
        {
            duration += since is { } last ? time.GetElapsedTime(last) : TimeSpan.Zero;
            Counters.Add(counters);
            Report(counters, duration, complete);
        }
    }

    private async IAsyncEnumerable<FileScanTask> PlanAsync(
        ScanCounters counters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Snapshot is null)
        {
            yield break;
        }

        var pruner = new FilePruner(_table, Schema, _filter, _caseSensitive);
        var reader = new ManifestReader(_source.Io, _table);
        var (data, deletes) = await ManifestsAsync(pruner, counters, cancellationToken);
        var index = data.Count == 0 ? new(_table) : await IndexAsync(deletes, pruner, reader, counters, cancellationToken);
        var sieve = new ManifestSieve(_source.Io, reader, pruner.MightMatch);
        await foreach (var block in sieve.ReadAsync(data, cancellationToken))
        {
            counters.FilesSkipped += block.Skipped;
            foreach (var entry in block.Entries)
            {
                var task = Task(entry, index, block.Manifest);
                counters.FilesPlanned++;
                counters.PlannedFilesSizeInBytes += task.File.FileSizeInBytes;
                counters.DeletesPlanned += task.Deletes.Count;
                yield return task;
            }
        }
    }

    private void Report(ScanCounters counters, TimeSpan duration, bool complete) => _source.Context.Reporter.TryReport(
        new ScanReport
        {
            CatalogName = _source.Catalog.Name,
            Table = _source.Identifier,
            Duration = duration,
            SnapshotId = Snapshot?.SnapshotId,
            SchemaId = Schema.SchemaId,
            Filter = _filter,
            IsComplete = complete,
            Counters = counters,
        });

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
        return task with { Deletes = index.For(task.File, task.SequenceNumber) };
    }

    private async Task<DeleteFileIndex> IndexAsync(
        List<ManifestFile> manifests,
        FilePruner pruner,
        ManifestReader reader,
        ScanCounters counters,
        CancellationToken cancellationToken)
    {
        var index = new DeleteFileIndex(_table);

        // Bounds of delete files say nothing about the rows that the filter asks for; their partition does.
        var sieve = new ManifestSieve(_source.Io, reader, pruner.MightMatchPartition);
        await foreach (var block in sieve.ReadAsync(manifests, cancellationToken))
        {
            block.Entries.ForEach(index.Add);
            counters.DeleteFilesRead += block.Entries.Count;
            counters.DeleteFilesSkipped += block.Skipped;
        }

        return index;
    }

    private async Task<(List<ManifestFile> Data, List<ManifestFile> Deletes)> ManifestsAsync(
        FilePruner pruner, ScanCounters counters, CancellationToken cancellationToken)
    {
        var (data, deletes) = (new List<ManifestFile>(), new List<ManifestFile>());
        foreach (var manifest in await ManifestListReader.ReadAsync(_source.Io, _table, Snapshot!, cancellationToken))
        {
            var matters = manifest.HasLiveFiles && pruner.MightMatch(manifest);
            switch (manifest.Content, matters)
            {
                case (ManifestContent.Data, true):
                    counters.ManifestsRead++;
                    data.Add(manifest);
                    break;
                case (ManifestContent.Data, false):
                    counters.ManifestsSkipped++;
                    break;
                case (_, true):
                    counters.DeleteManifestsRead++;
                    deletes.Add(manifest);
                    break;
                default:
                    counters.DeleteManifestsSkipped++;
                    break;
            }
        }

        return (data, deletes);
    }

    private TableScan At(Snapshot snapshot)
    {
        var schema = snapshot.SchemaId is { } id ? _table.FindSchema(id) ?? _table.Schema : _table.Schema;
        return new TableScan(_source, _table, snapshot, schema, _filter, _caseSensitive);
    }
}
