using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace PvLakehouse.Iceberg.S3;

/// <summary>Sends requests to a store: bounded in time, repeated when the failure may pass, failures in plain words.</summary>
internal sealed class S3Store : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly PlainHttpClients _http = new();
    private readonly AmazonS3Client _client;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;

    /// <param name="options">How to reach the store.</param>
    /// <param name="time">Clock of waits and limits.</param>
    /// <param name="random">Numbers from 0 to 1, so that clients part ways.</param>
    public S3Store(S3Options options, TimeProvider time, Func<double> random)
    {
        Options = options;
        _time = time;
        _random = random;
        var config = new AmazonS3Config
        {
            // By default the SDK signs bodies in chunks with a checksum behind them, which many stores refuse.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = options.PathStyle ?? options.Endpoint is not null,
            HttpClientFactory = _http,

            // Repeating is done here: only here it is known what a repeated write may find.
            MaxErrorRetry = 0,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = options.Region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        _client = options switch
        {
            { AccessKey: null } => new AmazonS3Client(config),
            { SessionToken: { } token } => new AmazonS3Client(new SessionAWSCredentials(options.AccessKey, options.SecretKey, token), config),
            _ => new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config),
        };
    }

    public S3Options Options { get; }

    private string Name => Options.Endpoint?.ToString() ?? $"AWS S3 in {Options.Region}";

    /// <summary>Sends a request, again and again while the failure may pass.</summary>
    /// <param name="what">What the request does, for messages: "read", "write".</param>
    /// <param name="location">The object or bucket.</param>
    /// <param name="send">Sends it once.</param>
    /// <param name="cancellationToken">Stops everything.</param>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    /// <exception cref="IOException">The store refuses, or does not answer.</exception>
    public async Task<T> SendAsync<T>(
        string what, S3Location location, Func<AmazonS3Client, CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var limit = new CancellationTokenSource(Options.RequestTimeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                return await send(_client, both.Token);
            }
            catch (Exception e) when (MayPass(e, limit.Token) && !cancellationToken.IsCancellationRequested)
            {
                if (attempt >= Options.Retries)
                {
                    throw new IOException(
                        $"{location} could not be {what}: {Name} failed {attempt + 1} times, at last with: {Explain(e, limit.Token)}", e);
                }
            }
            catch (AmazonServiceException e)
            {
                throw Translate(what, location, e);
            }
            catch (AmazonClientException e)
            {
                throw new IOException($"{location} could not be {what}: {e.Message}", e);
            }

            var longest = Math.Min(Options.FirstWait.TotalMilliseconds * Math.Pow(2, attempt), LongestWait.TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(longest * (0.5 + (_random() / 2))), _time, cancellationToken);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    /// <summary>Whether a repetition may succeed: no answer, a broken connection, a server that is overloaded or at fault.</summary>
    private static bool MayPass(Exception failure, CancellationToken limit) => failure switch
    {
        AmazonServiceException { StatusCode: HttpStatusCode.NotImplemented } => false,
        AmazonServiceException { StatusCode: >= HttpStatusCode.InternalServerError } => true,
        AmazonServiceException { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout } => true,
        AmazonServiceException { ErrorCode: "SlowDown" or "RequestTimeout" or "ConditionalRequestConflict" or "OperationAborted" } => true,
        AmazonServiceException service when !WasAnswered(service) => true,
        FileNotFoundException => false,
        HttpRequestException or IOException => true,
        OperationCanceledException => limit.IsCancellationRequested,
        _ => false,
    };

    private static bool WasAnswered(AmazonServiceException failure) => (int)failure.StatusCode >= 100;

    private string Explain(Exception failure, CancellationToken limit) => failure switch
    {
        OperationCanceledException when limit.IsCancellationRequested => $"no answer within {Options.RequestTimeout.TotalSeconds:0.#} s",
        AmazonServiceException service when WasAnswered(service) => $"{(int)service.StatusCode} {service.ErrorCode} {service.Message}",
        _ => failure.GetBaseException().Message,
    };

    private IOException Translate(string what, S3Location location, AmazonServiceException e)
    {
        var cause = e.ErrorCode switch
        {
            "NoSuchBucket" => $"there is no bucket '{location.Bucket}' at {Name}",
            "InvalidAccessKeyId" => $"{Name} does not know the access key '{Options.AccessKey}'",
            "SignatureDoesNotMatch" => $"{Name} refuses the secret of access key '{Options.AccessKey}'",
            "RequestTimeTooSkewed" => $"the clock of this machine differs too much from that of {Name}",
            _ when e.StatusCode == HttpStatusCode.NotFound => null,
            _ when e.StatusCode == HttpStatusCode.Forbidden =>
                $"access key '{Options.AccessKey}' may not do this at {Name}, or the object does not exist and the key may not list the bucket "
                + $"({e.ErrorCode})",
            _ => $"{Name} answered {(int)e.StatusCode} {e.ErrorCode}: {e.Message}",
        };
        return cause is null
            ? new FileNotFoundException($"There is no object {location} at {Name}.", location.ToString(), e)
            : new IOException($"{location} could not be {what}: {cause}.", e);
    }
}
