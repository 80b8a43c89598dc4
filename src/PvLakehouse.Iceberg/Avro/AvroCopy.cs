namespace PvLakehouse.Iceberg.Avro;

/// <summary>Takes one value over from a file to another, changed or as it is.</summary>
/// <param name="decoder">Stands at the value; afterwards behind it.</param>
/// <param name="data">What the decoder reads.</param>
/// <param name="target">Gets the value.</param>
internal delegate void ValueCopier(ref AvroDecoder decoder, ReadOnlySpan<byte> data, AvroEncoder target);

/// <summary>
/// Copies Avro files under their own schema and changes a few fields on the way. What is not to be changed is copied
/// byte for byte, so nothing is lost that this library does not know.
/// </summary>
internal static class AvroCopy
{
    /// <summary>Copies a file; its records go through a copier.</summary>
    /// <returns>Length of the new file [bytes].</returns>
    public static async Task<long> RunAsync(
        AvroFileReader source, Stream target, ValueCopier record, Guid sync, CancellationToken cancellationToken)
    {
        var metadata = source.Metadata.Keys.Where(key => !key.StartsWith("avro.", StringComparison.Ordinal))
            .ToDictionary(key => key, key => source.Text(key)!, StringComparer.Ordinal);
        var writer = await AvroFileWriter.CreateAsync(target, source.Text("avro.schema")!, metadata, sync, cancellationToken);
        await foreach (var (count, data) in source.ReadBlocksAsync(cancellationToken))
        {
            foreach (var copied in Block(record, count, data.Span))
            {
                await writer.AppendAsync(copied, static (encoder, bytes) => encoder.WriteFixed(bytes), cancellationToken);
            }
        }

        await writer.FlushAsync(cancellationToken);
        return writer.Length;
    }

    /// <summary>A value as it is.</summary>
    public static ValueCopier Verbatim(AvroSchema schema) => (ref decoder, data, target) =>
    {
        var start = decoder.Position;
        decoder.Skip(schema);
        target.WriteFixed(data[start..decoder.Position]);
    };

    /// <summary>A record of which some fields have copiers of their own; null takes the field as it is.</summary>
    public static ValueCopier Record(AvroSchema schema, Func<AvroField, ValueCopier?> field) => schema switch
    {
        AvroRecord record => Fields([.. record.Fields.Select(f => field(f) ?? Verbatim(f.Type))]),
        AvroUnion union => InUnion(union, branch => Record(branch, field)),
        _ => throw new IcebergFormatException("A record is expected where the Avro schema has something else."),
    };

    /// <summary>A text, changed.</summary>
    public static ValueCopier Text(AvroSchema schema, string name, Func<string, string> change) => schema switch
    {
        AvroPrimitive { Kind: AvroPrimitiveKind.String } => (ref decoder, _, target) => target.WriteString(change(decoder.ReadString())),
        AvroUnion union => InUnion(union, branch => Text(branch, name, change)),
        _ => throw ValueReaders.Unexpected(name, "a string"),
    };

    /// <summary>A whole number, changed.</summary>
    public static ValueCopier Whole(AvroSchema schema, string name, Func<long, long> change) => schema switch
    {
        AvroPrimitive { Kind: AvroPrimitiveKind.Int or AvroPrimitiveKind.Long } => (ref decoder, _, target) =>
            target.WriteLong(change(decoder.ReadLong())),
        AvroUnion union => InUnion(union, branch => Whole(branch, name, change)),
        _ => throw ValueReaders.Unexpected(name, "a whole number"),
    };

    /// <summary>The items of an array.</summary>
    public static ValueCopier Items(AvroSchema schema, string name, Func<AvroSchema, ValueCopier> item)
    {
        switch (schema)
        {
            case AvroUnion union:
                return InUnion(union, branch => Items(branch, name, item));
            case AvroArray array:
                var copy = item(array.Items);
                return (ref decoder, data, target) =>
                {
                    for (var count = decoder.ReadBlockCount(); count != 0; count = decoder.ReadBlockCount())
                    {
                        target.WriteLong(count);
                        for (var i = 0; i < count; i++)
                        {
                            copy(ref decoder, data, target);
                        }
                    }

                    target.WriteLong(0);
                };
            default:
                throw ValueReaders.Unexpected(name, "an array");
        }
    }

    private static ValueCopier Fields(ValueCopier[] fields) => (ref decoder, data, target) =>
    {
        foreach (var copy in fields)
        {
            copy(ref decoder, data, target);
        }
    };

    private static ValueCopier InUnion(AvroUnion union, Func<AvroSchema, ValueCopier> branch)
    {
        var branches = union.Branches
            .Select(b => b is AvroPrimitive { Kind: AvroPrimitiveKind.Null } ? Verbatim(b) : branch(b))
            .ToArray();
        return (ref decoder, data, target) =>
        {
            var index = decoder.ReadLong();
            if (index < 0 || index >= branches.Length)
            {
                throw new IcebergFormatException($"An Avro union of {branches.Length} has no branch {index}.");
            }

            target.WriteLong(index);
            branches[index](ref decoder, data, target);
        };
    }

    private static List<byte[]> Block(ValueCopier record, int count, ReadOnlySpan<byte> data)
    {
        var copied = new List<byte[]>(Math.Min(count, data.Length));
        var decoder = new AvroDecoder(data);
        var target = new AvroEncoder();
        for (var i = 0; i < count; i++)
        {
            target.Clear();
            record(ref decoder, data, target);
            copied.Add(target.Written.ToArray());
        }

        return copied;
    }
}
