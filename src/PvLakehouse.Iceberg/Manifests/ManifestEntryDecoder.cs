using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Decodes manifest entries of any writer: made once for the writer's schema, fields found by id.</summary>
internal sealed class ManifestEntryDecoder
{
    private readonly FieldReader<Draft>[] _readers;
    private readonly int _specId;
    private readonly bool _hasSequenceNumbers;

    private ManifestEntryDecoder(AvroRecord schema, int specId, StructType partitionType)
    {
        _specId = specId;
        var seen = new HashSet<int>();
        _readers = [.. Fields(schema, seen, partitionType)];
        _hasSequenceNumbers = seen.Contains(EntryFields.SequenceNumber);
        foreach (var (id, name) in EntryFields.Required)
        {
            if (!seen.Contains(id))
            {
                throw new IcebergFormatException(
                    $"The manifest has no field '{name}' (id {id}); its fields need field ids.");
            }
        }
    }

    public static ManifestEntryDecoder For(AvroRecord schema, int specId, StructType partitionType) =>
        new(schema, specId, partitionType);

    public ManifestEntry Decode(ref AvroDecoder decoder)
    {
        var draft = new Draft();
        foreach (var read in _readers)
        {
            read(ref decoder, draft);
        }

        // A version 1 manifest has no sequence numbers; everything in it is as old as can be.
        return new ManifestEntry(
            draft.Status is >= 0 and <= 2
                ? (EntryStatus)draft.Status
                : throw new IcebergFormatException($"Manifest entry status {draft.Status} is none of 0, 1, 2."),
            draft.SnapshotId,
            _hasSequenceNumbers ? draft.SequenceNumber : 0,
            _hasSequenceNumbers ? draft.FileSequenceNumber : 0,
            draft.ToFile(_specId));
    }

    private static IEnumerable<FieldReader<Draft>> Fields(AvroRecord schema, HashSet<int> seen, StructType partitionType)
    {
        foreach (var field in schema.Fields)
        {
            if (field.FieldId is { } id)
            {
                seen.Add(id);
            }

            if (field is { FieldId: EntryFields.DataFile, Type: AvroRecord file })
            {
                foreach (var nested in Fields(file, seen, partitionType))
                {
                    yield return nested;
                }
            }
            else
            {
                yield return Field(field, partitionType);
            }
        }
    }

    private static FieldReader<Draft> Field(AvroField field, StructType partitionType)
    {
        var (type, name) = (field.Type, field.Name);
        return field.FieldId switch
        {
            EntryFields.Status => Whole((d, v) => d.Status = checked((int)v)),
            EntryFields.SnapshotId => Whole((d, v) => d.SnapshotId = v),
            EntryFields.SequenceNumber => Whole((d, v) => d.SequenceNumber = v),
            EntryFields.FileSequenceNumber => Whole((d, v) => d.FileSequenceNumber = v),
            EntryFields.Content => Whole((d, v) => d.Content = checked((int)v)),
            EntryFields.FilePath => Set(ValueReaders.Text(type, name), (d, v) => d.FilePath = v),
            EntryFields.FileFormat => Set(ValueReaders.Text(type, name), (d, v) => d.Format = v),
            EntryFields.Partition => Set(PartitionReader.For(type, partitionType), (d, v) => d.Partition = v!),
            EntryFields.RecordCount => Whole((d, v) => d.RecordCount = v),
            EntryFields.FileSize => Whole((d, v) => d.FileSize = v),
            EntryFields.ColumnSizes => Set(FieldMapReaders.Longs(type, name), (d, v) => d.ColumnSizes = v),
            EntryFields.ValueCounts => Set(FieldMapReaders.Longs(type, name), (d, v) => d.ValueCounts = v),
            EntryFields.NullValueCounts => Set(FieldMapReaders.Longs(type, name), (d, v) => d.NullValueCounts = v),
            EntryFields.NanValueCounts => Set(FieldMapReaders.Longs(type, name), (d, v) => d.NanValueCounts = v),
            EntryFields.LowerBounds => Set(FieldMapReaders.Bytes(type, name), (d, v) => d.LowerBounds = v),
            EntryFields.UpperBounds => Set(FieldMapReaders.Bytes(type, name), (d, v) => d.UpperBounds = v),
            EntryFields.KeyMetadata => Set(ValueReaders.Bytes(type, name), (d, v) => d.KeyMetadata = v),
            EntryFields.SplitOffsets => Set(Wholes(), (d, v) => d.SplitOffsets = v),
            EntryFields.EqualityIds => Set(Wholes(), (d, v) => d.EqualityIds = v),
            EntryFields.SortOrderId => Whole((d, v) => d.SortOrderId = checked((int)v)),
            EntryFields.FirstRowId => Whole((d, v) => d.FirstRowId = v),
            EntryFields.ReferencedDataFile => Set(ValueReaders.Text(type, name), (d, v) => d.ReferencedDataFile = v),
            EntryFields.ContentOffset => Whole((d, v) => d.ContentOffset = v),
            EntryFields.ContentSize => Whole((d, v) => d.ContentSize = v),
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

        ValueReader<List<long>?> Wholes() =>
            ValueReaders.List<long>(type, name, items => AsLong(ValueReaders.Whole(items, name)));
    }

    private static ValueReader<long> AsLong(ValueReader<long?> read) => (ref d) => read(ref d) ?? 0;

    private static FieldReader<Draft> Set<T>(ValueReader<T> read, Action<Draft, T?> set) =>
        (ref d, draft) => set(draft, read(ref d));

    /// <summary>An entry in the making.</summary>
    private sealed class Draft
    {
        public int Status { get; set; } = -1;

        public long? SnapshotId { get; set; }

        public long? SequenceNumber { get; set; }

        public long? FileSequenceNumber { get; set; }

        public int Content { get; set; }

        public string? FilePath { get; set; }

        public string? Format { get; set; }

        public PartitionValues Partition { get; set; } = PartitionValues.None;

        public long RecordCount { get; set; }

        public long FileSize { get; set; }

        public FieldMap<long>? ColumnSizes { get; set; }

        public FieldMap<long>? ValueCounts { get; set; }

        public FieldMap<long>? NullValueCounts { get; set; }

        public FieldMap<long>? NanValueCounts { get; set; }

        public FieldMap<ReadOnlyMemory<byte>>? LowerBounds { get; set; }

        public FieldMap<ReadOnlyMemory<byte>>? UpperBounds { get; set; }

        public byte[]? KeyMetadata { get; set; }

        public List<long>? SplitOffsets { get; set; }

        public List<long>? EqualityIds { get; set; }

        public int? SortOrderId { get; set; }

        public long? FirstRowId { get; set; }

        public string? ReferencedDataFile { get; set; }

        public long? ContentOffset { get; set; }

        public long? ContentSize { get; set; }

        public DataFile ToFile(int specId)
        {
            var path = FilePath ?? throw new IcebergFormatException("A manifest entry has no file path.");
            return new DataFile
            {
                Content = Content is >= 0 and <= 2
                    ? (FileContent)Content
                    : throw new IcebergFormatException($"Content {Content} of file '{path}' is none of 0, 1, 2."),
                FilePath = path,
                Format = FileFormats.Parse(Format ?? "", path),
                SpecId = specId,
                Partition = Partition,
                RecordCount = RecordCount,
                FileSizeInBytes = FileSize,
                Metrics = ToMetrics(),
                KeyMetadata = AvroValues.Memory(KeyMetadata),
                SplitOffsets = SplitOffsets,
                EqualityIds = EqualityIds is null ? null : [.. EqualityIds.Select(id => checked((int)id))],
                SortOrderId = SortOrderId,
                FirstRowId = FirstRowId,
                ReferencedDataFile = ReferencedDataFile,
                ContentOffset = ContentOffset,
                ContentSizeInBytes = ContentSize,
            };
        }

        private ColumnMetrics ToMetrics() => new()
        {
            ColumnSizes = ColumnSizes ?? FieldMap<long>.Empty,
            ValueCounts = ValueCounts ?? FieldMap<long>.Empty,
            NullValueCounts = NullValueCounts ?? FieldMap<long>.Empty,
            NanValueCounts = NanValueCounts ?? FieldMap<long>.Empty,
            LowerBounds = LowerBounds ?? FieldMap<ReadOnlyMemory<byte>>.Empty,
            UpperBounds = UpperBounds ?? FieldMap<ReadOnlyMemory<byte>>.Empty,
        };
    }
}
