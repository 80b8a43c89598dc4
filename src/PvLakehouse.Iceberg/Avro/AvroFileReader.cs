using System.Runtime.CompilerServices;
using System.Text;

namespace PvLakehouse.Iceberg.Avro;

/// <summary>
/// Reads Avro object container files block by block (Avro 1.12 specification, "Object Container Files").
/// </summary>
internal sealed class AvroFileReader
{
    internal static readonly byte[] Magic = [(byte)'O', (byte)'b', (byte)'j', 1];
    private const int SyncLength = 16;

    private readonly Stream _stream;
    private readonly string _location;
    private readonly byte[] _one = new byte[1];
    private readonly byte[] _sync = new byte[SyncLength];
    private readonly string _codec;

    private AvroFileReader(Stream stream, string location, Dictionary<string, byte[]> metadata)
    {
        _stream = stream;
        _location = location;
        Metadata = metadata;
        _codec = Text("avro.codec") ?? "null";
        if (!AvroCodec.IsKnown(_codec))
        {
            throw new IcebergFormatException(
                $"Avro codec '{_codec}' is not supported; null, deflate and snappy are.", location);
        }

        var schema = Text("avro.schema") ?? throw new IcebergFormatException("The Avro file has no schema.", location);
        WriterSchema = ParseSchema(schema, location) as AvroRecord
            ?? throw new IcebergFormatException("The Avro file holds something other than records.", location);
    }

    /// <summary>The key/value pairs of the header.</summary>
    public IReadOnlyDictionary<string, byte[]> Metadata { get; }

    /// <summary>The schema of the records.</summary>
    public AvroRecord WriterSchema { get; }

    public static async Task<AvroFileReader> OpenAsync(Stream stream, string location, CancellationToken cancellationToken)
    {
        var magic = new byte[4];
        if (await stream.ReadAtLeastAsync(magic, 4, throwOnEndOfStream: false, cancellationToken) != 4
            || !magic.AsSpan().SequenceEqual(Magic))
        {
            throw new IcebergFormatException(
                "The file is not an Avro container: it does not begin with 'Obj1'.", location);
        }

        var metadata = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var header = new HeaderReader(stream, location);
        for (var count = await header.ReadLongAsync(cancellationToken); count != 0;
             count = await header.ReadLongAsync(cancellationToken))
        {
            if (count < 0)
            {
                count = -count;
                await header.ReadLongAsync(cancellationToken);
            }

            for (var i = 0L; i < count; i++)
            {
                var key = Encoding.UTF8.GetString(await header.ReadBytesAsync(cancellationToken));
                metadata[key] = await header.ReadBytesAsync(cancellationToken);
            }
        }

        var reader = new AvroFileReader(stream, location, metadata);
        await reader.FillAsync(reader._sync, cancellationToken);
        return reader;
    }

    /// <summary>The text of a key of the header, or null.</summary>
    public string? Text(string key) => Metadata.TryGetValue(key, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Reads the blocks: how many records each holds, and their bytes without compression.</summary>
    public async IAsyncEnumerable<(int Count, ReadOnlyMemory<byte> Data)> ReadBlocksAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var header = new HeaderReader(_stream, _location);
        var sync = new byte[SyncLength];
        while (await _stream.ReadAsync(_one, cancellationToken) == 1)
        {
            var count = await header.ReadLongAsync(_one[0], cancellationToken);
            if (count is < 0 or > int.MaxValue)
            {
                throw new IcebergFormatException($"An Avro block promises {count} records.", _location);
            }

            var data = await header.ReadBytesAsync(cancellationToken);
            await FillAsync(sync, cancellationToken);
            if (!sync.AsSpan().SequenceEqual(_sync))
            {
                throw new IcebergFormatException("An Avro block does not end with the file's sync marker.", _location);
            }

            yield return ((int)count, Unpack(data));
        }
    }

    private static AvroSchema ParseSchema(string schema, string location)
    {
        try
        {
            return AvroSchema.Parse(schema);
        }
        catch (IcebergFormatException e)
        {
            throw new IcebergFormatException(e.Message, location, e);
        }
    }

    private ReadOnlyMemory<byte> Unpack(byte[] block)
    {
        try
        {
            return AvroCodec.Unpack(_codec, block);
        }
        catch (IcebergFormatException e)
        {
            throw new IcebergFormatException(e.Message, _location, e);
        }
    }

    private async Task FillAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        if (await _stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) < buffer.Length)
        {
            throw new IcebergFormatException("The Avro file ends too early.", _location);
        }
    }

    /// <summary>Reads the few numbers and byte strings that lie outside of blocks.</summary>
    private sealed class HeaderReader(Stream stream, string location)
    {
        private readonly byte[] _one = new byte[1];

        public async Task<long> ReadLongAsync(CancellationToken cancellationToken) =>
            await ReadLongAsync(await NextAsync(cancellationToken), cancellationToken);

        public async Task<long> ReadLongAsync(byte first, CancellationToken cancellationToken)
        {
            var value = (ulong)(first & 0x7f);
            var last = first;
            for (var shift = 7; (last & 0x80) != 0; shift += 7)
            {
                if (shift > 63)
                {
                    throw new IcebergFormatException("An Avro number is longer than ten bytes.", location);
                }

                last = await NextAsync(cancellationToken);
                value |= (ulong)(last & 0x7f) << shift;
            }

            return (long)(value >> 1) ^ -(long)(value & 1);
        }

        public async Task<byte[]> ReadBytesAsync(CancellationToken cancellationToken)
        {
            var length = await ReadLongAsync(cancellationToken);
            if (length is < 0 or > AvroCodec.LargestBlock || (stream.CanSeek && length > stream.Length - stream.Position))
            {
                throw new IcebergFormatException(
                    $"The Avro file promises {length} bytes that are not there.", location);
            }

            var bytes = new byte[length];
            return await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken) == bytes.Length
                ? bytes
                : throw new IcebergFormatException("The Avro file ends too early.", location);
        }

        private async Task<byte> NextAsync(CancellationToken cancellationToken) =>
            await stream.ReadAsync(_one, cancellationToken) == 1
                ? _one[0]
                : throw new IcebergFormatException("The Avro file ends too early.", location);
    }
}
