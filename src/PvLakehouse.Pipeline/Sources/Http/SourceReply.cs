namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>The last answer of a server to a request, after all retries.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body, whole.</param>
/// <param name="ReceivedAt">When the body was complete.</param>
/// <param name="Redirect">Where the server sends the caller, null when nowhere.</param>
internal sealed record SourceReply(int Status, byte[] Body, DateTimeOffset ReceivedAt, Uri? Redirect)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The server's words, or the bare status.</summary>
    public string Message => ErrorText.Of(Body) is { } text ? $"{Status}: {text}" : $"status {Status}";
}
