using PvLakehouse.Forecasting.Registry;

namespace PvLakehouse.Forecasting.Tracking.Mlflow.Wire;

internal sealed record ModelAnswer(ModelWire RegisteredModel);

internal sealed record ModelsAnswer(ModelWire[]? RegisteredModels = null, string? NextPageToken = null);

internal sealed record VersionAnswer(VersionWire ModelVersion);

internal sealed record VersionsAnswer(VersionWire[]? ModelVersions = null, string? NextPageToken = null);

internal sealed record DownloadUri(string ArtifactUri);

/// <summary>An alias; the version is a number in a text.</summary>
internal sealed record AliasWire(string Alias, int Version);

/// <summary>A registered model as the server writes it.</summary>
internal sealed record ModelWire
{
    public required string Name { get; init; }

    public long CreationTimestamp { get; init; }

    public long LastUpdatedTimestamp { get; init; }

    public string? Description { get; init; }

    public PairWire[]? Tags { get; init; }

    public AliasWire[]? Aliases { get; init; }

    public RegisteredModel ToModel() => new()
    {
        Name = Name,
        CreationTimestamp = MlflowJson.Instant(CreationTimestamp),
        LastUpdatedTimestamp = MlflowJson.Instant(LastUpdatedTimestamp),
        Description = string.IsNullOrEmpty(Description) ? null : Description,
        Tags = MlflowJson.Texts(Tags),
        Aliases = (Aliases ?? []).ToDictionary(a => a.Alias, a => a.Version, StringComparer.Ordinal),
    };
}

/// <summary>A version as the server writes it.</summary>
internal sealed record VersionWire
{
    public required string Name { get; init; }

    /// <summary>A number in a text.</summary>
    public required int Version { get; init; }

    public long CreationTimestamp { get; init; }

    public long LastUpdatedTimestamp { get; init; }

    public string CurrentStage { get; init; } = "None";

    public string? Description { get; init; }

    public string Source { get; init; } = "";

    public string? RunId { get; init; }

    public string Status { get; init; } = "READY";

    public PairWire[]? Tags { get; init; }

    public string[]? Aliases { get; init; }

    public ModelVersion ToVersion() => new()
    {
        Name = Name,
        Version = Version,
        CreationTimestamp = MlflowJson.Instant(CreationTimestamp),
        LastUpdatedTimestamp = MlflowJson.Instant(LastUpdatedTimestamp),
        CurrentStage = RegistryText.Stage(CurrentStage),
        Description = string.IsNullOrEmpty(Description) ? null : Description,
        Source = Source,
        RunId = string.IsNullOrEmpty(RunId) ? null : RunId,
        Status = Status switch
        {
            "PENDING_REGISTRATION" => ModelVersionStatus.PendingRegistration,
            "FAILED_REGISTRATION" => ModelVersionStatus.FailedRegistration,
            "READY" => ModelVersionStatus.Ready,
            _ => throw ProtocolText.Unknown("status of a model version", Status),
        },
        Tags = MlflowJson.Texts(Tags),
        Aliases = [.. (Aliases ?? []).Order(StringComparer.Ordinal)],
    };
}
