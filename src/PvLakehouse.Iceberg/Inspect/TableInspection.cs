using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>
/// What a table knows of itself, as streams of rows. Keeps the metadata that the table had at the start.
/// </summary>
/// <remarks>
/// Methods that take a snapshot show the table at it, or at the current one when it is null; those named <c>All...</c>
/// go
/// through every snapshot that is kept and show each file of a manifest once for each manifest that holds it.
/// </remarks>
public sealed class TableInspection
{
    private readonly IFileIO _io;
    private readonly TableMetadata _table;
    private readonly string _metadataLocation;
    private readonly UnifiedPartition _partition;

    internal TableInspection(Table table)
    {
        _io = table.Io;
        _table = table.Metadata;
        _metadataLocation = table.MetadataLocation;
        _partition = new UnifiedPartition(_table);
    }

    /// <summary>The type of partition tuples here: all fields of all specs, by ascending field id.</summary>
    public StructType PartitionType => _partition.Type;

    internal TableMetadata Metadata => _table;

    /// <summary>The snapshots, the oldest first.</summary>
    public async IAsyncEnumerable<SnapshotRow> SnapshotsAsync()
    {
        await Task.CompletedTask;
        foreach (var s in _table.Snapshots)
        {
            yield return new SnapshotRow(
                s.Timestamp, s.SnapshotId, s.ParentSnapshotId, s.Operation, s.ManifestList, s.Summary);
        }
    }

    /// <summary>Which snapshot was current from when on, the oldest first.</summary>
    public async IAsyncEnumerable<HistoryRow> HistoryAsync()
    {
        await Task.CompletedTask;
        var ancestors = _table.CurrentSnapshotId is { } current
            ? _table.Ancestors(current).Select(s => s.SnapshotId).ToHashSet()
            : [];
        foreach (var entry in _table.SnapshotLog)
        {
            yield return new HistoryRow(
                DateTimeOffset.FromUnixTimeMilliseconds(entry.TimestampMs),
                entry.SnapshotId,
                _table.FindSnapshot(entry.SnapshotId)?.ParentSnapshotId,
                ancestors.Contains(entry.SnapshotId));
        }
    }

    /// <summary>The branches and tags, by name.</summary>
    public async IAsyncEnumerable<RefRow> RefsAsync()
    {
        await Task.CompletedTask;
        foreach (var (name, reference) in _table.Refs.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            yield return new RefRow(name, reference);
        }
    }

    /// <summary>The metadata files that the table remembers, the current one last.</summary>
    public async IAsyncEnumerable<MetadataLogRow> MetadataLogEntriesAsync()
    {
        await Task.CompletedTask;
        foreach (var entry in _table.MetadataLog.Append(new MetadataLogEntry(_table.LastUpdatedMs, _metadataLocation)))
        {
            // The snapshot may have expired; that it was current then is still known.
            var logged = _table.SnapshotLog.LastOrDefault(s => s.TimestampMs <= entry.TimestampMs);
            var snapshot = logged == default ? null : _table.FindSnapshot(logged.SnapshotId);
            yield return new MetadataLogRow(
                DateTimeOffset.FromUnixTimeMilliseconds(entry.TimestampMs),
                entry.MetadataFile,
                logged == default ? null : logged.SnapshotId,
                snapshot?.SchemaId,
                snapshot?.SequenceNumber);
        }
    }

    /// <summary>The manifests of a snapshot.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot, or no longer.</exception>
    public async IAsyncEnumerable<ManifestRow> ManifestsAsync(
        long? snapshotId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (SnapshotOf(snapshotId) is { } snapshot)
        {
            var reader = new ManifestReader(_io, _table);
            foreach (var manifest in await ManifestListReader.ReadAsync(_io, _table, snapshot, cancellationToken))
            {
                var spec = SpecOf(manifest);
                yield return new ManifestRow(manifest, spec, reader.PartitionType(spec), snapshot.SnapshotId);
            }
        }
    }

    /// <summary>The manifests of all snapshots; one that several snapshots share comes once for each.</summary>
    public async IAsyncEnumerable<ManifestRow> AllManifestsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var snapshot in _table.Snapshots)
        {
            await foreach (var row in ManifestsAsync(snapshot.SnapshotId, cancellationToken))
            {
                yield return row;
            }
        }
    }

    /// <summary>The entries of the manifests of a snapshot, removed files included.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot, or no longer.</exception>
    public IAsyncEnumerable<EntryRow> EntriesAsync(
        long? snapshotId = null, CancellationToken cancellationToken = default) =>
        EntriesAsync(ManifestsAsync(snapshotId, cancellationToken), cancellationToken);

    /// <summary>The entries of the manifests of all snapshots; each manifest once.</summary>
    public IAsyncEnumerable<EntryRow> AllEntriesAsync(CancellationToken cancellationToken = default) =>
        EntriesAsync(DistinctManifestsAsync(cancellationToken), cancellationToken);

    /// <summary>The files of a snapshot: data files and delete files.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot, or no longer.</exception>
    public IAsyncEnumerable<FileRow> FilesAsync(
        long? snapshotId = null, CancellationToken cancellationToken = default) =>
        LiveAsync(EntriesAsync(snapshotId, cancellationToken));

    /// <summary>The data files of a snapshot.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot, or no longer.</exception>
    public IAsyncEnumerable<FileRow> DataFilesAsync(
        long? snapshotId = null, CancellationToken cancellationToken = default) =>
        LiveAsync(EntriesAsync(
            Of(ManifestContent.Data, ManifestsAsync(snapshotId, cancellationToken)), cancellationToken));

    /// <summary>The delete files of a snapshot.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot, or no longer.</exception>
    public IAsyncEnumerable<FileRow> DeleteFilesAsync(
        long? snapshotId = null, CancellationToken cancellationToken = default) =>
        LiveAsync(EntriesAsync(
            Of(ManifestContent.Deletes, ManifestsAsync(snapshotId, cancellationToken)), cancellationToken));

    /// <summary>The files of all snapshots; one may come several times.</summary>
    public IAsyncEnumerable<FileRow> AllFilesAsync(CancellationToken cancellationToken = default) =>
        LiveAsync(AllEntriesAsync(cancellationToken));

    /// <summary>The data files of all snapshots; one may come several times.</summary>
    public IAsyncEnumerable<FileRow> AllDataFilesAsync(CancellationToken cancellationToken = default) =>
        LiveAsync(EntriesAsync(Of(ManifestContent.Data, DistinctManifestsAsync(cancellationToken)), cancellationToken));

    /// <summary>The delete files of all snapshots; one may come several times.</summary>
    public IAsyncEnumerable<FileRow> AllDeleteFilesAsync(CancellationToken cancellationToken = default) =>
        LiveAsync(EntriesAsync(
            Of(ManifestContent.Deletes, DistinctManifestsAsync(cancellationToken)), cancellationToken));

    /// <summary>
    /// The partitions of a snapshot with sums over their files; memory grows with the number of partitions.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such snapshot, or no longer.</exception>
    public async IAsyncEnumerable<PartitionRow> PartitionsAsync(
        long? snapshotId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var partitions = new Dictionary<PartitionValues, PartitionRow>();
        await foreach (var row in EntriesAsync(snapshotId, cancellationToken))
        {
            if (!row.Entry.IsLive)
            {
                continue;
            }

            if (!partitions.TryGetValue(row.Partition, out var partition))
            {
                partition = new PartitionRow(row.Partition);
                partitions.Add(row.Partition, partition);
            }

            partition.Count(row.Entry.File, row.Entry.SnapshotId is { } id ? _table.FindSnapshot(id) : null);
        }

        foreach (var partition in partitions.Values)
        {
            yield return partition;
        }
    }

    private static async IAsyncEnumerable<ManifestRow> Of(
        ManifestContent content, IAsyncEnumerable<ManifestRow> manifests)
    {
        await foreach (var row in manifests)
        {
            if (row.Manifest.Content == content)
            {
                yield return row;
            }
        }
    }

    private static async IAsyncEnumerable<FileRow> LiveAsync(IAsyncEnumerable<EntryRow> entries)
    {
        await foreach (var row in entries)
        {
            if (row.Entry.IsLive)
            {
                yield return new FileRow(row.Entry.File, row.Partition);
            }
        }
    }

    private async IAsyncEnumerable<EntryRow> EntriesAsync(
        IAsyncEnumerable<ManifestRow> manifests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(_io, _table);
        await foreach (var row in manifests.WithCancellation(cancellationToken))
        {
            await foreach (var entry in reader.ReadAsync(row.Manifest, cancellationToken))
            {
                yield return new EntryRow(entry, _partition.Of(entry.File.SpecId, entry.File.Partition));
            }
        }
    }

    private async IAsyncEnumerable<ManifestRow> DistinctManifestsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in AllManifestsAsync(cancellationToken))
        {
            if (seen.Add(row.Manifest.Path))
            {
                yield return row;
            }
        }
    }

    private Snapshot? SnapshotOf(long? snapshotId) => snapshotId is not { } id
        ? _table.CurrentSnapshot
        : _table.FindSnapshot(id) ?? throw new ArgumentException(
            $"There is no snapshot {id}; it never was or has expired. There are {_table.Snapshots.Count} snapshots.",
            nameof(snapshotId));

    private PartitionSpec SpecOf(ManifestFile manifest) =>
        _table.FindSpec(manifest.SpecId) ?? throw new IcebergFormatException(
        $"The manifest is of partition spec {manifest.SpecId}, which the table does not have.", manifest.Path);
}
