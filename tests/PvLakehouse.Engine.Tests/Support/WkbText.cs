using System.Buffers.Binary;
using System.Globalization;

namespace PvLakehouse.Engine.Tests.Support;

/// <summary>Well-known binary as well-known text, by ISO 13249-3; little-endian only.</summary>
internal sealed class WkbText(byte[] bytes)
{
    private static readonly string[] Names =
        ["", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

    private static readonly string[] Suffixes = ["", " Z", " M", " ZM"];

    private int _at;

    /// <summary>The text, as the writers of the fixtures format it.</summary>
    public static string Of(byte[] bytes) => new WkbText(bytes).Next(named: true);

    private string Next(bool named)
    {
        Assert.Equal(1, bytes[_at++]);
        var code = Whole();
        var (kind, suffix) = (code % 1000, code / 1000);
        var numbers = suffix switch { 0 => 2, 3 => 4, _ => 3 };
        var text = kind switch
        {
            1 => Point(numbers) is var point && point.Replace("nan", "", StringComparison.Ordinal).Trim().Length == 0 ? "EMPTY" : $"({point})",
            2 => Points(numbers),
            3 => Many(() => Points(numbers)),
            _ => Many(() => Next(named: kind is 7)),
        };
        return named ? $"{Names[kind]}{Suffixes[suffix]} {text}" : text;
    }

    private string Points(int numbers) => Many(() => Point(numbers));

    private string Many(Func<string> next)
    {
        string[] parts = [.. Enumerable.Range(0, Whole()).Select(_ => next())];
        return parts.Length == 0 ? "EMPTY" : $"({string.Join(", ", parts)})";
    }

    private string Point(int numbers) => string.Join(' ', Enumerable.Range(0, numbers).Select(_ => Number()));

    private int Whole()
    {
        _at += 4;
        return BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(_at - 4));
    }

    private string Number()
    {
        _at += 8;
        var value = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(_at - 8));
        return double.IsNaN(value) ? "nan" : value.ToString("R", CultureInfo.InvariantCulture);
    }
}
