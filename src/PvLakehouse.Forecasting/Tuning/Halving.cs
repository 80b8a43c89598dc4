namespace PvLakehouse.Forecasting.Tuning;

/// <summary>Successive halving: many candidates with little, ever fewer of them with more, the last with all.</summary>
/// <remarks>
/// Source: K. Jamieson and A. Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016; that a
/// third goes on is the advice of L. Li et al., "Hyperband", JMLR 18, 2018.
/// </remarks>
public static class Halving
{
    /// <summary>One in so many goes on, with so many times as much.</summary>
    public const int Factor = 3;

    /// <summary>Most rungs: with less than a 27th of the trees only those do well that learn fast.</summary>
    public const int MostRungs = 4;

    /// <summary>The rungs that candidates climb.</summary>
    /// <param name="candidates">Number of candidates, 1 or more.</param>
    public static IReadOnlyList<Rung> Of(int candidates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 1);
        var rungs = new List<Rung>();
        for (var left = candidates; left >= 1 && rungs.Count < MostRungs; left /= Factor)
        {
            rungs.Add(new(left, 1));
        }

        return [.. rungs.Select((rung, index) => rung with { Share = Math.Pow(Factor, index - rungs.Count + 1) })];
    }
}

/// <summary>Candidates that are judged with equal means.</summary>
/// <param name="Candidates">How many.</param>
/// <param name="Share">The share of all trees, or of all rows, that each gets: above 0, up to 1.</param>
public sealed record Rung(int Candidates, double Share);
