namespace PvLakehouse.Iceberg.Avro;

/// <summary>Reads one value; null when a union holds null.</summary>
internal delegate T? ValueReader<T>(ref AvroDecoder decoder);

/// <summary>Reads one field of a record into a target.</summary>
internal delegate void FieldReader<in TTarget>(ref AvroDecoder decoder, TTarget target);

/// <summary>
/// Makes readers for the writer's schema of a value; tolerant of int for long and the other way round.
/// </summary>
internal static class ValueReaders
{
    public static ValueReader<long?> Whole(AvroSchema schema, string field) => schema switch
    {
        AvroPrimitive { Kind: AvroPrimitiveKind.Int or AvroPrimitiveKind.Long } => static (ref d) => d.ReadLong(),
        AvroUnion union => InUnion(union, branch => Whole(branch, field)),
        _ => throw Unexpected(field, "a whole number"),
    };

    public static ValueReader<bool?> Boolean(AvroSchema schema, string field) => schema switch
    {
        AvroPrimitive { Kind: AvroPrimitiveKind.Boolean } => static (ref d) => d.ReadBoolean(),
        AvroUnion union => InUnion(union, branch => Boolean(branch, field)),
        _ => throw Unexpected(field, "a boolean"),
    };

    public static ValueReader<string?> Text(AvroSchema schema, string field) => schema switch
    {
        AvroPrimitive { Kind: AvroPrimitiveKind.String } => static (ref d) => d.ReadString(),
        AvroUnion union => InUnion(union, branch => Text(branch, field)),
        _ => throw Unexpected(field, "a string"),
    };

    public static ValueReader<byte[]?> Bytes(AvroSchema schema, string field) => schema switch
    {
        AvroPrimitive { Kind: AvroPrimitiveKind.Bytes } => static (ref d) => d.ReadBytes().ToArray(),
        AvroFixed f => (ref d) => d.ReadFixed(f.Size).ToArray(),
        AvroUnion union => InUnion(union, branch => Bytes(branch, field)),
        _ => throw Unexpected(field, "bytes"),
    };

    public static ValueReader<List<T>?> List<T>(AvroSchema schema, string field, Func<AvroSchema, ValueReader<T>> item)
    {
        switch (schema)
        {
            case AvroUnion union:
                return InUnion(union, branch => List(branch, field, item));
            case AvroArray array:
                var readItem = item(array.Items);
                return (ref d) =>
                {
                    var list = new List<T>();
                    for (var count = d.ReadBlockCount(); count != 0; count = d.ReadBlockCount())
                    {
                        list.EnsureCapacity(list.Count + count);
                        for (var i = 0; i < count; i++)
                        {
                            list.Add(readItem(ref d)!);
                        }
                    }

                    return list;
                };
            default:
                throw Unexpected(field, "an array");
        }
    }

    /// <summary>Reads a union by the branch that the data choose; the null branch gives null.</summary>
    public static ValueReader<T?> InUnion<T>(AvroUnion union, Func<AvroSchema, ValueReader<T?>> read)
    {
        var branches = union.Branches
            .Select(branch => branch is AvroPrimitive { Kind: AvroPrimitiveKind.Null } ? null : read(branch))
            .ToArray();
        return (ref d) =>
        {
            var index = d.ReadLong();
            if (index < 0 || index >= branches.Length)
            {
                throw new IcebergFormatException($"An Avro union of {branches.Length} has no branch {index}.");
            }

            return branches[index] is { } chosen ? chosen(ref d) : default;
        };
    }

    public static IcebergFormatException Unexpected(string field, string expected) =>
        new($"Field '{field}' should be {expected}.");
}

/// <summary>Small conversions of what readers give.</summary>
internal static class AvroValues
{
    /// <summary>
    /// Bytes or null. C# by itself would turn null into no bytes, which is another thing, also in ?: and switch.
    /// </summary>
    public static ReadOnlyMemory<byte>? Memory(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
}
