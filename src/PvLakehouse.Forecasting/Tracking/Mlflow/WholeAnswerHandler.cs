using System.Net;
using System.Net.Mime;
using System.Text.Json;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Reads each answer to its end inside the attempt, so that one cut on its way is asked for again.</summary>
internal sealed class WholeAnswerHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            var whole = response.IsSuccessStatusCode && request.Method == HttpMethod.Get && request.Get(MlflowRequest.IsTransfer)
                ? await SpoolAsync(response.Content, cancellationToken)
                : await ReadAsync(response, cancellationToken);
            response.Content.Dispose();
            response.Content = whole;
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<HttpContent> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var isJson = response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Application.Json;
        return response.IsSuccessStatusCode && isJson && !WholeAnswer.IsJson(body)
            ? throw new HttpRequestException(
                HttpRequestError.ResponseEnded, "The answer did not arrive whole: it ends before its JSON does.")
            : new WholeAnswer(body, isJson);
    }

    /// <summary>Takes an artifact into a temporary file, which goes with its stream.</summary>
    private static async Task<HttpContent> SpoolAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"pvlake-{Guid.NewGuid():N}"),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            });
        try
        {
            await content.CopyToAsync(file, cancellationToken);
            file.Position = 0;
            return new SpooledAnswer(file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}

/// <summary>An answer in memory.</summary>
internal sealed class WholeAnswer(byte[] body, bool isJson) : ByteArrayContent(body)
{
    public byte[] Body { get; } = body;

    public bool ClaimsJson { get; } = isJson;

    public static WholeAnswer? Of(HttpResponseMessage response) => response.Content as WholeAnswer;

    public static bool IsJson(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
            }

            return body.Length > 0;
        }
        catch (JsonException)
        {
            // Cut, or never JSON: either way no answer.
            return false;
        }
    }
}

/// <summary>An artifact in a temporary file.</summary>
internal sealed class SpooledAnswer(FileStream file) : HttpContent
{
    private FileStream? _file = file;

    /// <summary>Hands the file over; whoever takes it disposes it.</summary>
    public Stream Take() => Interlocked.Exchange(ref _file, null) ?? throw new InvalidOperationException("The artifact was taken already.");

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new NotSupportedException("An artifact is taken, not copied.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        _file?.Dispose();
        base.Dispose(disposing);
    }
}
