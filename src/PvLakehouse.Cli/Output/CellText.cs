using System.Collections;
using System.Globalization;
using System.Numerics;

namespace PvLakehouse.Cli.Output;

/// <summary>Values as text, the same in every format.</summary>
internal static class CellText
{
    /// <summary>The value in invariant culture; null is empty.</summary>
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        // An instant says that it is UTC, a wall clock does not.
        DateTime { Kind: DateTimeKind.Utc } instant => Fraction(instant, "yyyy-MM-dd'T'HH:mm:ss") + "Z",
        DateTime wall => Fraction(wall, "yyyy-MM-dd'T'HH:mm:ss"),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        IDictionary map => "{" + string.Join(", ", map.Keys.Cast<object>().Select(key => $"{Of(key)}: {Of(map[key])}")) + "}",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Of)) + "]",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Whether values of this kind are aligned right.</summary>
    public static bool IsNumber(object? value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal or BigInteger;

    private static string Fraction(DateTime value, string format) =>
        value.ToString(value.Ticks % TimeSpan.TicksPerSecond == 0 ? format : format + ".ffffff", CultureInfo.InvariantCulture);
}
