namespace PvLakehouse.Forecasting.Tracking;

/// <summary>One training, tuning or evaluation with all that was recorded of it.</summary>
/// <param name="Info">What it is.</param>
/// <param name="Data">What it logged.</param>
public sealed record Run(RunInfo Info, RunData Data);

/// <summary>What a run is, without what it logged.</summary>
public sealed record RunInfo
{
    /// <summary>Its id: 32 hexadecimal digits, chosen by the store.</summary>
    public required string RunId { get; init; }

    /// <summary>The experiment that it belongs to.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Its name for people; not unique.</summary>
    public required string RunName { get; init; }

    /// <summary>How far it is.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Folder or URI of its artifacts, without a slash at the end.</summary>
    public required string ArtifactUri { get; init; }

    /// <summary>Whether it is there or deleted.</summary>
    public required LifecycleStage LifecycleStage { get; init; }

    /// <summary>Who started it; null when unknown.</summary>
    public string? UserId { get; init; }
}

/// <summary>What a run logged.</summary>
public sealed record RunData
{
    /// <summary>The newest value of each metric by key: that of the highest step, then of the latest instant.</summary>
    public IReadOnlyDictionary<string, Metric> Metrics { get; init; } = new Dictionary<string, Metric>(StringComparer.Ordinal);

    /// <summary>Parameters by key.</summary>
    public IReadOnlyDictionary<string, string> Params { get; init; } = Dictionaries.Empty;

    /// <summary>Tags by key, those of MLflow (<c>mlflow.runName</c>) among them.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = Dictionaries.Empty;
}
