using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>One version of a registered model; its files never change.</summary>
public sealed record ModelVersion
{
    /// <summary>The registered model.</summary>
    public required string Name { get; init; }

    /// <summary>Its number, from 1; a number is never given twice.</summary>
    public required int Version { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreationTimestamp { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset LastUpdatedTimestamp { get; init; }

    /// <summary>Stage, for servers older than aliases.</summary>
    public ModelStage CurrentStage { get; init; }

    /// <summary>What it is, for people; null when nobody said.</summary>
    public string? Description { get; init; }

    /// <summary>Folder of its files: a URI or path, usually below the artifacts of its run.</summary>
    public required string Source { get; init; }

    /// <summary>The run that made it; null when unknown.</summary>
    public string? RunId { get; init; }

    /// <summary>Whether its files are ready to be read.</summary>
    public required ModelVersionStatus Status { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = Dictionaries.Empty;

    /// <summary>Aliases that name this version.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

/// <summary>Whether the files of a version are ready.</summary>
public enum ModelVersionStatus
{
    /// <summary>The server still works on it.</summary>
    PendingRegistration,

    /// <summary>The server could not take it.</summary>
    FailedRegistration,

    /// <summary>It can be used.</summary>
    Ready,
}

/// <summary>A version that is to be made.</summary>
public sealed record NewModelVersion
{
    /// <summary>The registered model, which must be there.</summary>
    public required string Name { get; init; }

    /// <summary>The run whose artifacts hold the files.</summary>
    public required string RunId { get; init; }

    /// <summary>Folder below the run's artifacts that holds <c>MLmodel</c>. Default <c>model</c>.</summary>
    public string ArtifactPath { get; init; } = "model";

    /// <summary>What it is, for people.</summary>
    public string? Description { get; init; }

    /// <summary>Tags to begin with.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = Dictionaries.Empty;
}
