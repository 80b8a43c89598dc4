namespace PvLakehouse.Forecasting.Tracking;

/// <summary>A question that runs try to answer: a horizon, a site, a target.</summary>
public sealed record Experiment
{
    /// <summary>Its id, a number written out; the store chooses it.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>Its name, unique also among deleted ones.</summary>
    public required string Name { get; init; }

    /// <summary>Folder or URI below which its runs keep their artifacts.</summary>
    public required string ArtifactLocation { get; init; }

    /// <summary>Whether it is there or deleted.</summary>
    public required LifecycleStage LifecycleStage { get; init; }

    /// <summary>When it was made; null on servers that do not tell.</summary>
    public DateTimeOffset? CreationTime { get; init; }

    /// <summary>When it was last changed; null on servers that do not tell.</summary>
    public DateTimeOffset? LastUpdateTime { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = Dictionaries.Empty;
}
