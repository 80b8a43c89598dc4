using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Tuning;

/// <summary>Candidates that are drawn from what a learner says is worth searching.</summary>
/// <remarks>Source: J. Bergstra and Y. Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012.</remarks>
internal static class RandomSearch
{
    /// <summary>Draws candidates; the first is what the learner does unasked, so that no search ends with less.</summary>
    /// <param name="kind">The learner.</param>
    /// <param name="count">How many; the first of more are the same.</param>
    /// <param name="seed">Seed of the draws and of the learner.</param>
    /// <exception cref="ForecastingException">The learner has nothing to search.</exception>
    public static IReadOnlyList<LearnerSettings> Draw(LearnerKind kind, int count, int seed)
    {
        var searched = kind.Parameters.Where(parameter => parameter.Search is not null).ToArray();
        if (searched.Length == 0)
        {
            throw new ForecastingException($"The learner '{kind.Name}' has no parameter that a search could vary.");
        }

        var random = new Random(seed);
        var candidates = new List<LearnerSettings> { new() { Learner = kind.Name, Seed = seed } };
        while (candidates.Count < count)
        {
            candidates.Add(candidates[0] with
            {
                Parameters = searched.ToDictionary(
                    parameter => parameter.Name, parameter => parameter.Search!.At(random.NextDouble()), StringComparer.Ordinal),
            });
        }

        return candidates;
    }
}
