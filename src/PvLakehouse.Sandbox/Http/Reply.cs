namespace PvLakehouse.Sandbox.Http;

/// <summary>An answer before it is sent, so that a fault can still spoil it.</summary>
internal abstract record Reply(int Status, string ContentType)
{
    public const string Json = "application/json; charset=utf-8";

    /// <summary>Headers beside the content type.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>An answer whose length is told in advance.</summary>
internal sealed record BufferedReply(int Status, string ContentType, ReadOnlyMemory<byte> Body) : Reply(Status, ContentType);

/// <summary>An answer written piece by piece, sent in chunks.</summary>
internal sealed record StreamedReply(int Status, string ContentType, Func<Stream, CancellationToken, Task> WriteAsync)
    : Reply(Status, ContentType);
