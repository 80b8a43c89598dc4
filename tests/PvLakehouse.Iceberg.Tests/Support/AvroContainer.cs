using System.Buffers.Binary;
using PvLakehouse.Iceberg.Avro;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Packs the blocks of an Avro file anew, as writers with other codecs would.</summary>
internal static class AvroContainer
{
    public static async Task<byte[]> RepackAsync(byte[] file, string codec, Func<byte[], byte[]> pack)
    {
        using var stream = new MemoryStream(file);
        var reader = await AvroFileReader.OpenAsync(stream, "original", TestTable.Cancel);
        var sync = new byte[16];
        var encoder = new AvroEncoder();
        encoder.WriteFixed("Obj\u0001"u8);
        encoder.WriteLong(reader.Metadata.Count);
        foreach (var (key, value) in reader.Metadata)
        {
            encoder.WriteString(key);
            encoder.WriteBytes(key == "avro.codec" ? System.Text.Encoding.UTF8.GetBytes(codec) : value);
        }

        encoder.WriteLong(0);
        encoder.WriteFixed(sync);
        await foreach (var (count, data) in reader.ReadBlocksAsync(TestTable.Cancel))
        {
            encoder.WriteLong(count);
            encoder.WriteBytes(pack(data.ToArray()));
            encoder.WriteFixed(sync);
        }

        return encoder.Written.ToArray();
    }

    /// <summary>Snappy without any compression: one literal, then the checksum of the plain bytes.</summary>
    public static byte[] SnappyLiteral(byte[] plain)
    {
        var length = new List<byte>();
        for (var rest = plain.Length; ; rest >>= 7)
        {
            length.Add((byte)(rest > 127 ? rest | 0x80 : rest));
            if (rest <= 127)
            {
                break;
            }
        }

        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, plain.Length - 1);
        var checksum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, DvBytes.Crc(plain));
        return [.. length, 63 << 2, .. size, .. plain, .. checksum];
    }
}
