using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>
/// Goes over the entries of a manifest's blocks and decodes of each only what is asked for: a scan rules nearly all out by
/// their partition or by two bounds. For one thread at a time.
/// </summary>
internal sealed class EntryCursor
{
    private readonly ManifestEntryDecoder _decoder;
    private readonly (Skipper Skip, int Slot)[] _fields;
    private readonly ValueReader<long?> _status = static (ref _) => null;
    private readonly ValueReader<long?> _recordCount = static (ref _) => null;
    private readonly ValueReader<long?>? _firstRowId;
    private readonly ValueReader<PartitionValues> _partition = static (ref _) => null;
    private readonly FieldFinder<long?>? _valueCounts;
    private readonly FieldFinder<long?>? _nullCounts;
    private readonly FieldFinder<long?>? _nanCounts;
    private readonly FieldFinder<(int Start, int Length)>? _lower;
    private readonly FieldFinder<(int Start, int Length)>? _upper;
    private ReadOnlyMemory<byte> _block;
    private int[] _places = [];
    private int _entry;
    private bool _isIndexed;
    private int _end;
    private PartitionValues? _decodedPartition;

    /// <exception cref="IcebergFormatException">The schema is not that of a manifest.</exception>
    public EntryCursor(AvroRecord schema, int specId, StructType partitionType)
    {
        _decoder = ManifestEntryDecoder.For(schema, specId, partitionType);
        var fields = new List<(Skipper, int)>();
        foreach (var field in Flatten(schema))
        {
            var slot = Slot.Start;
            var (type, name) = (field.Type, field.Name);
            switch (field.FieldId)
            {
                case EntryFields.Status:
                    (slot, _status) = (Slot.Status, ValueReaders.Whole(type, name));
                    break;
                case EntryFields.RecordCount:
                    (slot, _recordCount) = (Slot.RecordCount, ValueReaders.Whole(type, name));
                    break;
                case EntryFields.FirstRowId:
                    (slot, _firstRowId) = (Slot.FirstRowId, ValueReaders.Whole(type, name));
                    break;
                case EntryFields.Partition:
                    (slot, _partition) = (Slot.Partition, PartitionReader.For(type, partitionType));
                    break;
                case EntryFields.ValueCounts:
                    (slot, _valueCounts) = (Slot.ValueCounts, FieldMapFinder.Longs(type, name));
                    break;
                case EntryFields.NullValueCounts:
                    (slot, _nullCounts) = (Slot.NullCounts, FieldMapFinder.Longs(type, name));
                    break;
                case EntryFields.NanValueCounts:
                    (slot, _nanCounts) = (Slot.NanCounts, FieldMapFinder.Longs(type, name));
                    break;
                case EntryFields.LowerBounds:
                    (slot, _lower) = (Slot.Lower, FieldMapFinder.Bytes(type, name));
                    break;
                case EntryFields.UpperBounds:
                    (slot, _upper) = (Slot.Upper, FieldMapFinder.Bytes(type, name));
                    break;
            }

            fields.Add((Skippers.For(type), slot));
        }

        _fields = [.. fields];
    }

    /// <summary>Memory that the places of an entry take [bytes].</summary>
    public const int PlacesSize = Slot.Count * sizeof(int);

    /// <summary>Whether the file belongs to the snapshot.</summary>
    public bool IsLive => Read(Slot.Status, _status) != (int)EntryStatus.Deleted;

    /// <summary>Number of rows.</summary>
    public long RecordCount => Read(Slot.RecordCount, _recordCount) ?? 0;

    /// <summary>First row id as the writer left it.</summary>
    public long? FirstRowId => _firstRowId is { } read ? Read(Slot.FirstRowId, read) : null;

    /// <summary>Partition tuple.</summary>
    public PartitionValues Partition => _decodedPartition ??= Read(Slot.Partition, _partition) ?? PartitionValues.None;

    /// <summary>Goes to the beginning of a block.</summary>
    /// <param name="block">The bytes of all its entries.</param>
    /// <param name="records">Number of its entries.</param>
    /// <param name="places">What an earlier walk over the same block has left; null on the first.</param>
    /// <returns>The places where fields begin, complete once the walk has come to the last entry.</returns>
    /// <exception cref="IcebergFormatException">So many entries cannot be in the block.</exception>
    public int[] Enter(ReadOnlyMemory<byte> block, int records, int[]? places = null)
    {
        if (records > block.Length)
        {
            throw new IcebergFormatException($"A block of {block.Length} bytes promises {records} entries.");
        }

        (_block, _entry, _end, _isIndexed) = (block, -Slot.Count, 0, places is not null);
        return _places = places ?? new int[records * Slot.Count];
    }

    /// <summary>Goes to the next entry.</summary>
    /// <exception cref="IcebergFormatException">The block ends too early.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MoveNext()
    {
        _entry += Slot.Count;
        _decodedPartition = null;
        if (_isIndexed)
        {
            return;
        }

        var decoder = new AvroDecoder(_block.Span, _end);
        _places[_entry + Slot.Start] = _end;
        foreach (var (skip, slot) in _fields)
        {
            if (slot != Slot.Start)
            {
                _places[_entry + slot] = decoder.Position;
            }

            skip(ref decoder);
        }

        _end = decoder.Position;
    }

    /// <summary>Decodes the whole entry.</summary>
    public ManifestEntry Decode()
    {
        var decoder = DecoderAt(Slot.Start);
        return _decoder.Decode(ref decoder);
    }

    /// <summary>What the metrics tell of a column.</summary>
    public ColumnRange Range(SchemaField field) => ColumnRange.Of(
        field,
        Count(Slot.ValueCounts, _valueCounts, field.Id),
        Count(Slot.NullCounts, _nullCounts, field.Id),
        Count(Slot.NanCounts, _nanCounts, field.Id),
        Bound(Slot.Lower, _lower, field.Id),
        Bound(Slot.Upper, _upper, field.Id));

    /// <summary>The fields of the entry in the order of the data, with those of its file in the file's place.</summary>
    private static IEnumerable<AvroField> Flatten(AvroRecord schema) => schema.Fields.SelectMany(field =>
        field is { FieldId: EntryFields.DataFile, Type: AvroRecord file } ? file.Fields : [field]);

    private AvroDecoder DecoderAt(int slot) => new(_block.Span, _places[_entry + slot]);

    private T? Read<T>(int slot, ValueReader<T> read)
    {
        var decoder = DecoderAt(slot);
        return read(ref decoder);
    }

    private long? Count(int slot, FieldFinder<long?>? find, int fieldId)
    {
        if (find is null)
        {
            return null;
        }

        var decoder = DecoderAt(slot);
        return find(ref decoder, fieldId, out var count) ? count : null;
    }

    private ReadOnlyMemory<byte>? Bound(int slot, FieldFinder<(int Start, int Length)>? find, int fieldId)
    {
        if (find is null)
        {
            return null;
        }

        var decoder = DecoderAt(slot);
        return find(ref decoder, fieldId, out var place) ? _block.Slice(place.Start, place.Length) : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>Where the beginnings of fields are kept.</summary>
    private static class Slot
    {
        /// <summary>The entry itself; also of fields that nobody asks for.</summary>
        public const int Start = 0;
        public const int Status = 1;
        public const int RecordCount = 2;
        public const int FirstRowId = 3;
        public const int Partition = 4;
        public const int ValueCounts = 5;
        public const int NullCounts = 6;
        public const int NanCounts = 7;
        public const int Lower = 8;
        public const int Upper = 9;
        public const int Count = 10;
    }
}
