using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>The JSON form of single values, used for defaults (spec: "JSON single-value serialization").</summary>
internal static partial class SingleValueJson
{
    private const NumberStyles Digits = NumberStyles.None;

    /// <exception cref="IcebergFormatException">The JSON is no value of the type.</exception>
    public static Literal Read(PrimitiveType type, JsonElement json) =>
        TryRead(type, json) ?? throw new IcebergFormatException($"{Shorten(json)} is no value of {type}.");

    /// <summary>Checks a value of a struct, list or map, whose members are named by field id.</summary>
    /// <exception cref="IcebergFormatException">The JSON is no value of the type.</exception>
    public static void Check(IcebergType type, JsonElement json)
    {
        switch (type, json.ValueKind)
        {
            case (PrimitiveType primitive, not JsonValueKind.Null):
                _ = Read(primitive, json);
                break;
            case (StructType @struct, JsonValueKind.Object):
                foreach (var member in json.EnumerateObject())
                {
                    Check(Field(@struct, member.Name).Type, member.Value);
                }

                break;
            case (ListType list, JsonValueKind.Array):
                CheckAll(list.Element, json);
                break;
            case (MapType map, JsonValueKind.Object)
                when json.TryGetProperty("keys", out var keys) && json.TryGetProperty("values", out var values)
                    && keys.ValueKind == JsonValueKind.Array && values.ValueKind == JsonValueKind.Array
                    && keys.GetArrayLength() == values.GetArrayLength():
                CheckAll(map.Key, keys);
                CheckAll(map.Value, values);
                break;
            case (_, JsonValueKind.Null):
                break;
            default:
                throw new IcebergFormatException($"{Shorten(json)} is no value of {type}.");
        }
    }

    public static void Write(Utf8JsonWriter writer, Literal value)
    {
        switch (value.Type.Kind)
        {
            case TypeKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean);
                break;
            case TypeKind.Int or TypeKind.Long:
                writer.WriteNumberValue(value.AsLong);
                break;
            case TypeKind.Float:
                writer.WriteNumberValue((float)value.AsDouble);
                break;
            case TypeKind.Double:
                writer.WriteNumberValue(value.AsDouble);
                break;
            case TypeKind.Fixed or TypeKind.Binary:
#pragma warning disable CA1308 // Hexadecimal digits in JSON are lower case in the specification's examples.
                writer.WriteStringValue(Convert.ToHexStringLower(value.AsBytes.Span));
#pragma warning restore CA1308
                break;
            default:
                writer.WriteStringValue(HumanText.Of(value));
                break;
        }
    }

    private static Literal? TryRead(PrimitiveType type, JsonElement json) => (type.Kind, json.ValueKind) switch
    {
        (TypeKind.Boolean, JsonValueKind.True or JsonValueKind.False) => Literal.Boolean(json.GetBoolean()),
        (TypeKind.Int, JsonValueKind.Number) => json.TryGetInt32(out var i) ? Literal.Int(i) : null,
        (TypeKind.Long, JsonValueKind.Number) => json.TryGetInt64(out var l) ? Literal.Long(l) : null,
        (TypeKind.Float, JsonValueKind.Number) =>
            json.TryGetSingle(out var f) && float.IsFinite(f) ? Literal.Float(f) : null,
        (TypeKind.Double, JsonValueKind.Number) =>
            json.TryGetDouble(out var d) && double.IsFinite(d) ? Literal.Double(d) : null,
        (_, JsonValueKind.String) => FromText(type, json.GetString()!),
        _ => null,
    };

    private static Literal? FromText(PrimitiveType type, string text) => type.Kind switch
    {
        TypeKind.String => Literal.String(text),
        TypeKind.Uuid => Guid.TryParseExact(text, "D", out var uuid) ? Literal.Uuid(uuid) : null,
        TypeKind.Fixed => Bytes(text) is { } bytes && bytes.Length == type.Length ? Literal.OwnedBytes(type, bytes) : null,
        TypeKind.Binary => Bytes(text) is { } bytes ? Literal.OwnedBytes(type, bytes) : null,
        TypeKind.Decimal => Decimal(type, text),
        TypeKind.Date => Day(text) is { } day ? Literal.Whole(type, day) : null,
        TypeKind.Time => NanosOfDay(text) is { } nanos && nanos % 1000 == 0 ? Literal.Whole(type, nanos / 1000) : null,
        _ when type.IsTimestamp => Timestamp(type, text),
        _ => null,
    };

    private static Literal? Timestamp(PrimitiveType type, string text)
    {
        if (type.Kind is TypeKind.TimestampTz or TypeKind.TimestampTzNs)
        {
            if (!text.EndsWith("+00:00", StringComparison.Ordinal) && !text.EndsWith('Z'))
            {
                return null;
            }

            text = text[..^(text[^1] == 'Z' ? 1 : 6)];
        }

        var parts = text.Split('T');
        if (parts.Length != 2 || Day(parts[0]) is not { } day || NanosOfDay(parts[1]) is not { } ofDay)
        {
            return null;
        }

        var inNanos = type.Kind is TypeKind.TimestampNs or TypeKind.TimestampTzNs;
        var nanos = ((Int128)day * 86_400_000_000_000) + ofDay;
        return inNanos
            ? nanos >= long.MinValue && nanos <= long.MaxValue ? Literal.Whole(type, (long)nanos) : null
            : ofDay % 1000 == 0 ? Literal.Whole(type, (long)(nanos / 1000)) : null;
    }

    private static int? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.DayNumber - Literal.UnixDays
            : null;

    private static long? NanosOfDay(string text)
    {
        if (ClockTime().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var (hours, minutes, seconds) = (Number(match.Groups["h"]), Number(match.Groups["m"]), Number(match.Groups["s"]));
        var nanos = long.Parse(match.Groups["f"].Value.PadRight(9, '0'), Digits, CultureInfo.InvariantCulture);
        return hours < 24 && minutes < 60 && seconds < 60
            ? (((((hours * 60) + minutes) * 60) + seconds) * 1_000_000_000) + nanos
            : null;
    }

    private static long Number(Group group) =>
        group.Success ? long.Parse(group.ValueSpan, Digits, CultureInfo.InvariantCulture) : 0;

    /// <summary>Digits with a point, or in scientific notation; a value that would have to be rounded is none.</summary>
    private static Literal? Decimal(PrimitiveType type, string text)
    {
        if (DecimalNumber().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var fraction = match.Groups["fraction"].Value;
        var exponent = match.Groups["exponent"] is { Success: true } e
            ? int.Parse(e.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : 0;
        var unscaled = BigInteger.Parse(
            match.Groups["sign"].Value + match.Groups["whole"].Value + fraction, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var shift = type.Scale - fraction.Length + exponent;
        unscaled = shift >= 0
            ? unscaled * BigInteger.Pow(10, shift)
            : BigInteger.DivRem(unscaled, BigInteger.Pow(10, -shift), out var rest) is var cut && rest.IsZero ? cut : BigInteger.Pow(10, 39);
        return BigInteger.Abs(unscaled) < BigInteger.Pow(10, type.Precision) ? Literal.DecimalOf(type, unscaled) : null;
    }

    private static byte[]? Bytes(string hex)
    {
        var bytes = new byte[hex.Length / 2];
        return hex.Length % 2 == 0 && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? bytes
            : null;
    }

    private static NestedField Field(StructType type, string id) =>
        int.TryParse(id, Digits, CultureInfo.InvariantCulture, out var number) && type.Find(number) is { } field
            ? field
            : throw new IcebergFormatException($"'{id}' is no field id of {type}.");

    private static void CheckAll(IcebergType type, JsonElement items)
    {
        foreach (var item in items.EnumerateArray())
        {
            Check(type, item);
        }
    }

    private static string Shorten(JsonElement json) =>
        json.GetRawText() is { Length: > 60 } text ? text[..60] + "..." : json.GetRawText();

    [GeneratedRegex(
        @"^(?<h>\d{2}):(?<m>\d{2})(:(?<s>\d{2})(\.(?<f>\d{1,9}))?)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ClockTime();

    [GeneratedRegex(
        @"^(?<sign>-?)(?<whole>\d{1,40})(\.(?<fraction>\d{1,40}))?([eE](?<exponent>[+-]?\d{1,2}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex DecimalNumber();
}
