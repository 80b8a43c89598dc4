namespace PvLakehouse.Pipeline.Sources.Drift;

/// <summary>How an answer departs from the contract that its reader knows.</summary>
public enum DriftKind
{
    /// <summary>A field that the reader does not know; it stays in the archived body.</summary>
    Unknown,

    /// <summary>A field that was always there and is not; its values are null.</summary>
    Missing,

    /// <summary>A value of another type, unit or range than agreed; it is null.</summary>
    Retyped,
}

/// <summary>A departure of answers from their contract: one place, however often it was seen.</summary>
/// <param name="Source">The endpoint, one of <see cref="SourceNames"/>.</param>
/// <param name="Path">JSON path with [] for any element, for example $.data[].results[].data[][1].</param>
/// <param name="Kind">What is different.</param>
public sealed record SchemaDrift(string Source, string Path, DriftKind Kind)
{
    /// <summary>What the contract says; empty for an unknown field.</summary>
    public required string Expected { get; init; }

    /// <summary>What was found, in words.</summary>
    public required string Found { get; init; }

    /// <summary>The first value that was found, shortened; null for a missing field.</summary>
    public string? Sample { get; init; }
}
