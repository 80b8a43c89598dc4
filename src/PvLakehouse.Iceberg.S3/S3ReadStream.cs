using System.Buffers;
using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace PvLakehouse.Iceberg.S3;

/// <summary>Reads an object block by block; who reads on gets larger and larger blocks, who jumps small ones.</summary>
internal sealed class S3ReadStream : Stream
{
    private const int SmallBlock = 256 * 1024;
    private const int LargeBlock = 8 * 1024 * 1024;

    private readonly S3Store _store;
    private readonly S3Location _location;
    private string? _tag;
    private byte[] _block = [];
    private long _blockStart;
    private int _blockLength;
    private int _next = SmallBlock;
    private long _length;
    private long _position;

    private S3ReadStream(S3Store store, S3Location location)
    {
        _store = store;
        _location = location;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <summary>Opens an object; its first block comes with the same request.</summary>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    public static async Task<S3ReadStream> OpenAsync(S3Store store, S3Location location, CancellationToken cancellationToken)
    {
        var stream = new S3ReadStream(store, location);
        await stream.FetchAsync(0, SmallBlock, cancellationToken);
        return stream;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= _length || buffer.Length == 0)
        {
            return 0;
        }

        if (!IsInBlock)
        {
            _next = _position == _blockStart + _blockLength ? Math.Min(_next * 2, LargeBlock) : SmallBlock;
            await FetchAsync(_position, (int)Math.Min(_next, _length - _position), cancellationToken);
        }

        return Take(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        if (_position >= _length || buffer.Length == 0)
        {
            return 0;
        }

        return IsInBlock ? Take(buffer) : base.Read(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => _length + offset,
        };
        return _position = target >= 0 ? target : throw new IOException($"{_location}: there is nothing before its start.");
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException("An object is only read.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("An object is only read.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && _block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_block);
            _block = [];
            _blockLength = 0;
        }

        base.Dispose(disposing);
    }

    private bool IsInBlock => _position >= _blockStart && _position < _blockStart + _blockLength;

    private int Take(Span<byte> buffer)
    {
        var from = (int)(_position - _blockStart);
        var count = Math.Min(buffer.Length, _blockLength - from);
        _block.AsSpan(from, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    private async Task FetchAsync(long start, int count, CancellationToken cancellationToken)
    {
        if (_block.Length < count)
        {
            if (_block.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_block);
                _block = [];
            }

            _block = ArrayPool<byte>.Shared.Rent(count);
        }

        _blockLength = 0;
        _blockLength = await _store.SendAsync("read", _location, (client, token) => FetchOnceAsync(client, start, count, token), cancellationToken);
        _blockStart = start;
    }

    private async Task<int> FetchOnceAsync(AmazonS3Client client, long start, int count, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = _location.Bucket,
            Key = _location.Key,
            ByteRange = new ByteRange(start, start + count - 1),
            EtagToMatch = _tag,
        };
        try
        {
            using var answer = await client.GetObjectAsync(request, cancellationToken);
            if (_tag is null)
            {
                _tag = answer.ETag;
                _length = TotalOf(answer);
            }

            var expected = (int)Math.Min(count, _length - start);
            await answer.ResponseStream.ReadExactlyAsync(_block.AsMemory(0, expected), cancellationToken);
            return expected;
        }
        catch (AmazonS3Exception e) when (start == 0 && e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // An empty object has no first byte.
            return 0;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw new IcebergException($"{_location} changed while it was read; files of tables never change.", e);
        }
    }

    /// <summary>The length of the whole object: behind the slash of "bytes 0-9/100".</summary>
    private static long TotalOf(GetObjectResponse answer)
    {
        var range = answer.ContentRange;
        var slash = range?.LastIndexOf('/') ?? -1;
        return slash >= 0 && long.TryParse(range.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            ? total
            : answer.ContentLength;
    }
}
