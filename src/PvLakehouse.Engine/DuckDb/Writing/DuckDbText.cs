using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Reads the text that DuckDB prints for a value; what .NET cannot hold (infinity, years beyond 9999) gives null.</summary>
internal static partial class DuckDbText
{
    private static readonly string[] Timestamps = ["yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-dd"];
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static Literal? Read(PrimitiveType type, string text) => type.Kind switch
    {
        TypeKind.Boolean => text switch
        {
            "0" or "false" => Literal.Boolean(false),
            "1" or "true" => Literal.Boolean(true),
            _ => null,
        },
        TypeKind.Int => int.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var value) ? Literal.Int(value) : null,
        TypeKind.Long => long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var value) ? Literal.Long(value) : null,
        TypeKind.Float => Floating(text) is { } value ? Literal.Float((float)value) : null,
        TypeKind.Double => Floating(text) is { } value ? Literal.Double(value) : null,
        TypeKind.Decimal => Decimal(type, text),
        TypeKind.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", Invariant, DateTimeStyles.None, out var date) ? Literal.Date(date) : null,
        TypeKind.Time => TimeOnly.TryParseExact(text, "HH:mm:ss.FFFFFF", Invariant, DateTimeStyles.None, out var time) ? Literal.Time(time) : null,
        TypeKind.Timestamp => Clock(text) is { } clock ? Literal.Timestamp(clock) : null,
        TypeKind.TimestampTz => text.EndsWith("+00", StringComparison.Ordinal) && Clock(text[..^3]) is { } instant
            ? Literal.TimestampTz(new DateTimeOffset(instant, TimeSpan.Zero))
            : null,
        TypeKind.String => Literal.String(text),
        TypeKind.Uuid => Guid.TryParseExact(text, "D", out var guid) ? Literal.Uuid(guid) : null,
        TypeKind.Binary => Hex(text),
        _ => null,
    };

    private static double? Floating(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, Invariant, out var value) && double.IsFinite(value) ? value : null,
    };

    private static Literal? Decimal(PrimitiveType type, string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : text.Length - point - 1;
        return decimals <= type.Scale
            && BigInteger.TryParse(text.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, Invariant, out var digits)
                ? Literal.Decimal(digits * BigInteger.Pow(10, type.Scale - decimals), type.Precision, type.Scale)
                : null;
    }

    private static DateTime? Clock(string text) =>
        DateTime.TryParseExact(text, Timestamps, Invariant, DateTimeStyles.None, out var clock) ? clock : null;

    private static Literal? Hex(string text) =>
        HexDigits().IsMatch(text) ? Literal.Binary(Convert.FromHexString(text)) : null;

    [GeneratedRegex("^([0-9A-Fa-f]{2})*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HexDigits();
}
