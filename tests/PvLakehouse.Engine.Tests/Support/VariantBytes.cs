using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PvLakehouse.Engine.Tests.Support;

/// <summary>Decodes variants to JSON by the Parquet format's specification (VariantEncoding.md), without the code under test.</summary>
internal sealed class VariantBytes
{
    private readonly byte[] _bytes;
    private readonly string[] _names;

    private VariantBytes(byte[] bytes, string[] names)
    {
        _bytes = bytes;
        _names = names;
    }

    /// <param name="bytes">The metadata and the value behind them.</param>
    public static string Json(byte[] bytes)
    {
        var size = (bytes[0] >> 6) + 1;
        var count = Number(bytes, 1, size);
        var offsets = Enumerable.Range(0, count + 1).Select(i => Number(bytes, 1 + ((i + 1) * size), size)).ToArray();
        var text = 1 + ((count + 2) * size);
        string[] names = [.. Enumerable.Range(0, count).Select(i => Encoding.UTF8.GetString(bytes, text + offsets[i], offsets[i + 1] - offsets[i]))];
        return new VariantBytes(bytes, names).Value(text + offsets[count]);
    }

    private string Value(int at)
    {
        var header = _bytes[at] >> 2;
        return (_bytes[at] & 3) switch
        {
            0 => Primitive(header, at + 1),
            1 => Quoted(at + 1, header),
            2 => Object(at + 1, (header & 3) + 1, ((header >> 2) & 3) + 1, (header & 16) != 0 ? 4 : 1),
            _ => List(at + 1, (header & 3) + 1, (header & 4) != 0 ? 4 : 1),
        };
    }

    private string Primitive(int type, int at) => type switch
    {
        0 => "null",
        1 => "true",
        2 => "false",
        3 => ((sbyte)_bytes[at]).ToString(CultureInfo.InvariantCulture),
        4 => BinaryPrimitives.ReadInt16LittleEndian(_bytes.AsSpan(at)).ToString(CultureInfo.InvariantCulture),
        5 => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at)).ToString(CultureInfo.InvariantCulture),
        6 => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(at)).ToString(CultureInfo.InvariantCulture),
        7 => BinaryPrimitives.ReadDoubleLittleEndian(_bytes.AsSpan(at)).ToString("0.0###############", CultureInfo.InvariantCulture),
        16 => Quoted(at + 4, Number(_bytes, at, 4)),
        _ => throw new NotSupportedException($"Primitive {type} is in none of the fixtures."),
    };

    private string Object(int at, int offsetSize, int idSize, int countSize)
    {
        var count = Number(_bytes, at, countSize);
        var ids = at + countSize;
        var offsets = ids + (count * idSize);
        var values = offsets + ((count + 1) * offsetSize);
        return $"{{{string.Join(',', Enumerable.Range(0, count).Select(i =>
            $"\"{_names[Number(_bytes, ids + (i * idSize), idSize)]}\":{Value(values + Number(_bytes, offsets + (i * offsetSize), offsetSize))}"))}}}";
    }

    private string List(int at, int offsetSize, int countSize)
    {
        var count = Number(_bytes, at, countSize);
        var offsets = at + countSize;
        var values = offsets + ((count + 1) * offsetSize);
        return $"[{string.Join(',', Enumerable.Range(0, count).Select(i => Value(values + Number(_bytes, offsets + (i * offsetSize), offsetSize))))}]";
    }

    private string Quoted(int at, int length) => JsonSerializer.Serialize(Encoding.UTF8.GetString(_bytes, at, length));

    private static int Number(byte[] bytes, int at, int size) => Enumerable.Range(0, size).Sum(i => bytes[at + i] << (8 * i));
}
