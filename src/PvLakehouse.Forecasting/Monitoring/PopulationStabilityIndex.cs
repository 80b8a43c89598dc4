namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>How far the shares of recent values in the deciles of earlier ones are from a tenth each.</summary>
/// <param name="Value">Sum over the bins of (recent - earlier) ln(recent / earlier), 0 or more; 0 when the shares are equal.</param>
/// <param name="Bins">Number of bins: 10, fewer where values repeat, for deciles that coincide are one.</param>
/// <remarks>
/// Half a value is added to every bin of both samples (the estimate of Krichevsky and Trofimov 1981), so that an empty bin has a logarithm.
/// The rule of thumb, below 0.1 no change and from 0.25 on a great one, is that of N. Siddiqi, Credit Risk Scorecards, Wiley 2006; it knows
/// no size of samples, which <see cref="Chance"/> does.
/// </remarks>
public sealed record PopulationStabilityIndex(double Value, int Bins)
{
    private const int Deciles = 10;
    private const double Added = 0.5;

    /// <summary>Compares two samples.</summary>
    /// <param name="earlier">Values whose deciles are the bins, in any order, none missing.</param>
    /// <param name="recent">Values that are sorted into them, none missing.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    public static PopulationStabilityIndex Of(IReadOnlyList<double> earlier, IReadOnlyList<double> recent)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(recent);
        if (earlier.Count == 0 || recent.Count == 0)
        {
            throw new ArgumentException(
                $"Samples of {earlier.Count} and {recent.Count} values were given; expected one value or more in both.", nameof(earlier));
        }

        var edges = Edges(earlier);
        var (before, after) = (Shares(earlier, edges), Shares(recent, edges));
        return new(before.Zip(after, (e, r) => (r - e) * Math.Log(r / e)).Sum(), edges.Length + 1);
    }

    /// <summary>The value that samples of one and the same distribution exceed with a probability.</summary>
    /// <param name="probability">The probability, above 0 and at most 0.5.</param>
    /// <param name="earlier">Independent observations behind the earlier sample, above 0.</param>
    /// <param name="recent">Independent observations behind the recent sample, above 0.</param>
    /// <remarks>
    /// Without a change the index is distributed as (1/n + 1/m) χ² of one degree of freedom less than bins (B. Yurdakul and J. Naranjo,
    /// Statistical properties of the population stability index, J. Risk Model Validation 14, 2020). The quantile is that of Wilson and
    /// Hilferty (1931), good to 3 %.
    /// </remarks>
    public double Chance(double probability, double earlier, double recent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(earlier);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(recent);
        return ((1 / earlier) + (1 / recent)) * ChiSquared(Bins - 1, probability);
    }

    /// <summary>The value that χ² exceeds with a probability.</summary>
    internal static double ChiSquared(int degrees, double probability)
    {
        if (degrees == 0)
        {
            return 0;
        }

        var spread = 2.0 / (9 * degrees);
        return degrees * Math.Pow(1 - spread + (Normal(probability) * Math.Sqrt(spread)), 3);
    }

    /// <summary>
    /// The value that a standard normal variable exceeds with a probability up to 0.5 (Abramowitz and Stegun 1964, 26.2.23).
    /// </summary>
    private static double Normal(double probability)
    {
        if (probability is not (> 0 and <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected a probability above 0 and at most 0.5.");
        }

        var t = Math.Sqrt(-2 * Math.Log(probability));
        return t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308)))))));
    }

    /// <summary>
    /// The highest value of each decile but the last, each once; values repeat where a feature is often the same, such as no rain.
    /// </summary>
    private static double[] Edges(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return
        [
            .. Enumerable.Range(1, Deciles - 1)
                .Select(decile => sorted[(int)Math.Ceiling(sorted.Length * decile / (double)Deciles) - 1])
                .Distinct()
                .Where(edge => edge < sorted[^1]),
        ];
    }

    private static double[] Shares(IReadOnlyList<double> values, double[] edges)
    {
        var counts = new int[edges.Length + 1];
        foreach (var value in values)
        {
            var found = Array.BinarySearch(edges, value);
            counts[found >= 0 ? found : ~found]++;
        }

        return Array.ConvertAll(counts, count => (count + Added) / (values.Count + (Added * counts.Length)));
    }
}
