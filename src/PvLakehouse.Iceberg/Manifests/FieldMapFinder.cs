using PvLakehouse.Iceberg.Avro;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Finds the value of one field in a map of metrics, without making the map.</summary>
internal delegate bool FieldFinder<T>(ref AvroDecoder decoder, int fieldId, out T? value);

/// <summary>Makes finders for the writer's schema of a map.</summary>
internal static class FieldMapFinder
{
    /// <summary>Finds counts.</summary>
    public static FieldFinder<long?> Longs(AvroSchema schema, string field) =>
        For<long?>(schema, field, item => (ValueReaders.Whole(item, field), Skippers.For(item)));

    /// <summary>Finds where the bytes of a bound lie.</summary>
    public static FieldFinder<(int Start, int Length)> Bytes(AvroSchema schema, string field) =>
        For<(int Start, int Length)>(schema, field, item => item is AvroPrimitive { Kind: AvroPrimitiveKind.Bytes }
            ? (Place, Skippers.For(item))
            : throw ValueReaders.Unexpected(field, "bytes"));

    private static (int Start, int Length) Place(ref AvroDecoder decoder)
    {
        var length = decoder.ReadBytes().Length;
        return (decoder.Position - length, length);
    }

    private static FieldFinder<T> For<T>(AvroSchema schema, string field, Func<AvroSchema, (ValueReader<T> Read, Skipper Skip)> value)
    {
        switch (schema)
        {
            case AvroUnion union:
                return InUnion([.. union.Branches.Select(branch =>
                    branch is AvroPrimitive { Kind: AvroPrimitiveKind.Null } ? null : For(branch, field, value))]);
            case AvroArray { Items: AvroRecord { Fields: [{ Name: "key" } key, { Name: "value" } item] } }:
                var (read, skip) = value(item.Type);
                return Find(ValueReaders.Whole(key.Type, field), read, skip);
            default:
                throw ValueReaders.Unexpected(field, "an array of records (key, value)");
        }
    }

    private static FieldFinder<T> InUnion<T>(FieldFinder<T>?[] branches) => (ref d, id, out value) =>
    {
        var index = d.ReadLong();
        if ((ulong)index >= (ulong)branches.Length)
        {
            throw new IcebergFormatException($"An Avro union of {branches.Length} has no branch {index}.");
        }

        if (branches[index] is { } chosen)
        {
            return chosen(ref d, id, out value);
        }

        value = default;
        return false;
    };

    private static FieldFinder<T> Find<T>(ValueReader<long?> readKey, ValueReader<T> read, Skipper skip) => (ref d, id, out value) =>
    {
        for (var count = d.ReadBlockCount(); count != 0; count = d.ReadBlockCount())
        {
            for (; count > 0; count--)
            {
                if (readKey(ref d) == id)
                {
                    value = read(ref d);
                    return true;
                }

                skip(ref d);
            }
        }

        value = default;
        return false;
    };
}
