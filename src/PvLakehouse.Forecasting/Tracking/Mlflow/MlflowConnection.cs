using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Http.Resilience;
using Polly.Timeout;
using PvLakehouse.Forecasting.Tracking.Mlflow.Wire;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Requests to one MLflow server and their answers.</summary>
internal sealed class MlflowConnection : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client;
    private readonly MlflowError _errors;

    public MlflowConnection(Uri server, MlflowOptions options, TimeProvider time)
    {
        Server = new Uri(server.AbsoluteUri.TrimEnd('/') + "/");
        Options = options;
        Time = time;
        _errors = new MlflowError(server, options, time);

        // From the outside in: retries, then for each attempt the time limit, and the answer read to its end.
        _client = new HttpClient(new ResilienceHandler(MlflowRetry.Retries(options, time))
        {
            InnerHandler = new ResilienceHandler(MlflowRetry.TimeLimit(options, time))
            {
                InnerHandler = new WholeAnswerHandler
                {
                    InnerHandler = new SocketsHttpHandler
                    {
                        AllowAutoRedirect = false,
                        UseCookies = false,
                        UseProxy = !server.IsLoopback,
                        ConnectTimeout = ConnectTimeout,
                        PooledConnectionLifetime = ConnectionLifetime,
                    },
                },
            },
        })
        {
            // Each attempt has its own limit; this one would cut the retries short.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new("pvlake", "0.1"));
        _client.DefaultRequestHeaders.Authorization = options.Credentials.Header;
    }

    /// <summary>The server's address, with a slash at the end.</summary>
    public Uri Server { get; }

    public MlflowOptions Options { get; }

    public TimeProvider Time { get; }

    /// <summary>Asks for something.</summary>
    /// <param name="route">Below <c>api/2.0/</c>.</param>
    /// <param name="query">Values of the query string; null ones are left out.</param>
    /// <param name="type">What the answer is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<T> GetAsync<T>(
        string route, IEnumerable<(string Key, string? Value)> query, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var text = string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value!)}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(text.Length == 0 ? route : $"{route}?{text}"));
        using var response = await SendAsync(request, $"GET {route}", cancellationToken);
        return Read(response, $"GET {route}", type);
    }

    /// <summary>Asks for a change and gives what came of it.</summary>
    public async Task<T> SendAsync<T>(
        HttpMethod method, string route, JsonObject body, MlflowCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var what = $"{method} {route}";
        using var request = Change(method, route, body, call);
        using var response = await SendAsync(request, what, cancellationToken);
        return Read(response, what, type);
    }

    /// <summary>Asks for a change.</summary>
    public async Task SendAsync(HttpMethod method, string route, JsonObject body, MlflowCall call, CancellationToken cancellationToken)
    {
        var what = $"{method} {route}";
        using var request = Change(method, route, body, call);
        try
        {
            using var response = await SendAsync(request, what, cancellationToken);
            _ = Read(response, what, MlflowJson.Default.JsonElement);
        }
        catch (TrackingException e) when (e.Fault == TrackingFault.ResourceDoesNotExist && call == MlflowCall.Deletion
            && request.Get(MlflowRequest.WasRepeated))
        {
            // The answer to the first was lost, and that one has done it.
        }
    }

    /// <summary>Sends an artifact; a stream that cannot seek is taken into memory, so that it can be sent again.</summary>
    public async Task UploadAsync(string route, Stream content, CancellationToken cancellationToken)
    {
        var what = $"PUT {Uri.UnescapeDataString(route)}";
        using var copy = content.CanSeek ? null : new MemoryStream();
        if (copy is not null)
        {
            await content.CopyToAsync(copy, cancellationToken);
            copy.Position = 0;
        }

        // The content closes its stream, which belongs to the caller.
        using var request = new HttpRequestMessage(HttpMethod.Put, AddressOf(route)) { Content = new RepeatableContent(copy ?? content) };
        request.Options.Set(MlflowRequest.IsTransfer, true);
        using var response = await SendAsync(request, what, cancellationToken);
    }

    /// <summary>Gets an artifact whole, in a temporary file that goes with the stream.</summary>
    public async Task<Stream> DownloadAsync(string route, CancellationToken cancellationToken)
    {
        var what = $"GET {Uri.UnescapeDataString(route)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(route));
        request.Options.Set(MlflowRequest.IsTransfer, true);
        using var response = await SendAsync(request, what, cancellationToken);
        return response.Content is SpooledAnswer answer ? answer.Take() : throw _errors.NotMlflow(what);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static StringContent JsonOf(JsonObject body) =>
        new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(MediaTypeNames.Application.Json));

    private HttpRequestMessage Change(HttpMethod method, string route, JsonObject body, MlflowCall call)
    {
        var request = new HttpRequestMessage(method, AddressOf(route)) { Content = JsonOf(body) };
        request.Options.Set(MlflowRequest.Call, call);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string what, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException)
        {
            throw _errors.Lost(what, e)!;
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw _errors.Refusal(what, response);
        }
    }

    private T Read<T>(HttpResponseMessage response, string what, JsonTypeInfo<T> type)
    {
        if (WholeAnswer.Of(response) is not { ClaimsJson: true, Body: var body })
        {
            throw _errors.NotMlflow(what);
        }

        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw _errors.NotMlflow(what);
        }
        catch (JsonException e)
        {
            throw _errors.NotMlflow(what, e);
        }
    }

    private Uri AddressOf(string route) => new(Server, $"api/2.0/{route}");
}
