using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>The binary form of single values, used for bounds (spec: "Binary single-value serialization").</summary>
public static class SingleValue
{
    /// <summary>Writes a value in its binary form.</summary>
    public static byte[] ToBytes(Literal value) => value.Type.Kind switch
    {
        TypeKind.Boolean => [value.AsBoolean ? (byte)1 : (byte)0],
        TypeKind.Int or TypeKind.Date => Int32((int)value.AsLong),
        TypeKind.Float => Int32(BitConverter.SingleToInt32Bits((float)value.AsDouble)),
        TypeKind.Double => Int64(BitConverter.DoubleToInt64Bits(value.AsDouble)),
        TypeKind.String => Encoding.UTF8.GetBytes(value.AsString),
        TypeKind.Uuid => value.AsGuid.ToByteArray(bigEndian: true),
        TypeKind.Decimal => value.AsUnscaled.ToByteArray(isUnsigned: false, isBigEndian: true),
        TypeKind.Fixed or TypeKind.Binary => value.AsBytes.ToArray(),
        _ => Int64(value.AsLong),
    };

    /// <summary>Reads a value of a type from its binary form.</summary>
    /// <remarks>
    /// A bound may be older than a promotion of its column: four bytes for a long are an int, for a double a float, for
    /// a timestamp a date.
    /// </remarks>
    /// <exception cref="IcebergFormatException">The number of bytes does not fit the type.</exception>
    public static Literal FromBytes(PrimitiveType type, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(type);
        return TryFromBytes(type, bytes, out var value)
            ? value
            : throw new IcebergFormatException($"{bytes.Length} bytes are no value of {type}.");
    }

    /// <summary>Reads a value like <see cref="FromBytes"/> but answers false instead of failing.</summary>
    internal static bool TryFromBytes(PrimitiveType type, ReadOnlySpan<byte> bytes, out Literal value)
    {
        var read = (type.Kind, bytes.Length) switch
        {
            (TypeKind.Boolean, 1) => (Literal?)Literal.Boolean(bytes[0] != 0),
            (TypeKind.Int or TypeKind.Date, 4) => Literal.Whole(type, BinaryPrimitives.ReadInt32LittleEndian(bytes)),
            (TypeKind.Long, 4) => Literal.Long(BinaryPrimitives.ReadInt32LittleEndian(bytes)),
            (TypeKind.Float, 4) => Literal.Float(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
            (TypeKind.Double, 4) => Literal.Double(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
            (TypeKind.Double, 8) => Literal.Double(BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
            (TypeKind.Timestamp or TypeKind.TimestampNs, 4) => FromDays(type, BinaryPrimitives.ReadInt32LittleEndian(bytes)),
            (TypeKind.Long or TypeKind.Time, 8) => Literal.Whole(type, BinaryPrimitives.ReadInt64LittleEndian(bytes)),
            (_, 8) when type.IsTimestamp => Literal.Whole(type, BinaryPrimitives.ReadInt64LittleEndian(bytes)),
            (TypeKind.String, _) => Literal.String(Encoding.UTF8.GetString(bytes)),
            (TypeKind.Uuid, 16) => Literal.Uuid(new Guid(bytes, bigEndian: true)),
            (TypeKind.Decimal, > 0 and <= 16) => Decimal(type, bytes),
            (TypeKind.Fixed or TypeKind.Binary, _) => Literal.OwnedBytes(type, bytes.ToArray()),
            _ => null,
        };
        value = read.GetValueOrDefault();
        return read is not null;
    }

    private static Literal? FromDays(PrimitiveType type, int days) =>
        Literal.Whole(IcebergType.Date, days).TryConvertTo(type, out var value) ? value : null;

    private static Literal? Decimal(PrimitiveType type, ReadOnlySpan<byte> bytes)
    {
        var unscaled = new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
        return BigInteger.Abs(unscaled) < BigInteger.Pow(10, type.Precision) ? Literal.DecimalOf(type, unscaled) : null;
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Int64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
