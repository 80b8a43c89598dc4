using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>What came of a challenger, and why.</summary>
/// <param name="ModelName">The registered model.</param>
/// <param name="ChampionVersion">The version that forecast until then.</param>
/// <param name="ChallengerVersion">The version that was to take its place.</param>
public sealed record RetrainDecision(string ModelName, int ChampionVersion, int ChallengerVersion)
{
    /// <summary>The run that trained the challenger; numbers of versions begin anew in every registry, runs are unique.</summary>
    public required string ChallengerRun { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>The class of forecasts.</summary>
    public required Horizon Horizon { get; init; }

    /// <summary>Why a challenger was trained, in a sentence.</summary>
    public required string Cause { get; init; }

    /// <summary>The comparison; null when there were too few hours for one.</summary>
    public required Comparison? Compared { get; init; }

    /// <summary>Whether the challenger became champion.</summary>
    public required bool Promoted { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }
}
