namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>How good the forecasts of one model, or of a reference, were over some hours.</summary>
/// <param name="Model">Name of the learner, or of the reference.</param>
/// <param name="Subset">Which hours: one of <see cref="ScoreSubset"/>.</param>
/// <param name="By">What groups them: all, facility, lead, season, sky or month.</param>
/// <param name="Value">The group.</param>
/// <param name="Points">Scores of the means.</param>
public sealed record ForecastScore(string Model, string Subset, string By, string Value, PointScores Points)
{
    /// <summary>By how much it errs less than the convex combination; null where that was not asked, or it is that reference.</summary>
    public SkillScore? Skill { get; init; }

    /// <summary>Scores of the quantiles; null without.</summary>
    public QuantileScores? Quantiles { get; init; }
}

/// <summary>Which hours are scored together.</summary>
public static class ScoreSubset
{
    /// <summary>The sun above 5°; energy as it was delivered.</summary>
    public const string Daylight = "daylight";

    /// <summary>The sun above 5°, and nothing held the farm back: neither curtailed nor out of order.</summary>
    public const string Available = "daylight, available";

    /// <summary>Day and night, as GEFCom2014 scored.</summary>
    public const string AllHours = "all hours";
}
