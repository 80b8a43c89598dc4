using PvLakehouse.Pipeline.Sources.Json;

namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>Reads each answer to its end inside the attempt, so that a body cut on its way is retried like a lost
/// connection.</summary>
internal sealed class WholeBodyHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var isWhole = false;
        try
        {
            var body = await ReadAsync(response.Content, cancellationToken);
            if (response.IsSuccessStatusCode && BodyCheck.Of(body) == BodyState.Cut)
            {
                throw Cut($"it ends after {body.Length} bytes, before its JSON does");
            }

            response.Content.Dispose();
            response.Content = new WholeBody(body);
            isWhole = true;
            return response;
        }
        finally
        {
            if (!isWhole)
            {
                response.Dispose();
            }
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            throw Cut("its compression is damaged", exception);
        }
    }

    private static HttpRequestException Cut(string problem, Exception? cause = null) =>
        new(HttpRequestError.ResponseEnded, $"The body did not arrive whole: {problem}.", cause);
}

/// <summary>A body in memory, readable as often as needed and without copying.</summary>
internal sealed class WholeBody(byte[] body) : ByteArrayContent(body)
{
    public byte[] Bytes { get; } = body;

    public static byte[] Of(HttpResponseMessage response) => response.Content is WholeBody whole ? whole.Bytes : [];
}
