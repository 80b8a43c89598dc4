using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;
using Polly.Timeout;

namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>Sends planned requests and turns what goes wrong on the way into sentences.</summary>
internal sealed class SourceTransport(IHttpClientFactory clients, TransportOptions options, TimeProvider time)
{
    /// <summary>Asks until there is an answer that asking again would not change, or the retries are used up.</summary>
    /// <exception cref="SourceException">No answer arrived whole.</exception>
    public async Task<SourceReply> GetAsync(
        string provider, PlannedRequest request, Secret? key, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, request.Address);
        message.Options.Set(ThrottleHandler.Cost, request.Cost);
        message.Headers.Accept.Add(new(MediaTypeNames.Application.Json));
        if (key is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        }

        try
        {
            using var client = clients.CreateClient(provider);
            using var response = await client.SendAsync(message, cancellationToken);
            return new(
                (int)response.StatusCode, WholeBody.Of(response), time.GetUtcNow(), response.Headers.Location);
        }
        catch (HttpRequestException exception)
        {
            throw Lost(request, exception);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new SourceException(SourceFault.Unavailable, request.Source, request.Describe(), string.Create(
                CultureInfo.InvariantCulture,
                $"no answer within {options.AttemptTimeout.TotalSeconds:0.#} s, asked {options.RetryCount + 1} times at "
                + $"{ServerOf(request)}. Try again later."), exception);
        }
    }

    /// <summary>The sentence for an answer that is no success and that the caller has no use for.</summary>
    public SourceException Refusal(PlannedRequest request, SourceReply reply)
    {
        var (fault, problem) = reply.Status switch
        {
            >= 300 and < 400 => (SourceFault.Refused,
                $"the server redirects to {reply.Redirect}; configure that address if it is right."),
            429 => (SourceFault.LimitReached, $"the server refuses for now ({reply.Message}). {WhenToComeBack(reply)}"),
            408 or >= 500 => (SourceFault.Unavailable,
                $"the server failed each of {options.RetryCount + 1} times ({reply.Message}). Try again later."),
            404 => (SourceFault.Refused,
                $"nothing answers at {request.Address.GetLeftPart(UriPartial.Path)} ({reply.Message}); check the source's address."),
            _ => (SourceFault.Refused, $"the server refuses the request ({reply.Message})."),
        };
        return new(fault, request.Source, request.Describe(), problem);
    }

    private static string WhenToComeBack(SourceReply reply) =>
        RetryRules.LimitWindow(ErrorText.Of(reply.Body)) is { } period && period > TimeSpan.FromMinutes(1)
            ? period.TotalHours > 1 ? "Try again tomorrow (UTC)." : "Try again in the next hour."
            : "Try again later.";

    private SourceException Lost(PlannedRequest request, HttpRequestException exception)
    {
        var (server, cause) = (ServerOf(request), exception.Message.TrimEnd('.'));
        var (fault, problem) = exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError =>
                (SourceFault.Unreachable, $"cannot reach {server} ({cause}); is it running, and is the address right?"),
            HttpRequestError.SecureConnectionError =>
                (SourceFault.Unreachable, $"no secure connection to {server} ({cause}); check its certificate."),
            _ => (SourceFault.Unavailable,
                $"the answer was lost, asked {options.RetryCount + 1} times at {server} ({cause}). Try again later."),
        };
        return new(fault, request.Source, request.Describe(), problem, exception);
    }

    private static string ServerOf(PlannedRequest request) => request.Address.GetLeftPart(UriPartial.Authority);
}
