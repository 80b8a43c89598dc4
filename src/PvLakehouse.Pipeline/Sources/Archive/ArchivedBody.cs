using System.IO.Compression;
using System.Text.Json;

namespace PvLakehouse.Pipeline.Sources.Archive;

/// <summary>The content of an archived file: gzip of one line of JSON that describes the call, and the body as received.</summary>
internal static class ArchivedBody
{
    /// <summary>End of the names of archived files.</summary>
    public const string Extension = ".json.gz";

    /// <summary>Name of the folder of a dataset's loads that have not ended.</summary>
    public const string Unfinished = ".unfinished";

    public static async Task WriteAsync(Stream target, PayloadRecord payload, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(
            JsonSerializer.SerializeToUtf8Bytes(PayloadHeader.Of(payload), PayloadHeaderJson.Default.PayloadHeader),
            cancellationToken);
        await gzip.WriteAsync("\n"u8.ToArray(), cancellationToken);
        await gzip.WriteAsync(payload.Body, cancellationToken);
    }

    /// <param name="source">The file, disposed when it is read.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="batch">The batch it belongs to.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SourceException">The file is damaged.</exception>
    public static async Task<PayloadRecord> ReadAsync(
        Stream source, string name, IngestBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new MemoryStream();
            await using (var gzip = new GZipStream(source, CompressionMode.Decompress))
            {
                await gzip.CopyToAsync(content, cancellationToken);
            }

            ReadOnlyMemory<byte> bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
            var line = bytes.Span.IndexOf((byte)'\n');
            var header = line < 0
                ? null
                : JsonSerializer.Deserialize(bytes.Span[..line], PayloadHeaderJson.Default.PayloadHeader);
            var body = bytes[(line + 1)..];
            return header is not null && header.Length == body.Length
                ? header.With(batch, body)
                : throw Damaged(name, $"it holds {body.Length} bytes of body, expected {header?.Length}");
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            throw Damaged(name, exception.Message, exception);
        }
    }

    /// <summary>The call that a file's first line describes; its body is not unpacked.</summary>
    /// <exception cref="SourceException">The file is damaged.</exception>
    public static async Task<ArchivedCall> ReadCallAsync(
        Stream source, string name, Func<CancellationToken, Task<PayloadRecord>> body, CancellationToken cancellationToken)
    {
        try
        {
            await using var gzip = new GZipStream(source, CompressionMode.Decompress);
            using var reader = new StreamReader(gzip);
            var line = await reader.ReadLineAsync(cancellationToken) ?? "";
            return JsonSerializer.Deserialize(line, PayloadHeaderJson.Default.PayloadHeader) is { } header
                ? new(header.Address, header.ReceivedAt, header.To, body)
                : throw Damaged(name, "its first line is empty");
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            throw Damaged(name, exception.Message, exception);
        }
    }

    public static SourceException Missing(string name) => new(
        SourceFault.BadPayload, "archive", window: null, $"{name} is missing; restore it from a copy, or ingest its window again.");

    public static SourceException Damaged(string name, string problem, Exception? cause = null) => new(
        SourceFault.BadPayload, "archive", window: null,
        $"{name} is damaged ({problem}); restore it from a copy, or ingest its window again.", cause);

    /// <summary>A name that stays inside its folder.</summary>
    public static string Segment(string name) =>
        name.Length > 0 && name is not "." and not ".." && name.IndexOfAny(['/', '\\', '\0']) < 0
            ? name
            : throw new ArgumentException($"'{name}' cannot name a folder of the archive.", nameof(name));
}
