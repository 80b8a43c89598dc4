namespace PvLakehouse.Forecasting.Learners;

/// <summary>Rows to learn from.</summary>
public sealed class TrainingSet
{
    /// <summary>Makes a set.</summary>
    /// <param name="features">The features.</param>
    /// <param name="target">What happened, as a share of AC capacity. Length of the rows.</param>
    /// <exception cref="ForecastingException">A target is missing, or there are more or fewer of them than rows.</exception>
    public TrainingSet(FeatureMatrix features, double[] target)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(target);
        if (target.Length != features.Rows)
        {
            throw new ForecastingException($"There are {target.Length} targets for {features.Rows} rows of features.");
        }

        var unknown = Array.FindIndex(target, value => !double.IsFinite(value));
        if (unknown >= 0)
        {
            throw new ForecastingException($"The target of row {unknown + 1} is {target[unknown]}; nothing can be learned from that.");
        }

        (Features, Target) = (features, target);
    }

    /// <summary>The features.</summary>
    public FeatureMatrix Features { get; }

    /// <summary>What happened, as a share of AC capacity.</summary>
    public IReadOnlyList<double> Target { get; }
}
