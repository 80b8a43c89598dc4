namespace PvLakehouse.Forecasting.Learners;

/// <summary>One step of learning, as it is measured.</summary>
/// <param name="Step">The step, from 1: how many trees there are.</param>
/// <param name="Steps">The most steps that there can be.</param>
/// <param name="Metric">What is measured: <c>rmse</c> of a mean, <c>pinball</c> of a quantile, as shares of AC capacity.</param>
/// <param name="Training">The metric on the training rows; null where the learner does not measure it.</param>
/// <param name="Validation">The metric on the validation rows; null without them.</param>
public sealed record TrainingStep(int Step, int Steps, string Metric, double? Training, double? Validation);
