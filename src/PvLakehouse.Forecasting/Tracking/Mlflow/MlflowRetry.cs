using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Which faults may pass when a request is sent again, and how long to wait first.</summary>
internal static class MlflowRetry
{
    /// <summary>Sends requests again after faults that may pass.</summary>
    public static ResiliencePipeline<HttpResponseMessage> Retries(MlflowOptions options, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.RetryCount > 0)
        {
            builder.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.RetryCount,
                Delay = options.RetryDelay,
                MaxDelay = options.LongestRetryWait,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = attempt => ValueTask.FromResult(MayPass(
                    attempt.Outcome, attempt.Context.GetRequestMessage()!, options.LongestRetryWait, time.GetUtcNow())),

                // Null leaves the wait to the exponential back-off.
                DelayGenerator = attempt => ValueTask.FromResult(
                    attempt.Outcome.Result is { } response ? Asked(response.Headers.RetryAfter, time.GetUtcNow()) : null),
                OnRetry = attempt =>
                {
                    attempt.Context.GetRequestMessage()!.Options.Set(MlflowRequest.WasRepeated, true);
                    return ValueTask.CompletedTask;
                },
            });
        }

        return builder.Build();
    }

    /// <summary>Ends attempts that take too long.</summary>
    public static ResiliencePipeline<HttpResponseMessage> TimeLimit(MlflowOptions options, TimeProvider time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = attempt => ValueTask.FromResult(
                    attempt.Context.GetRequestMessage()!.Get(MlflowRequest.IsTransfer) ? options.TransferTimeout : options.AttemptTimeout),
            })
            .Build();

    /// <summary>The wait that a server asked for; null when it named none.</summary>
    public static TimeSpan? Asked(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    private static bool MayPass(Outcome<HttpResponseMessage> outcome, HttpRequestMessage request, TimeSpan longestWait, DateTimeOffset now)
    {
        var isCreation = request.Get(MlflowRequest.Call) == MlflowCall.Creation;
        if (outcome.Exception is { } exception)
        {
            return isCreation ? NeverArrived(exception) : MayPass(exception);
        }

        if (outcome.Result is not { } response || Asked(response.Headers.RetryAfter, now) > longestWait)
        {
            return false;
        }

        // A server that counts requests refuses before it works; after any other failure it may have worked.
        return response.StatusCode == HttpStatusCode.TooManyRequests || (!isCreation && response.StatusCode switch
        {
            HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout => true,

            // MLflow answers 500 also to what will never be right (INVALID_STATE) and says so.
            HttpStatusCode.InternalServerError => MlflowError.CodeOf(response) is null or "INTERNAL_ERROR",
            _ => false,
        });
    }

    private static bool NeverArrived(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError,
    };

    private static bool MayPass(Exception exception) => exception is TimeoutRejectedException || NeverArrived(exception)
        || exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.HttpProtocolError or HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse
                or HttpRequestError.Unknown,
        };
}
