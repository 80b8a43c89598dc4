using System.Globalization;
using System.Numerics;
using System.Text.Json;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>A constant of a statement, read exactly or not at all: a doubtful one prunes nothing.</summary>
/// <param name="Value">The value as a .NET value; text stays text.</param>
/// <param name="CastTo">The type that the statement casts the text to; null without a cast.</param>
internal readonly record struct SqlConstant(object Value, string? CastTo)
{
    private static readonly string[] TimestampFormats =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFF", "yyyy-MM-dd",
    ];

    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFFK", "yyyy-MM-ddTHH:mm:ss.FFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFzz", "yyyy-MM-dd",
    ];

    /// <summary>Reads a literal, a literal cast once, or a parameter; null for everything else and for NULL.</summary>
    public static SqlConstant? Read(JsonElement expression, IReadOnlyDictionary<string, object?> parameters)
    {
        switch (expression.GetProperty("class").GetString())
        {
            case "CONSTANT":
                return Plain(expression.GetProperty("value")) is { } plain ? new SqlConstant(plain, null) : null;
            case "CAST" when !expression.GetProperty("try_cast").GetBoolean()
                && expression.GetProperty("child") is var child && child.GetProperty("class").GetString() is "CONSTANT"
                && Plain(child.GetProperty("value")) is string text:
                return new SqlConstant(text, expression.GetProperty("cast_type").GetProperty("id").GetString());
            case "PARAMETER":
                return expression.GetProperty("identifier").GetString() is { } name
                    && parameters.TryGetValue(name, out var value) && value is not null ? new SqlConstant(value, null) : null;
            default:
                return null;
        }
    }

    /// <summary>The same value in the type of a column, if DuckDB would compare exactly that.</summary>
    public bool TryAs(PrimitiveType type, out Literal literal)
    {
        var read = type.Kind switch
        {
            TypeKind.Boolean => AsBoolean(),
            TypeKind.Int or TypeKind.Long or TypeKind.Decimal or TypeKind.Float or TypeKind.Double => AsNumber(type),
            TypeKind.String when Value is string text && CastTo is null or "VARCHAR" => Literal.String(text),
            TypeKind.Date => AsDate(),
            TypeKind.Timestamp => AsTimestamp(),
            TypeKind.TimestampTz => AsInstant(),
            TypeKind.Uuid => AsUuid(),
            _ => null,
        };
        literal = read.GetValueOrDefault();
        return read is not null;
    }

    private static object? Plain(JsonElement value)
    {
        if (value.GetProperty("is_null").GetBoolean())
        {
            return null;
        }

        var content = value.GetProperty("value");
        return value.GetProperty("type").GetProperty("id").GetString() switch
        {
            "VARCHAR" => content.GetString(),
            "INTEGER" or "BIGINT" or "SMALLINT" or "TINYINT" when content.TryGetInt64(out var whole) => whole,
            "DOUBLE" when content.ValueKind == JsonValueKind.Number => content.GetDouble(),
            "DECIMAL" when content.TryGetInt64(out var unscaled) => Scaled(unscaled, value.GetProperty("type").GetProperty("type_info")),
            _ => null,
        };
    }

    private static object? Scaled(long unscaled, JsonElement info) =>
        info.TryGetProperty("scale", out var scale) && scale.GetInt32() is >= 0 and <= 18 and var digits
            ? unscaled / (decimal)BigInteger.Pow(10, digits)
            : null;

    private Literal? AsBoolean() => (Value, CastTo) switch
    {
        (bool value, _) => Literal.Boolean(value),
        ("t" or "true", "BOOLEAN") => Literal.Boolean(true),
        ("f" or "false", "BOOLEAN") => Literal.Boolean(false),
        _ => null,
    };

    private Literal? AsNumber(PrimitiveType type)
    {
        if (CastTo is not null)
        {
            return null;
        }

        var floating = type.Kind is TypeKind.Float or TypeKind.Double;
        Literal? exact = Value switch
        {
            sbyte or byte or short or ushort or int or uint or long =>
                Literal.Long(Convert.ToInt64(Value, CultureInfo.InvariantCulture)),
            // DuckDB compares an exact number with a floating-point literal as floating-point numbers.
            double or float when floating => Literal.Double(Convert.ToDouble(Value, CultureInfo.InvariantCulture)),
            decimal value when decimal.Truncate(value) == value && Math.Abs(value) < long.MaxValue => Literal.Long((long)value),
            decimal value when type.Kind == TypeKind.Decimal => Digits(value),
            decimal value when type.Kind == TypeKind.Double && IsDyadic(value) => Literal.Double((double)value),
            _ => null,
        };
        return exact is { } literal && literal.TryConvertTo(type, out var converted) ? converted : null;
    }

    /// <summary>Whether the value is a modest multiple of 1/1024, so that no rounding can happen on the way to a double.</summary>
    private static bool IsDyadic(decimal value) =>
        Math.Abs(value) < 1_000_000_000 && decimal.Truncate(value * 1024) == value * 1024;

    private static Literal Digits(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return Literal.Decimal(bits[3] < 0 ? -digits : digits, 38, value.Scale);
    }

    private Literal? AsDate() => Value switch
    {
        DateOnly date => Literal.Date(date),
        string text when CastTo is null or "DATE" && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) =>
            Literal.Date(date),
        string when Clock() is { TimeOfDay.Ticks: 0 } midnight => Literal.Date(DateOnly.FromDateTime(midnight)),
        _ => null,
    };

    private Literal? AsTimestamp() => Value switch
    {
        DateOnly date => Literal.Timestamp(date.ToDateTime(TimeOnly.MinValue)),
        DateTime { Kind: not DateTimeKind.Local } time => Literal.Timestamp(time),
        string when CastTo is null && Clock("TIMESTAMP") is { } time => Literal.Timestamp(time),
        string when Clock() is { } time => Literal.Timestamp(time),
        _ => null,
    };

    /// <summary>Sessions run in UTC, so a wall clock compared with an instant is UTC.</summary>
    private Literal? AsInstant() => Value switch
    {
        DateOnly date => Literal.TimestampTz(new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)),
        DateTimeOffset instant => Literal.TimestampTz(instant),
        DateTime { Kind: not DateTimeKind.Local } time => Literal.TimestampTz(new DateTimeOffset(time.Ticks, TimeSpan.Zero)),
        string text when CastTo is null or "TIMESTAMP WITH TIME ZONE" && DateTimeOffset.TryParseExact(
            text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) => Literal.TimestampTz(instant),
        string when Clock() is { } time => Literal.TimestampTz(new DateTimeOffset(time.Ticks, TimeSpan.Zero)),
        _ => null,
    };

    private Literal? AsUuid() => Value switch
    {
        Guid guid => Literal.Uuid(guid),
        string text when CastTo is null or "UUID" && Guid.TryParseExact(text, "D", out var guid) => Literal.Uuid(guid),
        _ => null,
    };

    /// <summary>A text cast to DATE or TIMESTAMP as a wall clock; null when it is anything but plain ISO 8601.</summary>
    private DateTime? Clock(string? assumedCast = null)
    {
        var formats = (assumedCast ?? CastTo) switch
        {
            "DATE" => TimestampFormats[^1..],
            "TIMESTAMP" => TimestampFormats,
            _ => [],
        };
        return DateTime.TryParseExact((string)Value, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }
}
