using System.Globalization;
using PvLakehouse.Engine.Sql.Text;

namespace PvLakehouse.Engine.Sql.Parsing;

/// <summary>Constants in properties and arguments, where no engine is needed to know them.</summary>
/// <remarks>
/// Null is SQL's null; texts are string, numbers long or decimal, TRUE and FALSE bool, TIMESTAMP and DATE with a text an
/// instant (UTC where no zone is written), ARRAY[...] and array(...) a list, map(...) a dictionary of texts.
/// </remarks>
internal static class ConstantParser
{
    private static readonly string[] Instants =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF 'UTC'", "yyyy-MM-dd HH:mm:ss.FFFFFFF'Z'",
    ];

    /// <summary>Reads a whole text as a constant.</summary>
    /// <param name="source">The expression as written.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False when it is something else, which an engine may compute.</returns>
    public static bool TryRead(string source, out object? value)
    {
        var reader = new TokenReader(source);
        return TryRead(reader, out value) && reader.AtEnd;
    }

    /// <summary>An instant from a text; null when it is none.</summary>
    public static DateTimeOffset? Instant(string text) => DateTimeOffset.TryParseExact(
        text.Trim(), Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
        ? instant
        : null;

    private static bool TryRead(TokenReader reader, out object? value)
    {
        var token = reader.Current;
        switch (token.Kind)
        {
            case SqlTokenKind.Text:
                value = reader.Any().Value;
                return true;
            case SqlTokenKind.Number:
                return TryNumber(reader.Any().Value, negative: false, out value);
            case SqlTokenKind.Symbol when reader.Take("-"):
                value = null;
                return reader.Current.Kind == SqlTokenKind.Number && TryNumber(reader.Any().Value, negative: true, out value);
            case SqlTokenKind.Word:
                return TryWord(reader, out value);
            default:
                value = null;
                return false;
        }
    }

    private static bool TryWord(TokenReader reader, out object? value)
    {
        value = null;
        if (reader.Take("NULL"))
        {
            return true;
        }

        if (reader.At("TRUE") || reader.At("FALSE"))
        {
            value = reader.Any().Is("TRUE");
            return true;
        }

        if ((reader.At("TIMESTAMP") || reader.At("DATE") || reader.At("TIMESTAMPTZ")) && reader.Peek(1).Kind == SqlTokenKind.Text)
        {
            _ = reader.Any();
            value = Instant(reader.Any().Value);
            return value is not null;
        }

        if (reader.Take("ARRAY", "["))
        {
            return TryList(reader, "]", out value);
        }

        if (reader.Take("ARRAY", "("))
        {
            return TryList(reader, ")", out value);
        }

        if (!reader.Take("MAP", "(") || !TryList(reader, ")", out var parts))
        {
            return false;
        }

        value = Map((List<object?>)parts!);
        return value is not null;
    }

    private static bool TryList(TokenReader reader, string end, out object? value)
    {
        var items = new List<object?>();
        value = items;
        if (reader.Take(end))
        {
            return true;
        }

        do
        {
            if (!TryRead(reader, out var item))
            {
                return false;
            }

            items.Add(item);
        }
        while (reader.Take(","));
        return reader.Take(end);
    }

    /// <summary>Spark writes key, value, key, value; Trino an array of keys and an array of values.</summary>
    private static Dictionary<string, string>? Map(List<object?> parts)
    {
        if (parts is [List<object?> keys, List<object?> values] && keys.Count == values.Count)
        {
            parts = [.. keys.Zip(values).SelectMany(p => new[] { p.First, p.Second })];
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < parts.Count; i += 2)
        {
            if (parts[i] is null or List<object?> || parts[i + 1] is null or List<object?>
                || !map.TryAdd(Print(parts[i]!), Print(parts[i + 1]!)))
            {
                return null;
            }
        }

        return parts.Count % 2 == 0 ? map : null;
    }

    /// <summary>A constant as a table property holds it.</summary>
    public static string Print(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static bool TryNumber(string text, bool negative, out object? value)
    {
        var signed = (negative ? "-" : "") + text.Replace("_", "", StringComparison.Ordinal);
        value = long.TryParse(signed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
            : decimal.TryParse(signed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : null;
        return value is not null;
    }
}
