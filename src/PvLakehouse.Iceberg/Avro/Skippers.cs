using System.Runtime.CompilerServices;

namespace PvLakehouse.Iceberg.Avro;

/// <summary>Passes over one value.</summary>
internal delegate void Skipper(ref AvroDecoder decoder);

/// <summary>
/// Makes what passes over values of a schema, once for many values. Planning passes over nearly everything, so that the
/// shapes of manifests have ways of their own.
/// </summary>
internal static class Skippers
{
    public static Skipper For(AvroSchema schema) => schema switch
    {
        AvroPrimitive { Kind: AvroPrimitiveKind.Null } => static (ref _) => { },
        AvroPrimitive { Kind: AvroPrimitiveKind.Int or AvroPrimitiveKind.Long } => static (ref d) => d.ReadLong(),
        AvroPrimitive { Kind: AvroPrimitiveKind.Bytes or AvroPrimitiveKind.String } => static (ref d) => d.ReadBytes(),
        AvroUnion union => InUnion([.. union.Branches.Select(For)]),
        AvroArray { Items: AvroRecord { Fields: [{ Type: var key }, { Type: var value }] } } when IsWhole(key) && IsWhole(value) =>
            SkipWholes,
        AvroArray { Items: AvroRecord { Fields: [{ Type: var key }, { Type: AvroPrimitive { Kind: AvroPrimitiveKind.Bytes } }] } } when IsWhole(key) =>
            SkipBytes,
        _ => (ref d) => d.Skip(schema),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SkipWholes(ref AvroDecoder decoder)
    {
        for (var count = decoder.ReadBlockCount(); count != 0; count = decoder.ReadBlockCount())
        {
            for (var i = 2 * (long)count; i > 0; i--)
            {
                decoder.ReadLong();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SkipBytes(ref AvroDecoder decoder)
    {
        for (var count = decoder.ReadBlockCount(); count != 0; count = decoder.ReadBlockCount())
        {
            for (; count > 0; count--)
            {
                decoder.ReadLong();
                decoder.ReadBytes();
            }
        }
    }

    private static Skipper InUnion(Skipper[] branches) => (ref d) =>
    {
        var index = d.ReadLong();
        if ((ulong)index >= (ulong)branches.Length)
        {
            throw new IcebergFormatException($"An Avro union of {branches.Length} has no branch {index}.");
        }

        branches[index](ref d);
    };

    private static bool IsWhole(AvroSchema schema) => schema is AvroPrimitive { Kind: AvroPrimitiveKind.Int or AvroPrimitiveKind.Long };
}
