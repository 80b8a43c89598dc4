namespace PvLakehouse.Forecasting.Learners;

/// <summary>A way of learning, with what can be set about it.</summary>
public sealed class LearnerKind
{
    private readonly Func<ResolvedSettings, ILearner> _create;
    private readonly Func<QuantileSupport> _quantiles;
    private readonly Func<string?> _unavailability;

    internal LearnerKind(
        string name, string meaning, IReadOnlyList<HyperParameter> parameters, string? resource, Func<ResolvedSettings, ILearner> create,
        Func<QuantileSupport> quantiles, Func<string?> unavailability)
    {
        (Name, Meaning, Parameters, Resource) = (name, meaning, parameters, resource);
        (_create, _quantiles, _unavailability) = (create, quantiles, unavailability);
    }

    /// <summary>The name by which commands know it.</summary>
    public string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    public string Meaning { get; }

    /// <summary>What can be set.</summary>
    public IReadOnlyList<HyperParameter> Parameters { get; }

    /// <summary>
    /// Name of the whole-numbered parameter that costs time and buys accuracy, which halving makes small; null when there is none.
    /// </summary>
    public string? Resource { get; }

    /// <summary>How it comes to quantiles; of XGBoost it depends on the library that is installed.</summary>
    public QuantileSupport Quantiles => _quantiles();

    /// <summary>Why it cannot be used here and what would help; null when it can.</summary>
    public string? Unavailability => _unavailability();

    /// <summary>Makes a learner.</summary>
    /// <exception cref="ForecastingException">
    /// A parameter is unknown or out of its range, or the objective is one that it cannot learn.
    /// </exception>
    internal ILearner Create(LearnerSettings settings)
    {
        var resolved = ResolvedSettings.Of(settings, Parameters);
        if (Unavailability is { } reason)
        {
            throw new ForecastingException(reason);
        }

        if (settings.Objective.Level is not null && Quantiles == QuantileSupport.None)
        {
            throw new ForecastingException(
                $"The learner '{Name}' cannot learn a {settings.Objective}; expected the mean, whose residuals give quantiles.");
        }

        return _create(resolved);
    }
}
