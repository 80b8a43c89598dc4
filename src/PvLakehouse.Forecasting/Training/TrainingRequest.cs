using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Training;

/// <summary>What is to be trained.</summary>
public sealed record TrainingRequest
{
    /// <summary>The class of forecasts.</summary>
    public required Horizon Horizon { get; init; }

    /// <summary>What the learner is made of; its objective is ignored, for mean and quantiles are trained.</summary>
    public required LearnerSettings Learner { get; init; }

    /// <summary>The snapshot of ml.forecast_features to learn from; null for the newest.</summary>
    public long? FeatureSnapshot { get; init; }

    /// <summary>Where training ends; null for 70 % of the days, 15 % of validation and 15 % of test.</summary>
    public TimeSplit? Split { get; init; }
}
