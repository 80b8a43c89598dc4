using System.Numerics;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>Between literals and .NET values, and between literals of related types.</summary>
internal static class LiteralConversion
{
    private const long MicrosPerDay = 86_400_000_000;

    public static Literal FromObject(PrimitiveType type, object value)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(value);
        var literal = (type.Kind, value) switch
        {
            (_, Literal l) => (Literal?)l,
            (TypeKind.Boolean, bool b) => Literal.Boolean(b),
            (TypeKind.Int, _) when Integer(value) is { } i && i >= int.MinValue && i <= int.MaxValue => Literal.Int((int)i),
            (TypeKind.Long, _) when Integer(value) is { } i && i >= long.MinValue && i <= long.MaxValue => Literal.Long((long)i),
            (TypeKind.Float, float f) => Literal.Float(f),
            (TypeKind.Float, double d) => Literal.Float((float)d),
            (TypeKind.Double, float f) => Literal.Double(f),
            (TypeKind.Double, double d) => Literal.Double(d),
            (TypeKind.Float or TypeKind.Double, _) when Integer(value) is { } i => Floating(type, (double)i),
            (TypeKind.Float or TypeKind.Double, decimal m) => Floating(type, (double)m),
            (TypeKind.Decimal, decimal m) => FromDecimal(type, m),
            (TypeKind.Decimal, _) when Integer(value) is { } i =>
                Literal.DecimalOf(type, i * BigInteger.Pow(10, type.Scale)),
            (TypeKind.Date, DateOnly d) => Literal.Date(d),
            (TypeKind.Date, DateTime t) => Literal.Date(DateOnly.FromDateTime(t)),
            (TypeKind.Time, TimeOnly t) => Literal.Time(t),
            (TypeKind.Time, TimeSpan t) => Literal.Time(TimeOnly.FromTimeSpan(t)),
            (_, DateTime t) when type.IsTimestamp => Timestamp(type, t.Ticks),
            (_, DateTimeOffset t) when type.IsTimestamp => Timestamp(type, t.UtcTicks),
            (_, DateOnly d) when type.IsTimestamp => Timestamp(type, d.ToDateTime(TimeOnly.MinValue).Ticks),
            (TypeKind.String, string s) => Literal.String(s),
            (TypeKind.Uuid, Guid g) => Literal.Uuid(g),
            (TypeKind.Uuid, string s) when Guid.TryParse(s, out var g) => Literal.Uuid(g),
            (TypeKind.Binary, byte[] b) => Literal.Binary(b),
            (TypeKind.Fixed, byte[] b) when b.Length == type.Length => Literal.Fixed(b),
            _ => null,
        };
        return literal ?? throw new ArgumentException(
            $"The .NET value '{value}' ({value.GetType().Name}) cannot be a value of {type}.", nameof(value));
    }

    public static object ToObject(Literal literal) => literal.Type.Kind switch
    {
        TypeKind.Boolean => literal.AsBoolean,
        TypeKind.Int => (int)literal.AsLong,
        TypeKind.Long => literal.AsLong,
        TypeKind.Float => (float)literal.AsDouble,
        TypeKind.Double => literal.AsDouble,
        TypeKind.Decimal => literal.AsUnscaled,
        TypeKind.Date => DateOnly.FromDayNumber((int)literal.AsLong + Literal.UnixDays),
        TypeKind.Time => new TimeOnly(literal.AsLong * TimeSpan.TicksPerMicrosecond),
        TypeKind.Timestamp => Unspecified(literal),
        TypeKind.TimestampNs => Unspecified(literal),
        TypeKind.TimestampTz or TypeKind.TimestampTzNs => DateTimeOffset.UnixEpoch.AddTicks(Ticks(literal)),
        TypeKind.String => literal.AsString,
        TypeKind.Uuid => literal.AsGuid,
        _ => literal.AsBytes.ToArray(),
    };

    public static bool TryConvert(Literal literal, PrimitiveType type, out Literal converted)
    {
        ArgumentNullException.ThrowIfNull(type);
        var result = (literal.Type.Kind, type.Kind) switch
        {
            _ when literal.Type == type => (Literal?)literal,
            (TypeKind.Int, TypeKind.Long) => Literal.Long(literal.AsLong),
            (TypeKind.Long, TypeKind.Int) when IsInt(literal.AsLong) => Literal.Int((int)literal.AsLong),
            (TypeKind.Int or TypeKind.Long, TypeKind.Date) when IsInt(literal.AsLong) => Literal.Whole(type, literal.AsLong),
            (TypeKind.Int or TypeKind.Long, TypeKind.Decimal) =>
                Rescaled(literal.AsLong, 0, type),
            (TypeKind.Int or TypeKind.Long, TypeKind.Float or TypeKind.Double) => Exact(literal.AsLong, type),
            (TypeKind.Float, TypeKind.Double) => Literal.Double(literal.AsDouble),
            (TypeKind.Double, TypeKind.Float) when IsFloat(literal.AsDouble) => Literal.Float((float)literal.AsDouble),
            (TypeKind.Decimal, TypeKind.Decimal) => Rescaled(literal.AsUnscaled, literal.Type.Scale, type),
            (TypeKind.Date, TypeKind.Timestamp) => InRange(type, (Int128)literal.AsLong * MicrosPerDay),
            (TypeKind.Date, TypeKind.TimestampNs) => InRange(type, (Int128)literal.AsLong * MicrosPerDay * 1000),
            (TypeKind.Timestamp, TypeKind.TimestampNs) or (TypeKind.TimestampNs, TypeKind.Timestamp)
                or (TypeKind.TimestampTz, TypeKind.TimestampTzNs) or (TypeKind.TimestampTzNs, TypeKind.TimestampTz) =>
                OtherUnit(literal, type),
            (TypeKind.String, TypeKind.Uuid) when Guid.TryParse(literal.AsString, out var guid) => Literal.Uuid(guid),
            (TypeKind.Fixed, TypeKind.Binary) => Literal.OwnedBytes(type, literal.AsBytes.ToArray()),
            (TypeKind.Binary, TypeKind.Fixed) when literal.AsBytes.Length == type.Length =>
                Literal.OwnedBytes(type, literal.AsBytes.ToArray()),
            _ => null,
        };
        converted = result.GetValueOrDefault();
        return result is not null;
    }

    private static DateTime Unspecified(Literal literal) => new(DateTime.UnixEpoch.Ticks + Ticks(literal), DateTimeKind.Unspecified);

    private static Literal Floating(PrimitiveType type, double value) =>
        type.Kind == TypeKind.Float ? Literal.Float((float)value) : Literal.Double(value);

    private static Literal Timestamp(PrimitiveType type, long ticks) =>
        type.Kind is TypeKind.Timestamp or TypeKind.TimestampTz
            ? Literal.Whole(type, Literal.Micros(ticks))
            : Literal.Whole(type, checked((ticks - DateTime.UnixEpoch.Ticks) * 100));

    private static long Ticks(Literal literal) =>
        literal.Type.Kind is TypeKind.Timestamp or TypeKind.TimestampTz
            ? checked(literal.AsLong * TimeSpan.TicksPerMicrosecond)
            : FloorMath.Div(literal.AsLong, 100);

    private static Literal? OtherUnit(Literal literal, PrimitiveType type)
    {
        if (literal.Type.Kind is TypeKind.TimestampNs or TypeKind.TimestampTzNs)
        {
            return literal.AsLong % 1000 == 0 ? Literal.Whole(type, literal.AsLong / 1000) : null;
        }

        return InRange(type, (Int128)literal.AsLong * 1000);
    }

    private static Literal? InRange(PrimitiveType type, Int128 value) =>
        value >= long.MinValue && value <= long.MaxValue ? Literal.Whole(type, (long)value) : null;

    private static Literal? Exact(long value, PrimitiveType type)
    {
        var literal = Floating(type, value);
        return (Int128)literal.AsDouble == value ? literal : null;
    }

    private static Literal? Rescaled(BigInteger unscaled, int scale, PrimitiveType type)
    {
        if (type.Scale < scale)
        {
            unscaled = BigInteger.DivRem(unscaled, BigInteger.Pow(10, scale - type.Scale), out var remainder);
            if (!remainder.IsZero)
            {
                return null;
            }
        }
        else
        {
            unscaled *= BigInteger.Pow(10, type.Scale - scale);
        }

        return BigInteger.Abs(unscaled) < BigInteger.Pow(10, type.Precision) ? Literal.DecimalOf(type, unscaled) : null;
    }

    private static Literal FromDecimal(PrimitiveType type, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = (((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0])
            * (bits[3] < 0 ? -1 : 1);
        return Rescaled(digits, value.Scale, type) ?? throw new ArgumentException(
            $"The decimal {value} does not fit {type} without rounding.", nameof(value));
    }

    private static BigInteger? Integer(object value) => value switch
    {
        sbyte v => v,
        byte v => v,
        short v => v,
        ushort v => v,
        int v => v,
        uint v => v,
        long v => v,
        ulong v => v,
        BigInteger v => v,
        _ => null,
    };

    private static bool IsInt(long value) => value is >= int.MinValue and <= int.MaxValue;

    private static bool IsFloat(double value) => double.IsNaN(value) || (float)value == value;
}
