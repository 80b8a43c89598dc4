using PvLakehouse.Iceberg.Avro;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Reads maps with int keys, which Avro can only hold as arrays of key/value records.</summary>
internal static class FieldMapReaders
{
    public static ValueReader<FieldMap<long>?> Longs(AvroSchema schema, string field) =>
        Map(schema, field, s => ValueReaders.Whole(s, field), static value => value ?? 0);

    public static ValueReader<FieldMap<ReadOnlyMemory<byte>>?> Bytes(AvroSchema schema, string field) =>
        Map(schema, field, s => ValueReaders.Bytes(s, field), static value => (ReadOnlyMemory<byte>)(value ?? []));

    private static ValueReader<FieldMap<T>?> Map<TRaw, T>(
        AvroSchema schema, string field, Func<AvroSchema, ValueReader<TRaw>> value, Func<TRaw?, T> convert)
    {
        switch (schema)
        {
            case AvroUnion union:
                return ValueReaders.InUnion(union, branch => Map(branch, field, value, convert));
            case AvroArray { Items: AvroRecord { Fields: [{ Name: "key" }, { Name: "value" }] } entry }:
                return Read(ValueReaders.Whole(entry.Fields[0].Type, field), value(entry.Fields[1].Type), convert);
            default:
                throw ValueReaders.Unexpected(field, "an array of records (key, value)");
        }
    }

    private static ValueReader<FieldMap<T>?> Read<TRaw, T>(
        ValueReader<long?> readKey, ValueReader<TRaw> readValue, Func<TRaw?, T> convert) => (ref d) =>
    {
        int[] ids = [];
        T[] values = [];
        var filled = 0;
        for (var count = d.ReadBlockCount(); count != 0; count = d.ReadBlockCount())
        {
            Array.Resize(ref ids, filled + count);
            Array.Resize(ref values, filled + count);
            for (var end = filled + count; filled < end; filled++)
            {
                ids[filled] = checked((int)(readKey(ref d) ?? 0));
                values[filled] = convert(readValue(ref d));
            }
        }

        return filled == 0 ? FieldMap<T>.Empty : new FieldMap<T>(ids, values);
    };
}
