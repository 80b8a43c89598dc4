using System.IO.Compression;

namespace PvLakehouse.Iceberg.Avro;

/// <summary>Writes Avro object container files, deflate by block.</summary>
internal sealed class AvroFileWriter
{
    private const int BlockSize = 64 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _sync;
    private readonly AvroEncoder _block = new();
    private int _blockCount;

    private AvroFileWriter(Stream stream, byte[] sync)
    {
        _stream = stream;
        _sync = sync;
    }

    /// <summary>Bytes handed to the stream so far; those of the open block are not counted.</summary>
    public long Length { get; private set; }

    public static async Task<AvroFileWriter> CreateAsync(
        Stream stream,
        string schema,
        IReadOnlyDictionary<string, string> metadata,
        Guid sync,
        CancellationToken cancellationToken)
    {
        var header = new AvroEncoder();
        header.WriteFixed(AvroFileReader.Magic);
        header.WriteLong(metadata.Count + 2);
        foreach (var (key, value) in metadata)
        {
            header.WriteString(key);
            header.WriteString(value);
        }

        header.WriteString("avro.schema");
        header.WriteString(schema);
        header.WriteString("avro.codec");
        header.WriteString("deflate");
        header.WriteLong(0);
        var writer = new AvroFileWriter(stream, sync.ToByteArray());
        header.WriteFixed(writer._sync);
        await writer.PutAsync(header.Written, cancellationToken);
        return writer;
    }

    /// <summary>Appends one record by writing its fields in the order of the schema.</summary>
    public async Task AppendAsync<T>(T record, Action<AvroEncoder, T> write, CancellationToken cancellationToken)
    {
        write(_block, record);
        _blockCount++;
        if (_block.Length >= BlockSize)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Ends the open block.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_blockCount == 0)
        {
            return;
        }

        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(_block.Written.Span);
        }

        var head = new AvroEncoder();
        head.WriteLong(_blockCount);
        head.WriteBytes(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        head.WriteFixed(_sync);
        _block.Clear();
        _blockCount = 0;
        await PutAsync(head.Written, cancellationToken);
    }

    private async Task PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(bytes, cancellationToken);
        Length += bytes.Length;
    }
}
