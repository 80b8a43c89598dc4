using System.Buffers;
using Amazon.S3.Model;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.S3;

/// <summary>
/// A file on its way into the store: up to one part in one request, more in parts, of which one is sent while the next fills.
/// </summary>
internal sealed class S3NewFile : NewFile
{
    /// <summary>S3 takes no more parts.</summary>
    private const int MostParts = 10_000;

    /// <summary>Small files should not hold the memory of a part: the buffer grows.</summary>
    private const int FirstBuffer = 64 * 1024;

    private readonly S3Objects _objects;
    private readonly S3Location _location;
    private readonly int _partSize;
    private readonly Action _onComplete;
    private readonly Guid _write = Guid.NewGuid();
    private readonly List<PartETag> _parts = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _filled;
    private string? _upload;
    private Task<PartETag>? _sending;
    private byte[]? _sendingBuffer;
    private int _numbers;
    private bool _closed;

    /// <param name="objects">Sends the requests.</param>
    /// <param name="location">Where the file will be.</param>
    /// <param name="partSize">Size of a part [bytes].</param>
    /// <param name="onComplete">Told when the file is there.</param>
    public S3NewFile(S3Objects objects, S3Location location, int partSize, Action onComplete)
    {
        _objects = objects;
        _location = location;
        _partSize = partSize;
        _onComplete = onComplete;
        Content = new UploadStream(this);
    }

    public override Stream Content { get; }

    public override async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_upload is null)
        {
            await _objects.PutAsync(_location, _buffer.AsMemory(0, _filled), _write, cancellationToken);
        }
        else
        {
            if (_filled > 0)
            {
                await SendPartAsync(cancellationToken);
            }

            await FinishPartAsync();
            await _objects.CompleteAsync(_location, _upload, _parts, _write, cancellationToken);
        }

        _closed = true;
        _onComplete();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    public override async ValueTask DisposeAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        try
        {
            if (_sending is not null)
            {
                await ((Task)_sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (_upload is not null)
            {
                await _objects.AbandonAsync(_location, _upload);
            }
        }
        catch (IOException)
        {
            // Parts that stay are invisible; a lifecycle rule of the bucket removes them. The failure that led here matters more.
        }
        finally
        {
            // A request that failed may still be in the hands of the HTTP stack: its buffer is left to the collector.
            (_buffer, _sendingBuffer) = ([], null);
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        while (bytes.Length > 0)
        {
            if (_filled == _partSize)
            {
                await SendPartAsync(cancellationToken);
            }

            MakeRoom(Math.Min(_partSize, _filled + bytes.Length));
            var count = Math.Min(bytes.Length, Math.Min(_buffer.Length, _partSize) - _filled);
            bytes[..count].CopyTo(_buffer.AsMemory(_filled));
            _filled += count;
            bytes = bytes[count..];
        }
    }

    private void MakeRoom(int needed)
    {
        if (_buffer.Length >= needed)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_partSize, Math.Max(needed, _buffer.Length * 2)));
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>Sends what is filled as the next part, once the part before it is sent.</summary>
    private async Task SendPartAsync(CancellationToken cancellationToken)
    {
        await FinishPartAsync();
        if (_numbers == MostParts)
        {
            throw new IOException(
                $"{_location} would have more than {MostParts} parts of {_partSize} bytes; raise {S3Properties.PartSize}.");
        }

        _upload ??= await _objects.StartAsync(_location, _write, cancellationToken);
        _sendingBuffer = _buffer;
        _sending = _objects.PutPartAsync(_location, _upload, ++_numbers, _buffer.AsMemory(0, _filled), cancellationToken);
        _buffer = ArrayPool<byte>.Shared.Rent(_partSize);
        _filled = 0;
    }

    private async Task FinishPartAsync()
    {
        if (_sending is null)
        {
            return;
        }

        _parts.Add(await _sending);
        _sending = null;
        ArrayPool<byte>.Shared.Return(_sendingBuffer!);
        _sendingBuffer = null;
    }

    private sealed class UploadStream(S3NewFile file) : Stream
    {
        private long _length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => !file._closed;

        public override long Length => _length;

        /// <summary>How much was written; it cannot be set.</summary>
        public override long Position
        {
            get => _length;
            set => throw new NotSupportedException("A new object is written from its start to its end.");
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await file.WriteAsync(buffer, cancellationToken);
            _length += buffer.Length;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) =>
            WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override void Flush()
        {
            // An object becomes visible as a whole.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A new object is only written.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A new object is written from its start to its end.");

        public override void SetLength(long value) => throw new NotSupportedException("A new object is written from its start to its end.");
    }
}
