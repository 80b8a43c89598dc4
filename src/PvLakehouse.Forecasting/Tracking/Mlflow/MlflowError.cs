using System.Text;
using System.Text.Json;
using Polly.Timeout;

namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>Turns what goes wrong between us and an MLflow server into sentences.</summary>
internal sealed class MlflowError(Uri server, MlflowOptions options, TimeProvider time)
{
    private const int Longest = 500;

    /// <summary>The error code in an answer, such as RESOURCE_DOES_NOT_EXIST; null when it has none.</summary>
    public static string? CodeOf(HttpResponseMessage response) => Parse(response).Code;

    /// <summary>The sentence for an answer that is no success.</summary>
    public TrackingException Refusal(string what, HttpResponseMessage response)
    {
        var (code, message) = Parse(response);
        var status = (int)response.StatusCode;
        if (code is not null && FaultOf(code) is { } fault)
        {
            return new(fault, $"The MLflow server {server} refuses {what}: {Sentence(message)} ({code}).");
        }

        return status switch
        {
            >= 300 and < 400 => new(
                TrackingFault.NotSetUp,
                $"The server {server} redirects {what} to {response.Headers.Location}; give that address if it is right."),
            401 => new(
                TrackingFault.Unauthenticated,
                $"The MLflow server {server} wants to know who asks; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or "
                + "MLFLOW_TRACKING_TOKEN."),
            403 => Forbidden(what, message),
            404 or 405 or 501 => new(
                TrackingFault.EndpointNotFound,
                $"The server {server} does not know {what} (HTTP {status}); expected an MLflow server of version 2.4 or newer at this "
                + "address."),
            429 => new(
                TrackingFault.TemporarilyUnavailable,
                $"The MLflow server {server} refuses {what} for now (HTTP 429). {Later(response)}"),
            408 or >= 500 => new(
                TrackingFault.TemporarilyUnavailable,
                $"The MLflow server {server} failed at {what} (HTTP {status}{Remark(message)}). {Later(response)}"),
            _ => new(TrackingFault.InternalError, $"The MLflow server {server} refuses {what} (HTTP {status}{Remark(message)})."),
        };
    }

    /// <summary>The sentence for a success that is not MLflow's.</summary>
    public TrackingException NotMlflow(string what, Exception? cause = null) => new(
        TrackingFault.InternalError,
        $"The server {server} answers {what} with something else than MLflow's JSON; is it an MLflow server, and is the path of its "
        + $"address right?{(cause is null ? "" : $" ({cause.Message})")}",
        cause);

    /// <summary>The sentence for no answer at all; null when the exception says something else.</summary>
    public TrackingException? Lost(string what, Exception exception) => exception switch
    {
        TimeoutRejectedException => new(
            TrackingFault.TemporarilyUnavailable,
            $"The MLflow server {server} did not answer {what} within {options.AttemptTimeout.TotalSeconds:0.#} s. Try again later.",
            exception),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(
            TrackingFault.NotSetUp,
            $"There is no secure connection to {server} ({exception.Message.TrimEnd('.')}); check its certificate.",
            exception),
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError,
        } => new(
            TrackingFault.TemporarilyUnavailable,
            $"The MLflow server {server} cannot be reached ({exception.Message.TrimEnd('.')}); is it running, and is the address right?",
            exception),
        HttpRequestException => new(
            TrackingFault.TemporarilyUnavailable,
            $"The answer of the MLflow server {server} to {what} was lost ({exception.Message.TrimEnd('.')}). Try again later.",
            exception),
        _ => null,
    };

    private TrackingException Forbidden(string what, string? message)
    {
        if (message?.Contains("Invalid Host header", StringComparison.OrdinalIgnoreCase) == true)
        {
            return new(
                TrackingFault.PermissionDenied,
                $"The MLflow server refuses to be called {server.Authority} (its check of the Host header, on since MLflow 3.5); start "
                + $"it with --allowed-hosts \"{server.Authority},localhost:*\" or set MLFLOW_SERVER_ALLOWED_HOSTS there.");
        }

        return new(TrackingFault.PermissionDenied, $"The MLflow server {server} does not allow {what}{Remark(message)}.");
    }

    private string Later(HttpResponseMessage response) =>
        MlflowRetry.Asked(response.Headers.RetryAfter, time.GetUtcNow()) is { } wait && wait > options.LongestRetryWait
            ? $"It asks to wait {wait.TotalSeconds:0} s."
            : "Try again later.";

    private static TrackingFault? FaultOf(string code) => code switch
    {
        "INVALID_PARAMETER_VALUE" or "BAD_REQUEST" => TrackingFault.InvalidParameterValue,
        "RESOURCE_DOES_NOT_EXIST" or "NOT_FOUND" => TrackingFault.ResourceDoesNotExist,
        "RESOURCE_ALREADY_EXISTS" or "RESOURCE_CONFLICT" => TrackingFault.ResourceAlreadyExists,
        "INVALID_STATE" => TrackingFault.InvalidState,
        "UNAUTHENTICATED" => TrackingFault.Unauthenticated,
        "PERMISSION_DENIED" => TrackingFault.PermissionDenied,
        "ENDPOINT_NOT_FOUND" or "NOT_IMPLEMENTED" => TrackingFault.EndpointNotFound,
        _ => null,
    };

    private static (string? Code, string? Message) Parse(HttpResponseMessage response)
    {
        if (WholeAnswer.Of(response) is not { Body: var body })
        {
            return (null, null);
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return (Text(document.RootElement, "error_code"), Text(document.RootElement, "message"));
            }
        }
        catch (JsonException)
        {
            // Plain text, or the page of a gateway.
        }

        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, Longest))).Trim();
        return (null, text.Length == 0 || text[0] == '<' ? null : text);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Remark(string? message) => message is null ? "" : $": {Sentence(message)}";

    /// <summary>The server's words in one line, without the full stop.</summary>
    private static string Sentence(string? message)
    {
        var words = (message ?? "it does not say why").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var line = string.Join(' ', words).TrimEnd('.');
        return line.Length > Longest ? $"{line[..Longest]}..." : line;
    }
}
