using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using PvLakehouse.Sandbox.Faults;

namespace PvLakehouse.Sandbox.Http;

/// <summary>Sends replies, compressed where the client accepts gzip, and spoiled where a fault says so.</summary>
internal static class ReplySender
{
    private const string StreamingError =
        "Unexpected error while streaming data: timeoutReached";

    /// <summary>Sends a reply as it is.</summary>
    public static async Task SendAsync(HttpContext context, Reply reply)
    {
        var output = StartBody(context, reply);
        await using (output.ConfigureAwait(true))
        {
            if (reply is BufferedReply buffered)
            {
                if (output == context.Response.Body)
                {
                    context.Response.ContentLength = buffered.Body.Length;
                }

                await output.WriteAsync(buffered.Body, context.RequestAborted);
            }
            else
            {
                await ((StreamedReply)reply).WriteAsync(output, context.RequestAborted);
            }
        }
    }

    /// <summary>Sends the first half of a reply and then fails as the real server does.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reply">The whole reply.</param>
    /// <param name="withTail">
    /// True for Open-Meteo's own way: a complete HTTP 200 whose body breaks off in an error text. False for a lost connection:
    /// fewer bytes than the content length promised, or chunks without an end.
    /// </param>
    public static async Task SendTruncatedAsync(HttpContext context, Reply reply, bool withTail)
    {
        var whole = await BodyAsync(reply, context.RequestAborted);
        if (withTail && reply is StreamedReply)
        {
            // A binary message would have to break at its length prefix to be told apart, so nothing of it is sent.
            var kept = reply.ContentType.StartsWith("application/octet-stream", StringComparison.Ordinal) ? 0 : whole.Length / 2;
            byte[] body = [.. whole.AsSpan(0, kept), .. Encoding.UTF8.GetBytes(StreamingError)];
            await SendAsync(context, reply is StreamedReply streamed
                ? streamed with { WriteAsync = (output, token) => output.WriteAsync(body, token).AsTask() }
                : reply);
            return;
        }

        StartHeaders(context, reply);
        if (reply is BufferedReply)
        {
            context.Response.ContentLength = whole.Length;
        }

        await context.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);

        // An abort would reset the connection and could destroy what was sent; after an exception the server closes it in peace,
        // with the rest missing.
        throw new TruncatedException();
    }

    /// <summary>Sends a reply that is no JSON any more: its first half, complete as far as HTTP goes.</summary>
    public static async Task SendMalformedAsync(HttpContext context, Reply reply)
    {
        var whole = await BodyAsync(reply, context.RequestAborted);
        await SendAsync(context, new BufferedReply(reply.Status, reply.ContentType, whole.AsMemory(0, whole.Length / 2)));
    }

    /// <summary>Sends valid JSON in which a text stands where the data should be.</summary>
    public static async Task SendWrongTypeAsync(HttpContext context, Reply reply)
    {
        const string Wrong = "unexpected";
        JsonNode wrong = Wrong;
        if (reply.ContentType.StartsWith("application/json", StringComparison.Ordinal))
        {
            var node = JsonNode.Parse(await BodyAsync(reply, context.RequestAborted));
            var target = (node is JsonArray { Count: > 0 } many ? many[0] : node) as JsonObject;
            foreach (var key in FaultPlan.DataKeys.Where(key => target?.ContainsKey(key) is true))
            {
                target![key] = Wrong;
                wrong = node!;
            }
        }

        await SendAsync(context, new BufferedReply(reply.Status, Reply.Json, JsonSerializer.SerializeToUtf8Bytes(wrong)));
    }

    private static async Task<byte[]> BodyAsync(Reply reply, CancellationToken cancellationToken)
    {
        if (reply is BufferedReply buffered)
        {
            return buffered.Body.ToArray();
        }

        using var whole = new MemoryStream();
        await ((StreamedReply)reply).WriteAsync(whole, cancellationToken);
        return whole.ToArray();
    }

    private static void StartHeaders(HttpContext context, Reply reply)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        foreach (var (name, value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }
    }

    /// <summary>Ends a response that is broken on purpose.</summary>
    private sealed class TruncatedException : Exception;

    private static Stream StartBody(HttpContext context, Reply reply)
    {
        StartHeaders(context, reply);
        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        if (reply.Status != StatusCodes.Status200OK
            || !accepted.Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is not 0))
        {
            return context.Response.Body;
        }

        context.Response.Headers[HeaderNames.ContentEncoding] = "gzip";
        context.Response.Headers[HeaderNames.Vary] = HeaderNames.AcceptEncoding;
        return new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
    }
}
