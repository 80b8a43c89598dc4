using System.Collections;
using System.Globalization;

namespace PvLakehouse.Engine.Tests.Reading;

/// <summary>Values of results as text that can be compared.</summary>
internal static class Values
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static string Text(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        float number => number.ToString("R", Invariant),
        double number => number.ToString("R", Invariant),
        DateTime { Kind: DateTimeKind.Utc } instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", Invariant),
        DateTime clock => clock.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", Invariant),
        DateOnly date => date.ToString("yyyy-MM-dd", Invariant),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFF", Invariant),
        byte[] bytes => $"hex:{Convert.ToHexStringLower(bytes)}",
        Stream stream => $"hex:{Convert.ToHexStringLower(Read(stream))}",
        string text => text,
        IDictionary map => $"{{{string.Join(", ", map.Keys.Cast<object>().Select(k => $"{Text(k)}={Text(map[k])}"))}}}",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        IFormattable formattable => formattable.ToString(null, Invariant),
        _ => value.ToString()!,
    };

    private static byte[] Read(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
