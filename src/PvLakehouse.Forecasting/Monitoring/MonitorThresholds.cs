namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>From when on a check warns or fails. Where no source is named the value is a choice of ours.</summary>
public sealed record MonitorThresholds
{
    /// <summary>The usual ones.</summary>
    public static MonitorThresholds Usual { get; } = new();

    /// <summary>Stability index of a feature that warns (Siddiqi 2006: moderate change). Default 0.1.</summary>
    public double StabilityWarns { get; init; } = 0.1;

    /// <summary>Stability index that fails (Siddiqi 2006: great change). Default 0.25.</summary>
    public double StabilityFails { get; init; } = 0.25;

    /// <summary>Probability that any feature at all warns although nothing drifts. Default 0.2.</summary>
    public double ChanceOfWarning { get; init; } = 0.2;

    /// <summary>Probability that any feature at all fails although nothing drifts. Default 0.05.</summary>
    public double ChanceOfFailure { get; init; } = 0.05;

    /// <summary>Change of the share of missing values that warns. Default 0.05.</summary>
    public double MissingWarns { get; init; } = 0.05;

    /// <summary>Change of the share of missing values that fails. Default 0.2.</summary>
    public double MissingFails { get; init; } = 0.2;

    /// <summary>Change of the mean error that warns, as a share of AC capacity. Default 0.02.</summary>
    public double MeanWarns { get; init; } = 0.02;

    /// <summary>Change of the mean error that fails, as a share of AC capacity. Default 0.05.</summary>
    public double MeanFails { get; init; } = 0.05;

    /// <summary>
    /// Standard errors, counted by days, that a change of the mean error must have besides. Default 3.29: 0.1 % by chance.
    /// </summary>
    public double StandardErrors { get; init; } = 3.29;

    /// <summary>Ratio of the spread of errors to that before which warns. Default 1.25.</summary>
    public double SpreadWarns { get; init; } = 1.25;

    /// <summary>Ratio of the spread of errors to that before which fails. Default 1.5.</summary>
    public double SpreadFails { get; init; } = 1.5;

    /// <summary>Distance of the coverage of the 80 % band from 0.8 that warns. Default 0.05.</summary>
    public double CoverageWarns { get; init; } = 0.05;

    /// <summary>Distance of the coverage of the 80 % band from 0.8 that fails. Default 0.1.</summary>
    public double CoverageFails { get; init; } = 0.1;

    /// <summary>
    /// Skill against the convex combination below which the window fails: then the model is worth less than none. Default 0.
    /// </summary>
    public double SkillFails { get; init; }

    /// <summary>Fewest days from which anything is told. Default 5.</summary>
    public int FewestDays { get; init; } = 5;
}
