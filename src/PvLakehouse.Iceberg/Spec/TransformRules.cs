using System.Buffers.Binary;
using System.Numerics;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>The arithmetic of the transforms.</summary>
internal static class TransformRules
{
    private const long MicrosPerHour = 3_600_000_000;
    private const long HoursPerDay = 24;

    public static bool CanApply(Transform transform, IcebergType type) => type is PrimitiveType p && transform.Kind switch
    {
        TransformKind.Bucket => p.HasLiterals && p.Kind is not (TypeKind.Boolean or TypeKind.Float or TypeKind.Double),
        TransformKind.Identity => p.Kind is not (TypeKind.Variant or TypeKind.Geometry or TypeKind.Geography),
        TransformKind.Truncate =>
            p.Kind is TypeKind.Int or TypeKind.Long or TypeKind.Decimal or TypeKind.String or TypeKind.Binary,
        TransformKind.Year or TransformKind.Month or TransformKind.Day => p.Kind == TypeKind.Date || p.IsTimestamp,
        TransformKind.Hour => p.IsTimestamp,
        _ => true,
    };

    public static PrimitiveType ResultType(Transform transform, PrimitiveType source) => transform.Kind switch
    {
        TransformKind.Bucket or TransformKind.Year or TransformKind.Month or TransformKind.Hour => IcebergType.Int,
        TransformKind.Day => IcebergType.Date,
        TransformKind.Unknown => IcebergType.String,
        _ => source,
    };

    public static Literal? Apply(Transform transform, Literal value)
    {
        if (transform.Kind == TransformKind.Unknown || !CanApply(transform, value.Type))
        {
            throw new InvalidOperationException($"Transform {transform} cannot be applied to a {value.Type}.");
        }

        return transform.Kind switch
        {
            TransformKind.Identity => value,
            TransformKind.Bucket => Literal.Int((int)((Hash(value) & int.MaxValue) % transform.Parameter)),
            TransformKind.Truncate => Truncate(value, transform.Parameter),
            TransformKind.Year => Literal.Int(Date(value).Year - 1970),
            TransformKind.Month => Literal.Int(((Date(value).Year - 1970) * 12) + Date(value).Month - 1),
            TransformKind.Day => Literal.Whole(IcebergType.Date, Days(value)),
            TransformKind.Hour => Literal.Int(checked((int)FloorMath.Div(Micros(value), MicrosPerHour))),
            _ => null,
        };
    }

    public static uint Hash(Literal value)
    {
        switch (value.Type.Kind)
        {
            case TypeKind.String or TypeKind.Uuid or TypeKind.Decimal or TypeKind.Fixed or TypeKind.Binary:
                return Murmur3.Hash32(SingleValue.ToBytes(value));
            default:
                Span<byte> bytes = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(bytes, value.Type.IsTimestamp ? Micros(value) : value.AsLong);
                return Murmur3.Hash32(bytes);
        }
    }

    private static Literal Truncate(Literal value, int width) => value.Type.Kind switch
    {
        // Wraps below the smallest number, as the two's-complement arithmetic of the reference does.
        TypeKind.Int => Literal.Int(unchecked((int)(value.AsLong - FloorMath.Mod(value.AsLong, width)))),
        TypeKind.Long => Literal.Long(unchecked(value.AsLong - FloorMath.Mod(value.AsLong, width))),
        TypeKind.Decimal => Literal.DecimalOf(value.Type, value.AsUnscaled - FloorMod(value.AsUnscaled, width)),
        TypeKind.String => Literal.String(CodePoints.Prefix(value.AsString, width)),
        _ => Literal.OwnedBytes(value.Type, value.AsBytes.Span[..Math.Min(width, value.AsBytes.Length)].ToArray()),
    };

    private static BigInteger FloorMod(BigInteger value, int divisor)
    {
        var remainder = value % divisor;
        return remainder.Sign < 0 ? remainder + divisor : remainder;
    }

    private static DateOnly Date(Literal value) => DateOnly.FromDayNumber(checked((int)Days(value) + Literal.UnixDays));

    private static long Days(Literal value) => value.Type.Kind == TypeKind.Date
        ? value.AsLong
        : FloorMath.Div(Micros(value), MicrosPerHour * HoursPerDay);

    private static long Micros(Literal value) => value.Type.Kind is TypeKind.TimestampNs or TypeKind.TimestampTzNs
        ? FloorMath.Div(value.AsLong, 1000)
        : value.AsLong;
}
