namespace PvLakehouse.Forecasting.Tracking.Mlflow;

/// <summary>How an MLflow server is asked.</summary>
public sealed record MlflowOptions
{
    /// <summary>Who asks. Default: nobody in particular.</summary>
    public MlflowCredentials Credentials { get; init; } = MlflowCredentials.None;

    /// <summary>How often a request is sent again after a fault that may pass. Default 5; 0 asks once.</summary>
    public int RetryCount { get; init; } = 5;

    /// <summary>Wait before the first retry; it doubles, with jitter, for each further one. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that a server may ask for; a longer one is an error that says so. Default 2 min.</summary>
    public TimeSpan LongestRetryWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Time for one attempt, answer included. Default 2 min.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Time for one attempt to send or receive an artifact. Default 30 min.</summary>
    public TimeSpan TransferTimeout { get; init; } = TimeSpan.FromMinutes(30);
}
