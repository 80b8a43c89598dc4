namespace PvLakehouse.Forecasting.Tracking.Mlflow.Wire;

internal sealed record ExperimentCreated(string ExperimentId);

internal sealed record ExperimentAnswer(ExperimentWire Experiment);

internal sealed record ExperimentsAnswer(ExperimentWire[]? Experiments = null, string? NextPageToken = null);

/// <summary>An experiment as the server writes it.</summary>
internal sealed record ExperimentWire
{
    public required string ExperimentId { get; init; }

    public required string Name { get; init; }

    public string ArtifactLocation { get; init; } = "";

    public string LifecycleStage { get; init; } = "active";

    public long? CreationTime { get; init; }

    public long? LastUpdateTime { get; init; }

    public PairWire[]? Tags { get; init; }

    public Experiment ToExperiment() => new()
    {
        ExperimentId = ExperimentId,
        Name = Name,
        ArtifactLocation = ArtifactLocation,
        LifecycleStage = ProtocolText.Stage(LifecycleStage),
        CreationTime = CreationTime is { } made ? MlflowJson.Instant(made) : null,
        LastUpdateTime = LastUpdateTime is { } changed ? MlflowJson.Instant(changed) : null,
        Tags = MlflowJson.Texts(Tags),
    };
}
