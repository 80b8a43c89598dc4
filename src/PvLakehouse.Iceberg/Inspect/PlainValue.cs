using System.Numerics;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>
/// Values of metadata tables in the plain .NET form that <see cref="MetadataTable.ReadAsync"/> promises.
/// </summary>
internal static class PlainValue
{
    private const int MostDecimalDigits = 28;

    public static object? Of(Literal? value) => value is { } v ? Of(v) : null;

    public static DateTime Of(DateTimeOffset instant) => instant.UtcDateTime;

    /// <summary>
    /// A bound of a column; null when there is none or when its bytes are no value of the column's type.
    /// </summary>
    public static object? Bound(PrimitiveType type, ReadOnlyMemory<byte>? bytes) =>
        bytes is { } b && SingleValue.TryFromBytes(type, b.Span, out var value) ? Of(value) : null;

    public static Dictionary<string, object?> Struct(StructType type, PartitionValues values)
    {
        var result = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (position, field) in type.Fields.Index())
        {
            result.Add(field.Name, Of(values[position]));
        }

        return result;
    }

    private static object Of(Literal value)
    {
        switch (value.Type.Kind)
        {
            case TypeKind.Decimal:
                return Decimal(value);
            case TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz or TypeKind.TimestampNs or TypeKind
                .TimestampTzNs
                when !FitsCalendar(value):
                return value.ToString();
            case TypeKind.TimestampTz or TypeKind.TimestampTzNs:
                return ((DateTimeOffset)value.ToObject()).UtcDateTime;
            default:
                return value.ToObject();
        }
    }

    /// <summary>Whether .NET's calendar, years 1 to 9999, has the date.</summary>
    private static bool FitsCalendar(Literal value)
    {
        var days = value.Type.Kind switch
        {
            TypeKind.Date => value.AsLong,
            TypeKind.Timestamp or TypeKind.TimestampTz => value.AsLong / (24L * 3600 * 1_000_000),
            _ => 0,
        };
        return days is > -Literal.UnixDays and < 2_932_896;
    }

    private static object Decimal(Literal value)
    {
        var unscaled = value.AsUnscaled;
        return value.Type.Scale <= MostDecimalDigits && BigInteger.Abs(unscaled) < BigInteger.Pow(10, MostDecimalDigits)
            ? new decimal(
                (int)(uint)(BigInteger.Abs(unscaled) & uint.MaxValue),
                (int)(uint)((BigInteger.Abs(unscaled) >> 32) & uint.MaxValue),
                (int)(uint)((BigInteger.Abs(unscaled) >> 64) & uint.MaxValue),
                unscaled.Sign < 0,
                (byte)value.Type.Scale)
            : value.ToString();
    }
}
