namespace PvLakehouse.Forecasting.Tracking.Mlflow.Wire;

internal sealed record RunAnswer(RunWire Run);

internal sealed record RunUpdated(RunInfoWire RunInfo);

internal sealed record RunsAnswer(RunWire[]? Runs = null, string? NextPageToken = null);

internal sealed record MetricsAnswer(MetricWire[]? Metrics = null, string? NextPageToken = null);

internal sealed record FilesAnswer(FileWire[]? Files = null, string? NextPageToken = null);

/// <summary>A file as the server lists it.</summary>
internal sealed record FileWire(string Path, bool IsDir = false, long? FileSize = null);

/// <summary>A value of a metric; zeros may be missing.</summary>
internal sealed record MetricWire(string Key, double Value = 0, long Timestamp = 0, long Step = 0)
{
    public Metric ToMetric() => new(Key, Value, MlflowJson.Instant(Timestamp), Step);
}

/// <summary>A run as the server writes it.</summary>
internal sealed record RunWire(RunInfoWire Info, RunDataWire? Data = null)
{
    public Run ToRun()
    {
        var tags = MlflowJson.Texts(Data?.Tags);
        return new Run(
            Info.ToInfo(tags.GetValueOrDefault(SystemTags.RunName)),
            new RunData
            {
                Metrics = (Data?.Metrics ?? []).Select(m => m.ToMetric()).ToDictionary(m => m.Key, StringComparer.Ordinal),
                Params = MlflowJson.Texts(Data?.Params),
                Tags = tags,
            });
    }
}

/// <summary>What a run logged.</summary>
internal sealed record RunDataWire(MetricWire[]? Metrics = null, PairWire[]? Params = null, PairWire[]? Tags = null);

/// <summary>What a run is.</summary>
internal sealed record RunInfoWire
{
    public required string RunId { get; init; }

    public required string ExperimentId { get; init; }

    public string? RunName { get; init; }

    public string? UserId { get; init; }

    public string Status { get; init; } = "RUNNING";

    public long StartTime { get; init; }

    public long? EndTime { get; init; }

    public string ArtifactUri { get; init; } = "";

    public string LifecycleStage { get; init; } = "active";

    /// <param name="taggedName">The name by its tag, for servers that do not give it.</param>
    public RunInfo ToInfo(string? taggedName = null) => new()
    {
        RunId = RunId,
        ExperimentId = ExperimentId,
        RunName = RunName ?? taggedName ?? RunId,
        UserId = string.IsNullOrEmpty(UserId) ? null : UserId,
        Status = ProtocolText.Status(Status),
        StartTime = MlflowJson.Instant(StartTime),

        // A run that has not ended may have the end 0.
        EndTime = EndTime is { } end and not 0 ? MlflowJson.Instant(end) : null,
        ArtifactUri = ArtifactUri.TrimEnd('/'),
        LifecycleStage = ProtocolText.Stage(LifecycleStage),
    };
}
