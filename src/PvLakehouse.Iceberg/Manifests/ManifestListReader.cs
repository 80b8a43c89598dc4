using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Reads manifest lists of any version and writer, fields found by id.</summary>
internal static class ManifestListReader
{
    /// <summary>
    /// Reads the manifests of a snapshot, whether it has a list or, in old version 1 tables, names them itself.
    /// </summary>
    public static async Task<IReadOnlyList<ManifestFile>> ReadAsync(
        IFileIO files, TableMetadata table, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.ManifestList is { } list)
        {
            if (snapshot.KeyId is { } key)
            {
                throw new IcebergFormatException(
                    $"The manifest list is encrypted by key '{key}'; encrypted tables are not read here.", list);
            }

            return await ReadListAsync(files, list, cancellationToken);
        }

        var reader = new ManifestReader(files, table);
        var manifests = new List<ManifestFile>();
        foreach (var path in snapshot.Manifests ?? [])
        {
            manifests.Add(await reader.DescribeAsync(path, cancellationToken));
        }

        return manifests;
    }

    public static async Task<IReadOnlyList<ManifestFile>> ReadListAsync(
        IFileIO files, string location, CancellationToken cancellationToken)
    {
        Stream stream;
        try
        {
            stream = await files.OpenReadAsync(location, cancellationToken);
        }
        catch (FileNotFoundException e)
        {
            throw new IcebergFormatException("The manifest list is named by a snapshot but is not there.", location, e);
        }

        await using (stream)
        {
            var avro = await AvroFileReader.OpenAsync(stream, location, cancellationToken);
            var manifests = new List<ManifestFile>();
            try
            {
                var readers = avro.WriterSchema.Fields.Select(Field).ToArray();
                await foreach (var (records, data) in avro.ReadBlocksAsync(cancellationToken))
                {
                    Decode(readers, records, data.Span, manifests);
                }
            }
            catch (Exception e) when (e is OverflowException or IcebergFormatException { Location: null })
            {
                throw new IcebergFormatException(e.Message, location, e);
            }

            return manifests;
        }
    }

    private static void Decode(
        FieldReader<Draft>[] readers, int records, ReadOnlySpan<byte> data, List<ManifestFile> manifests)
    {
        var decoder = new AvroDecoder(data);
        for (var i = 0; i < records; i++)
        {
            var draft = new Draft();
            foreach (var read in readers)
            {
                read(ref decoder, draft);
            }

            manifests.Add(draft.ToManifest());
        }
    }

    private static FieldReader<Draft> Field(AvroField field)
    {
        var (type, name) = (field.Type, field.Name);
        return field.FieldId switch
        {
            500 => Set<Draft, string?>(ValueReaders.Text(type, name), (d, v) => d.Path = v),
            501 => Whole((d, v) => d.Length = v),
            502 => Whole((d, v) => d.SpecId = checked((int)v)),
            503 => Whole((d, v) => d.AddedSnapshotId = v),
            504 => Whole((d, v) => d.AddedFiles = checked((int)v)),
            505 => Whole((d, v) => d.ExistingFiles = checked((int)v)),
            506 => Whole((d, v) => d.DeletedFiles = checked((int)v)),
            507 => Set<Draft, List<PartitionFieldSummary>?>(ValueReaders.List(type, name, Summary), (d, v) => d.Partitions = v),
            512 => Whole((d, v) => d.AddedRows = v),
            513 => Whole((d, v) => d.ExistingRows = v),
            514 => Whole((d, v) => d.DeletedRows = v),
            515 => Whole((d, v) => d.SequenceNumber = v),
            516 => Whole((d, v) => d.MinSequenceNumber = v),
            517 => Whole((d, v) => d.Content = checked((int)v)),
            519 => Set<Draft, byte[]?>(ValueReaders.Bytes(type, name), (d, v) => d.KeyMetadata = v),
            520 => Whole((d, v) => d.FirstRowId = v),
            _ => (ref d, _) => d.Skip(type),
        };

        FieldReader<Draft> Whole(Action<Draft, long> set)
        {
            var read = ValueReaders.Whole(type, name);
            return (ref d, draft) =>
            {
                if (read(ref d) is { } value)
                {
                    set(draft, value);
                }
            };
        }
    }

    private static FieldReader<TTarget> Set<TTarget, T>(ValueReader<T> read, Action<TTarget, T?> set) =>
        (ref d, draft) => set(draft, read(ref d));

    private static ValueReader<PartitionFieldSummary> Summary(AvroSchema schema)
    {
        if (schema is not AvroRecord record)
        {
            throw ValueReaders.Unexpected("partitions", "an array of records");
        }

        var readers = record.Fields.Select(SummaryField).ToArray();
        return (ref d) =>
        {
            var draft = new SummaryDraft();
            foreach (var read in readers)
            {
                read(ref d, draft);
            }

            return new PartitionFieldSummary(draft.ContainsNull, draft.ContainsNaN, AvroValues.Memory(draft.Lower), AvroValues.Memory(draft.Upper));
        };
    }

    private static FieldReader<SummaryDraft> SummaryField(AvroField field) => field.FieldId switch
    {
        509 => Set<SummaryDraft, bool?>(ValueReaders.Boolean(field.Type, field.Name), (d, v) => d.ContainsNull = v ?? true),
        518 => Set<SummaryDraft, bool?>(ValueReaders.Boolean(field.Type, field.Name), (d, v) => d.ContainsNaN = v),
        510 => Set<SummaryDraft, byte[]?>(ValueReaders.Bytes(field.Type, field.Name), (d, v) => d.Lower = v),
        511 => Set<SummaryDraft, byte[]?>(ValueReaders.Bytes(field.Type, field.Name), (d, v) => d.Upper = v),
        _ => (ref d, _) => d.Skip(field.Type),
    };

    private sealed class SummaryDraft
    {
        public bool ContainsNull { get; set; } = true;

        public bool? ContainsNaN { get; set; }

        public byte[]? Lower { get; set; }

        public byte[]? Upper { get; set; }
    }

    private sealed class Draft
    {
        public string? Path { get; set; }

        public long? Length { get; set; }

        public int? SpecId { get; set; }

        public long? AddedSnapshotId { get; set; }

        public int? AddedFiles { get; set; }

        public int? ExistingFiles { get; set; }

        public int? DeletedFiles { get; set; }

        public long? AddedRows { get; set; }

        public long? ExistingRows { get; set; }

        public long? DeletedRows { get; set; }

        public long SequenceNumber { get; set; }

        public long MinSequenceNumber { get; set; }

        public int Content { get; set; }

        public List<PartitionFieldSummary>? Partitions { get; set; }

        public byte[]? KeyMetadata { get; set; }

        public long? FirstRowId { get; set; }

        public ManifestFile ToManifest() => new()
        {
            Path = Path ?? throw Missing(500, "manifest_path"),
            Length = Length ?? throw Missing(501, "manifest_length"),
            SpecId = SpecId ?? throw Missing(502, "partition_spec_id"),
            AddedSnapshotId = AddedSnapshotId ?? throw Missing(503, "added_snapshot_id"),
            Content = Content is 0 or 1
                ? (ManifestContent)Content
                : throw new IcebergFormatException($"Content {Content} of manifest '{Path}' is neither 0 nor 1."),
            SequenceNumber = SequenceNumber,
            MinSequenceNumber = MinSequenceNumber,
            AddedFilesCount = AddedFiles,
            ExistingFilesCount = ExistingFiles,
            DeletedFilesCount = DeletedFiles,
            AddedRowsCount = AddedRows,
            ExistingRowsCount = ExistingRows,
            DeletedRowsCount = DeletedRows,
            Partitions = Partitions,
            KeyMetadata = AvroValues.Memory(KeyMetadata),
            FirstRowId = FirstRowId,
        };

        private static IcebergFormatException Missing(int id, string name) =>
            new($"The manifest list has no '{name}' (id {id}); its fields need field ids.");
    }
}
