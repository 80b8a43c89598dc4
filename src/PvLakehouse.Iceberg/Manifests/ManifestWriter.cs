using System.Globalization;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Json;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Writes one manifest of format version 2 and sums up what went into it.</summary>
internal sealed class ManifestWriter : IAsyncDisposable
{
    /// <summary>
    /// Stands for the sequence number of the commit, which is not known before the manifest list is written.
    /// </summary>
    public const long Unassigned = -1;

    private readonly string _location;
    private readonly PartitionSpec _spec;
    private readonly long _snapshotId;
    private readonly NewFile _file;
    private readonly AvroFileWriter _avro;
    private readonly ManifestEntryEncoder _encoder;
    private readonly PartitionSummary[] _summaries;
    private readonly int[] _files = new int[3];
    private readonly long[] _rows = new long[3];
    private readonly ManifestContent _content;
    private long? _minSequenceNumber;

    private ManifestWriter(
        string location, PartitionSpec spec, ManifestContent content, long snapshotId, NewFile file, AvroFileWriter avro, StructType type)
    {
        _location = location;
        _spec = spec;
        _content = content;
        _snapshotId = snapshotId;
        _file = file;
        _avro = avro;
        _encoder = new ManifestEntryEncoder(type);
        _summaries = [.. spec.Fields.Select(_ => new PartitionSummary())];
    }

    /// <summary>Bytes written so far, without the block that is still open.</summary>
    public long Length => _avro.Length;

    public static async Task<ManifestWriter> CreateAsync(
        IFileIO io,
        string location,
        Schema schema,
        PartitionSpec spec,
        ManifestContent content,
        long snapshotId,
        Guid sync,
        CancellationToken cancellationToken)
    {
        var partitionType = spec.PartitionType(schema);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["schema"] = schema.ToJson(),
            ["schema-id"] = schema.SchemaId.ToString(CultureInfo.InvariantCulture),
            ["partition-spec"] = JsonText.Write(w => PartitionSpecJson.WriteFields(w, spec)),
            ["partition-spec-id"] = spec.SpecId.ToString(CultureInfo.InvariantCulture),
            ["format-version"] = "2",
            ["content"] = content == ManifestContent.Data ? "data" : "deletes",
        };
        var file = await io.CreateAsync(location, cancellationToken);
        try
        {
            var avro = await AvroFileWriter.CreateAsync(
                file.Content, ManifestSchemas.Manifest(partitionType), metadata, sync, cancellationToken);
            return new ManifestWriter(location, spec, content, snapshotId, file, avro, partitionType);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a new file; its sequence numbers come from the commit.</summary>
    public Task AddAsync(DataFile file, CancellationToken cancellationToken) => AddAsync(file, null, cancellationToken);

    /// <summary>Adds a new file whose rows may keep an older age.</summary>
    /// <param name="file">The file.</param>
    /// <param name="sequenceNumber">Age of its rows; null means that of the commit.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public Task AddAsync(DataFile file, long? sequenceNumber, CancellationToken cancellationToken) =>
        WriteAsync(new ManifestEntry(EntryStatus.Added, _snapshotId, sequenceNumber, null, file), cancellationToken);

    /// <summary>Takes over a live file of another manifest.</summary>
    public Task KeepAsync(ManifestEntry entry, CancellationToken cancellationToken) =>
        WriteAsync(entry with { Status = EntryStatus.Existing }, cancellationToken);

    /// <summary>Marks a file of another manifest as removed by this snapshot.</summary>
    public Task DeleteAsync(ManifestEntry entry, CancellationToken cancellationToken) =>
        WriteAsync(entry with { Status = EntryStatus.Deleted, SnapshotId = _snapshotId }, cancellationToken);

    /// <summary>Writes an entry as it is; for manifests that are merged within one commit.</summary>
    public async Task WriteAsync(ManifestEntry entry, CancellationToken cancellationToken)
    {
        await _avro.AppendAsync(entry, _encoder.Encode, cancellationToken);
        _files[(int)entry.Status]++;
        _rows[(int)entry.Status] += entry.File.RecordCount;
        for (var i = 0; i < _summaries.Length; i++)
        {
            _summaries[i].Add(entry.File.Partition[i]);
        }

        if (entry is { IsLive: true, SequenceNumber: { } number })
        {
            _minSequenceNumber = Math.Min(_minSequenceNumber ?? number, number);
        }
    }

    /// <summary>Makes the file durable and describes it for the manifest list.</summary>
    public async Task<ManifestFile> CompleteAsync(CancellationToken cancellationToken)
    {
        await _avro.FlushAsync(cancellationToken);
        await _file.CompleteAsync(cancellationToken);
        return new ManifestFile
        {
            Path = _location,
            Length = _avro.Length,
            SpecId = _spec.SpecId,
            Content = _content,
            SequenceNumber = Unassigned,

            // The commit's own number is above all others, so it is the lowest only when nothing else is there.
            MinSequenceNumber = _minSequenceNumber ?? Unassigned,
            AddedSnapshotId = _snapshotId,
            AddedFilesCount = _files[(int)EntryStatus.Added],
            ExistingFilesCount = _files[(int)EntryStatus.Existing],
            DeletedFilesCount = _files[(int)EntryStatus.Deleted],
            AddedRowsCount = _rows[(int)EntryStatus.Added],
            ExistingRowsCount = _rows[(int)EntryStatus.Existing],
            DeletedRowsCount = _rows[(int)EntryStatus.Deleted],
            Partitions = [.. _summaries.Select(s => s.ToSummary())],
        };
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
