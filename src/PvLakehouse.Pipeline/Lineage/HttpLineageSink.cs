using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace PvLakehouse.Pipeline.Lineage;

/// <summary>Posts events to a lineage server such as Marquez.</summary>
public sealed class HttpLineageSink : ILineageSink
{
    /// <summary>Where servers take events (OpenLineage OpenAPI; Marquez).</summary>
    public const string DefaultPath = "/api/v1/lineage";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Func<HttpClient> _client;
    private readonly Uri _address;
    private readonly string? _apiKey;

    /// <param name="client">Gives a client; each is disposed here.</param>
    /// <param name="address">The server; without a path, <see cref="DefaultPath"/> is added.</param>
    /// <param name="apiKey">Sent as bearer token; null sends none.</param>
    public HttpLineageSink(Func<HttpClient> client, Uri address, string? apiKey)
    {
        ArgumentNullException.ThrowIfNull(address);
        _client = client;
        _address = address.AbsolutePath == "/" ? new Uri(address, DefaultPath) : address;
        _apiKey = apiKey;
    }

    /// <inheritdoc/>
    public string Name => _address.GetLeftPart(UriPartial.Authority);

    /// <inheritdoc/>
    public async Task SendAsync(JsonObject runEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runEvent);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new StringContent(runEvent.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = _apiKey is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        using var client = _client();
        try
        {
            using var reply = await client.SendAsync(request, limit.Token);
            reply.EnsureSuccessStatusCode();
        }
        catch (HttpRequestException e)
        {
            throw new IOException(e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"no answer within {Patience.TotalSeconds:0} s", e);
        }
    }
}
