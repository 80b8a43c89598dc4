namespace PvLakehouse.Pipeline.Sources;

/// <summary>Retries, timeouts and parallelism of the source clients.</summary>
public sealed record TransportOptions
{
    /// <summary>Requests in flight at once for one read. Default 2.</summary>
    public int Parallelism { get; init; } = 2;

    /// <summary>How often a request is asked again after a fault that may pass. Default 4; 0 asks once.</summary>
    public int RetryCount { get; init; } = 4;

    /// <summary>Wait before the first retry; it doubles, with jitter, for each further one. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that a server may ask for (Retry-After, "try again in one minute"); a longer one is an
    /// error that says when to come back. Default 2 min.</summary>
    public TimeSpan LongestRetryWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest wait for our own budget to open again; a longer one is an error. Default 65 min: a read may
    /// wait for the next hour, never for the next day.</summary>
    public TimeSpan LongestThrottleWait { get; init; } = TimeSpan.FromMinutes(65);

    /// <summary>Whether compressed answers are asked for. Default true; on the same machine it costs more than it saves.</summary>
    public bool Compression { get; init; } = true;

    /// <summary>Time for one attempt, body included, at most a day. Default 2 min.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
