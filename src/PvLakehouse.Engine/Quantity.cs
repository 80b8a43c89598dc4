using System.Globalization;

namespace PvLakehouse.Engine;

/// <summary>Times and sizes in Trino's notation: a number and a unit, such as <c>7d</c> or <c>128MB</c>.</summary>
public static class Quantity
{
    /// <summary>A time; null when the text is none.</summary>
    public static TimeSpan? Span(string text) => Read(text) is not var (number, unit) ? null : unit switch
    {
        "d" => TimeSpan.FromDays(number),
        "h" => TimeSpan.FromHours(number),
        "m" => TimeSpan.FromMinutes(number),
        "s" => TimeSpan.FromSeconds(number),
        "ms" => TimeSpan.FromMilliseconds(number),
        _ => null,
    };

    /// <summary>A size [bytes], units being powers of 1024; null when the text is none.</summary>
    public static long? Bytes(string text) => Read(text) is not var (number, unit) ? null : unit switch
    {
        "B" => (long)number,
        "kB" => (long)(number * 1024),
        "MB" => (long)(number * 1024 * 1024),
        "GB" => (long)(number * 1024 * 1024 * 1024),
        "TB" => (long)(number * 1024 * 1024 * 1024 * 1024),
        _ => null,
    };

    private static (double Number, string Unit)? Read(string text)
    {
        var trimmed = text.Trim();
        var digits = trimmed.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        return double.TryParse(trimmed.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e9
            ? (number, trimmed[digits..].Trim())
            : null;
    }
}
