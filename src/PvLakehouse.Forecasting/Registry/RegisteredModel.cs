using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Registry;

/// <summary>A model under a name, of which there are versions.</summary>
public sealed record RegisteredModel
{
    /// <summary>Its unique name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreationTimestamp { get; init; }

    /// <summary>When it or one of its versions was last changed.</summary>
    public required DateTimeOffset LastUpdatedTimestamp { get; init; }

    /// <summary>What it is, for people; null when nobody said.</summary>
    public string? Description { get; init; }

    /// <summary>Tags by key.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = Dictionaries.Empty;

    /// <summary>Version by alias: champion, challenger.</summary>
    public IReadOnlyDictionary<string, int> Aliases { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);
}
