namespace PvLakehouse.Forecasting.Learners;

/// <summary>What every learner asks of its rows.</summary>
internal static class LearnerChecks
{
    /// <summary>Fewer rows than these teach nothing: ten days of daylight at one farm.</summary>
    public const int FewestRows = 100;

    /// <exception cref="ForecastingException">Nothing can be learned from the rows.</exception>
    public static void Require(TrainingSet training, TrainingSet? validation)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Target.Count < FewestRows)
        {
            throw new ForecastingException($"There are {training.Target.Count} rows to learn from; expected {FewestRows} or more.");
        }

        if (training.Target.All(value => value == training.Target[0]))
        {
            throw new ForecastingException(
                $"All {training.Target.Count} targets are {training.Target[0]}; a forecast of that needs no model.");
        }

        var missing = training.Features.Names.Where((_, column) => IsAlwaysMissing(training.Features, column)).ToArray();
        if (missing.Length > 0)
        {
            throw new ForecastingException(
                $"The features {List(missing)} are missing in all {training.Features.Rows} rows to learn from; "
                + "leave them out, or find their values.");
        }

        if (validation is not null)
        {
            RequireSame(training.Features.Names, validation.Features);
            if (validation.Target.Count == 0)
            {
                throw new ForecastingException("There are no validation rows; expected one or more, or no validation.");
            }
        }
    }

    /// <exception cref="ForecastingException">The features differ from those that a model knows.</exception>
    public static void RequireSame(IReadOnlyList<string> known, FeatureMatrix features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (!known.SequenceEqual(features.Names, StringComparer.Ordinal))
        {
            var missing = known.Except(features.Names, StringComparer.Ordinal).ToArray();
            var other = features.Names.Except(known, StringComparer.Ordinal).ToArray();
            throw new ForecastingException(
                missing.Length + other.Length == 0
                    ? $"The features come in another order; expected {string.Join(", ", known)}."
                    : $"The features are others than in training: missing {List(missing)}, not known {List(other)}.");
        }
    }

    private static bool IsAlwaysMissing(FeatureMatrix features, int column)
    {
        for (var at = column; at < features.Values.Length; at += features.Columns)
        {
            if (!double.IsNaN(features.Values[at]))
            {
                return false;
            }
        }

        return true;
    }

    private static string List(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names);
}
