using System.Globalization;
using System.Numerics;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>Values as people read them, in the form that other writers use for partition folders.</summary>
internal static class HumanText
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static string Of(Literal value) => value.Type.Kind switch
    {
        TypeKind.Boolean => value.AsBoolean ? "true" : "false",
        TypeKind.Int or TypeKind.Long => value.AsLong.ToString(Invariant),
        TypeKind.Float => ((float)value.AsDouble).ToString("R", Invariant),
        TypeKind.Double => value.AsDouble.ToString("R", Invariant),
        TypeKind.Decimal => Decimal(value.AsUnscaled, value.Type.Scale),
        TypeKind.Date => Day(value.AsLong),
        TypeKind.Time => ClockTime(value.AsLong * 1000),
        TypeKind.Timestamp => WallClock(value.AsLong, 1_000_000, 1000),
        TypeKind.TimestampNs => WallClock(value.AsLong, 1_000_000_000, 1),
        TypeKind.TimestampTz => WallClock(value.AsLong, 1_000_000, 1000) + "+00:00",
        TypeKind.TimestampTzNs => WallClock(value.AsLong, 1_000_000_000, 1) + "+00:00",
        TypeKind.String => value.AsString,
        TypeKind.Uuid => value.AsGuid.ToString("D"),
        _ => Convert.ToBase64String(value.AsBytes.Span),
    };

    public static string Year(long yearsSince1970) => (1970 + yearsSince1970).ToString("0000", Invariant);

    public static string Month(long monthsSince1970) =>
        $"{Year(FloorMath.Div(monthsSince1970, 12))}-{(FloorMath.Mod(monthsSince1970, 12) + 1).ToString("00", Invariant)}";

    public static string Day(long daysSince1970)
    {
        var dayNumber = daysSince1970 + Literal.UnixDays;
        return dayNumber >= 0 && dayNumber <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)dayNumber).ToString("yyyy-MM-dd", Invariant)
            : daysSince1970.ToString(Invariant);
    }

    public static string Hour(long hoursSince1970) =>
        $"{Day(FloorMath.Div(hoursSince1970, 24))}-{FloorMath.Mod(hoursSince1970, 24).ToString("00", Invariant)}";

    private static string WallClock(long value, long perSecond, long nanosPerUnit)
    {
        var perDay = 86_400 * perSecond;
        return $"{Day(FloorMath.Div(value, perDay))}T{ClockTime(FloorMath.Mod(value, perDay) * nanosPerUnit)}";
    }

    private static string ClockTime(long nanosOfDay)
    {
        var (seconds, nanos) = Math.DivRem(nanosOfDay, 1_000_000_000);
        var text = TimeSpan.FromSeconds(seconds).ToString(@"hh\:mm\:ss", Invariant);
        return nanos == 0 ? text
            : nanos % 1000 == 0 ? $"{text}.{(nanos / 1000).ToString("000000", Invariant)}"
            : $"{text}.{nanos.ToString("000000000", Invariant)}";
    }

    private static string Decimal(BigInteger unscaled, int scale)
    {
        if (scale == 0)
        {
            return unscaled.ToString(Invariant);
        }

        var digits = BigInteger.Abs(unscaled).ToString(Invariant).PadLeft(scale + 1, '0');
        return $"{(unscaled.Sign < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }
}
