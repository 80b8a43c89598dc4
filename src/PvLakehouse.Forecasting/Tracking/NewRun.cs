namespace PvLakehouse.Forecasting.Tracking;

/// <summary>A run that is to begin.</summary>
public sealed record NewRun
{
    /// <summary>The experiment that it belongs to, which must be active.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Its name for people; the store makes one up when null.</summary>
    public string? RunName { get; init; }

    /// <summary>When it began; null: now.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Who starts it; null: whom this process runs as.</summary>
    public string? UserId { get; init; }

    /// <summary>Tags to begin with.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = Dictionaries.Empty;

    /// <summary>
    /// Whether the run lives in this process, so that <see cref="ITrackingStore.CloseAbandonedRunsAsync"/> may close it once the process
    /// is gone. Default true; false for runs that are recorded on behalf of another program.
    /// </summary>
    public bool LivesInThisProcess { get; init; } = true;
}

/// <summary>A change of a run; null leaves a value as it is.</summary>
public sealed record RunUpdate
{
    /// <summary>How far it is now.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Its name for people.</summary>
    public string? RunName { get; init; }
}

/// <summary>Values of a run that are logged together; there may be any number of each.</summary>
public sealed record RunBatch
{
    /// <summary>Measured values; one that is already there (same key, value, instant and step) is not added again.</summary>
    public IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>Parameters by key; one that is already there must have the same value.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = Dictionaries.Empty;

    /// <summary>Tags by key; one that is already there gets the new value.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = Dictionaries.Empty;
}
