using System.Buffers.Binary;
using System.IO.Compression;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Avro;

/// <summary>Unpacks the blocks of Avro files (Avro 1.12 specification, "Required Codecs" and "Optional Codecs").</summary>
internal static class AvroCodec
{
    /// <summary>No writer makes blocks or headers of this size; a larger length is damage.</summary>
    public const int LargestBlock = 512 * 1024 * 1024;

    public static bool IsKnown(string codec) => codec is "null" or "deflate" or "snappy";

    /// <exception cref="IcebergFormatException">The block cannot be unpacked.</exception>
    public static ReadOnlyMemory<byte> Unpack(string codec, byte[] block) => codec switch
    {
        "deflate" => Inflate(block),
        "snappy" => Unsnap(block),
        _ => block,
    };

    private static ReadOnlyMemory<byte> Inflate(byte[] block)
    {
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(block), CompressionMode.Decompress);
            return Inflation.ReadAll(deflate, block.Length * 4L, LargestBlock);
        }
        catch (InvalidDataException e)
        {
            throw new IcebergFormatException($"An Avro block cannot be decompressed: {e.Message}", innerException: e);
        }
    }

    /// <summary>The checksum of the plain bytes follows the packed ones, big-endian.</summary>
    private static byte[] Unsnap(byte[] block)
    {
        if (block.Length < 4)
        {
            throw new IcebergFormatException("An Avro block of codec snappy has no checksum.");
        }

        var plain = Snappy.Unpack(block.AsSpan(0, block.Length - 4), LargestBlock);
        return Crc32.Of(plain) == BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(block.Length - 4))
            ? plain
            : throw new IcebergFormatException("An Avro block of codec snappy does not fit its checksum.");
    }
}
