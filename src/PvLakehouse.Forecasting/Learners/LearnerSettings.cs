namespace PvLakehouse.Forecasting.Learners;

/// <summary>What a learner is made of.</summary>
public sealed record LearnerSettings
{
    /// <summary>Name of the learner, such as <c>lightgbm</c>; see <see cref="LearnerCatalogue.All"/>.</summary>
    public required string Learner { get; init; }

    /// <summary>Values of hyper-parameters by name; one that is left out has its default.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>What is forecast. Default the mean.</summary>
    public Objective Objective { get; init; } = Objective.Mean;

    /// <summary>Seed of all draws, 0 or more. Default 42.</summary>
    public int Seed { get; init; } = 42;
}
