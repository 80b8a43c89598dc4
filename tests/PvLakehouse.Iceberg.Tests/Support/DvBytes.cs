using System.Buffers.Binary;
using System.IO.Compression;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Builds deletion vectors byte by byte from the specifications, without the code under test.</summary>
internal static class DvBytes
{
    /// <summary>A 64-bit bitmap: count, then key and 32-bit bitmap for each key.</summary>
    public static byte[] Set(params (uint Key, byte[] Bitmap)[] bitmaps) =>
        [.. U64((ulong)bitmaps.Length), .. bitmaps.SelectMany(b => U32(b.Key).Concat(b.Bitmap))];

    /// <summary>A 32-bit bitmap without runs: cookie, count, heads, offsets, containers.</summary>
    public static byte[] Bitmap(params (ushort Key, int Count, byte[] Content)[] containers)
    {
        var offset = 8 + (8 * containers.Length);
        var offsets = new List<byte>();
        foreach (var (_, _, content) in containers)
        {
            offsets.AddRange(U32((uint)offset));
            offset += content.Length;
        }

        return
        [
            .. U32(12346), .. U32((uint)containers.Length),
            .. containers.SelectMany(c => U16(c.Key).Concat(U16((ushort)(c.Count - 1)))),
            .. offsets, .. containers.SelectMany(c => c.Content),
        ];
    }

    /// <summary>A 32-bit bitmap of runs only: cookie with count, flags, heads, offsets from four containers on, runs.</summary>
    public static byte[] Runs(params (ushort Key, (ushort First, ushort Last)[] Runs)[] containers)
    {
        var flags = new byte[(containers.Length + 7) / 8];
        for (var i = 0; i < containers.Length; i++)
        {
            flags[i / 8] |= (byte)(1 << (i % 8));
        }

        var offset = 4 + flags.Length + (8 * containers.Length);
        var offsets = new List<byte>();
        foreach (var (_, runs) in containers)
        {
            offsets.AddRange(U32((uint)offset));
            offset += 2 + (4 * runs.Length);
        }

        return
        [
            .. U32(12347 | ((uint)(containers.Length - 1) << 16)), .. flags,
            .. containers.SelectMany(c => U16(c.Key).Concat(U16((ushort)(c.Runs.Sum(r => r.Last - r.First + 1) - 1)))),
            .. containers.Length >= 4 ? offsets : [],
            .. containers.SelectMany(c => U16((ushort)c.Runs.Length).Concat(c.Runs.SelectMany(r => U16(r.First).Concat(U16((ushort)(r.Last - r.First)))))),
        ];
    }

    public static byte[] Array(params ushort[] values) => [.. values.SelectMany(U16)];

    /// <summary>The blob: length, magic, bitmap, checksum.</summary>
    public static byte[] Blob(byte[] set)
    {
        byte[] body = [0xD1, 0xD3, 0x39, 0x64, .. set];
        return [.. BigEndian((uint)body.Length), .. body, .. BigEndian(Crc(body))];
    }

    /// <summary>A Puffin file without compression around blobs of deletion vectors.</summary>
    public static byte[] Puffin(string footer, params byte[][] blobs)
    {
        byte[] magic = [(byte)'P', (byte)'F', (byte)'A', (byte)'1'];
        var payload = System.Text.Encoding.UTF8.GetBytes(footer);
        return [.. magic, .. blobs.SelectMany(b => b), .. magic, .. payload, .. U32((uint)payload.Length), 0, 0, 0, 0, .. magic];
    }

    /// <summary>The checksum that zlib writes at the end of gzip data, before their length.</summary>
    public static uint Crc(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(data);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(packed.ToArray().AsSpan()[^8..]);
    }

    public static byte[] U16(ushort value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] U32(uint value) => [.. U16((ushort)value), .. U16((ushort)(value >> 16))];

    private static byte[] U64(ulong value) => [.. U32((uint)value), .. U32((uint)(value >> 32))];

    private static byte[] BigEndian(uint value) => [.. U32(value).Reverse()];
}
