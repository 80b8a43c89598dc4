using System.Net;
using System.Net.Http.Headers;
using Polly.Timeout;

namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>Which faults may pass when asked again, and how long to wait first.</summary>
internal static class RetryRules
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(1);

    /// <summary>Whether an attempt that threw may succeed next time: lost connections and time-outs may, TLS faults may
    /// not.</summary>
    public static bool MayPass(Exception exception) => exception switch
    {
        TimeoutRejectedException => true,
        HttpRequestException { HttpRequestError: var error } => error
            is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError
            or HttpRequestError.HttpProtocolError or HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse
            or HttpRequestError.Unknown,
        _ => false,
    };

    /// <summary>Whether an answer may change when asked again soon.</summary>
    public static bool MayPass(HttpResponseMessage response, TimeSpan longestWait, DateTimeOffset now)
    {
        if (response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
            && (int)response.StatusCode < 500)
        {
            return false;
        }

        return Asked(response, now) is var wait && (wait is null || wait <= longestWait);
    }

    /// <summary>The wait that the server asked for; null when it named none.</summary>
    public static TimeSpan? Asked(HttpResponseMessage response, DateTimeOffset now)
    {
        if (RetryAfter(response.Headers.RetryAfter, now) is { } wait)
        {
            return wait;
        }

        return response.StatusCode == HttpStatusCode.TooManyRequests
            ? LimitWindow(ErrorText.Of(WholeBody.Of(response))) switch
            {
                { } period => UntilNext(period, now) + ClockSkew,
                null => null,
            }
            : null;
    }

    /// <summary>The clock period of an Open-Meteo limit, which its text names: "Minutely API request limit
    /// exceeded."</summary>
    public static TimeSpan? LimitWindow(string? text) => text switch
    {
        not null when text.StartsWith("Minutely", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromMinutes(1),
        not null when text.StartsWith("Hourly", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromHours(1),
        not null when text.StartsWith("Daily", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromDays(1),
        _ => null,
    };

    private static TimeSpan UntilNext(TimeSpan period, DateTimeOffset now) =>
        TimeSpan.FromTicks(period.Ticks - (now.UtcTicks % period.Ticks));

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };
}
