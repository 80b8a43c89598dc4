using System.Net.Http.Json;

namespace PvLakehouse.Pipeline.Alerting;

/// <summary>Posts alerts as JSON to a URL.</summary>
/// <param name="clients">Makes the client.</param>
/// <param name="address">The URL.</param>
public sealed class WebhookAlertSink(IHttpClientFactory clients, Uri address) : IAlertSink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task RaiseAsync(Alert alert, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var http = clients.CreateClient();
            using var reply = await http.PostAsJsonAsync(address, alert, AlertJson.Default.Alert, limit.Token);
            reply.EnsureSuccessStatusCode();
        }
        catch (Exception error) when (error is HttpRequestException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The path of a webhook is often its secret, so only the host is named.
            throw new AlertException($"The alert '{alert.Title}' could not be posted to {address.Host}: {error.Message}", error);
        }
    }
}
