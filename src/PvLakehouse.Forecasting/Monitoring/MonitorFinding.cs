using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>What one check of a model found.</summary>
/// <param name="Check">One of <see cref="MonitorCheck"/>.</param>
/// <param name="Subject">What was looked at: a feature, the Monday of a week, or all hours.</param>
/// <param name="Value">The number; null when there was too little to tell it.</param>
/// <param name="Threshold">From where on it fails; null for what never does.</param>
/// <param name="Status">What came of it.</param>
/// <param name="Meaning">What it means, in a sentence.</param>
public sealed record MonitorFinding(string Check, string Subject, double? Value, double? Threshold, CheckStatus Status, string Meaning)
{
    /// <summary>Whether a feature is its subject.</summary>
    public bool IsOfFeature => Check is MonitorCheck.Missing or MonitorCheck.Stability or MonitorCheck.Distribution;

    /// <summary>The status of a value that should be small.</summary>
    internal static CheckStatus StatusOf(double value, double warns, double fails) =>
        value >= fails ? CheckStatus.Fail : value >= warns ? CheckStatus.Warn : CheckStatus.Pass;
}

/// <summary>The checks of a model.</summary>
public static class MonitorCheck
{
    /// <summary>Share of missing values of a feature.</summary>
    public const string Missing = "missing values";

    /// <summary>Population stability index of a feature.</summary>
    public const string Stability = "stability index";

    /// <summary>Distance of Kolmogorov and Smirnov of a feature.</summary>
    public const string Distribution = "distribution";

    /// <summary>Mean of the errors.</summary>
    public const string ErrorMean = "mean error";

    /// <summary>Standard deviation of the errors.</summary>
    public const string ErrorSpread = "spread of errors";

    /// <summary>Coverage of the 80 % band.</summary>
    public const string Coverage = "coverage";

    /// <summary>Skill against the convex combination.</summary>
    public const string Skill = "skill";

    /// <summary>Skill of one week.</summary>
    public const string WeeklySkill = "weekly skill";

    /// <summary>The subject of checks that look at all hours of the window.</summary>
    public const string AllHours = "all";
}
