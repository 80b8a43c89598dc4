namespace PvLakehouse.Forecasting.Baselines;

/// <summary>The weight with which persistence and climatology make the strongest forecast that needs no model.</summary>
/// <param name="Weight">Share of persistence, 0 to 1; climatology has the rest.</param>
/// <remarks>
/// Source: D. Yang, "Making reference solar forecasts with climatology, persistence, and their optimal convex combination", Solar Energy 193,
/// 2019. There the weight is the autocorrelation of the clear-sky index at the lead; this is its least-squares form, which also holds when the two
/// are not free of bias.
/// </remarks>
public sealed record ConvexCombination(double Weight)
{
    /// <summary>Finds the weight that errs least over some hours.</summary>
    /// <param name="hours">What persistence and climatology said, and what happened.</param>
    /// <returns>Climatology alone when nothing tells the two apart.</returns>
    public static ConvexCombination Fit(IEnumerable<(double Persistence, double Climatology, double Actual)> hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var (joint, square) = (0.0, 0.0);
        foreach (var (persistence, climatology, actual) in hours)
        {
            var difference = persistence - climatology;
            joint += difference * (actual - climatology);
            square += difference * difference;
        }

        return new(square > 0 ? Math.Clamp(joint / square, 0, 1) : 0);
    }

    /// <summary>The combined forecast.</summary>
    public double Of(double persistence, double climatology) => (Weight * persistence) + ((1 - Weight) * climatology);
}
