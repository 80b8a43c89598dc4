using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PvLakehouse.Sandbox.Http;

/// <summary>Writes JSON numbers in the exact forms of the real servers, and builds small bodies.</summary>
internal static class JsonText
{
    /// <summary>Bytes that the longest number written here can take.</summary>
    public const int MaxNumberLength = 32;

    // Beyond 2^53 a scaled double is no whole number any more.
    private const double LargestExact = 9_007_199_254_740_992;

    private static readonly double[] Scales = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    /// <summary>Leaves ° and μ as they are, as the real servers do.</summary>
    public static JsonWriterOptions Options { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Builds a body.</summary>
    public static byte[] Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a number with a fixed count of decimals, for example 3.60; no decimals gives an integer.</summary>
    /// <returns>Bytes written.</returns>
    public static int Fixed(double value, int decimals, Span<byte> destination)
    {
        var scaled = Math.Round(value * Scales[decimals]);
        if (Math.Abs(scaled) >= LargestExact)
        {
            return Shortest(value, destination);
        }

        var length = 0;
        var digits = (ulong)Math.Abs(scaled);
        if (scaled < 0)
        {
            destination[length++] = (byte)'-';
        }

        var scale = (ulong)Scales[decimals];
        Utf8Formatter.TryFormat(digits / scale, destination[length..], out var written);
        length += written;
        if (decimals > 0)
        {
            destination[length++] = (byte)'.';
            var rest = digits % scale;
            for (var i = length + decimals - 1; i >= length; i--)
            {
                destination[i] = (byte)('0' + (rest % 10));
                rest /= 10;
            }

            length += decimals;
        }

        return length;
    }

    /// <summary>Writes a number rounded to at most this many decimals, without needless zeros but at least one decimal, as Python does.</summary>
    /// <returns>Bytes written.</returns>
    public static int Rounded(double value, int decimals, Span<byte> destination)
    {
        var length = Fixed(value, decimals, destination);
        var point = destination[..length].IndexOf((byte)'.');
        while (point > 0 && destination[length - 1] == '0' && length > point + 2)
        {
            length--;
        }

        return length;
    }

    /// <summary>Writes the shortest text that reads back as the same number.</summary>
    /// <returns>Bytes written.</returns>
    public static int Shortest(double value, Span<byte> destination)
    {
        Utf8Formatter.TryFormat(value, destination, out var written);
        return written;
    }

    /// <summary>Writes a raw number as a property.</summary>
    public static void Number(this Utf8JsonWriter json, string name, double value, int decimals)
    {
        Span<byte> text = stackalloc byte[MaxNumberLength];
        json.WritePropertyName(name);
        json.WriteRawValue(text[..Rounded(value, decimals, text)], skipInputValidation: true);
    }

    /// <summary>A list in Python's notation, as the real server prints it in its messages.</summary>
    public static string PythonList(IEnumerable<string> items)
    {
        var text = new StringBuilder("[");
        text.AppendJoin(", ", items.Select(item => $"'{item}'"));
        return text.Append(']').ToString();
    }
}
