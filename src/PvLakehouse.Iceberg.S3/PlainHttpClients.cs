using System.Net;
using Amazon.Runtime;

namespace PvLakehouse.Iceberg.S3;

/// <summary>Gives the SDK one HTTP client that never asks "may I send the body?" first.</summary>
/// <remarks>
/// The SDK asks with Expect: 100-continue. Stores that refuse at once leave the body unread on the connection, and the
/// next request on it fails (Ceph 16 does).
/// </remarks>
internal sealed class PlainHttpClients : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client = new(new WithoutExpect(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        AutomaticDecompression = DecompressionMethods.None,
        AllowAutoRedirect = false,
        UseCookies = false,
    }))
    {
        // Each request has a time limit of its own, which covers the body too.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    /// <summary>The SDK would keep the client for others with the same settings, beyond this object's life.</summary>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    private sealed class WithoutExpect(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
