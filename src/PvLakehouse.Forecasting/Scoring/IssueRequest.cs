using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Registry;

namespace PvLakehouse.Forecasting.Scoring;

/// <summary>Which forecasts are to be issued.</summary>
public sealed record IssueRequest
{
    /// <summary>The class of forecasts.</summary>
    public required Horizon Horizon { get; init; }

    /// <summary>The issues.</summary>
    public required IssueWindow Issued { get; init; }

    /// <summary>Number of the version; null for the one that <see cref="ModelAlias.Champion"/> names.</summary>
    public int? Version { get; init; }

    /// <summary>Codes of the farms; null for all.</summary>
    public IReadOnlyList<string>? Facilities { get; init; }
}

/// <summary>Forecasts that were issued.</summary>
/// <param name="Version">The version that made them.</param>
/// <param name="Issued">Number of hours that were forecast now.</param>
/// <param name="Kept">Number of hours whose forecast had been issued before and stays as it was.</param>
/// <param name="Notes">What the user should know, one sentence each.</param>
public sealed record IssueOutcome(ModelVersion Version, long Issued, long Kept, IReadOnlyList<string> Notes);
