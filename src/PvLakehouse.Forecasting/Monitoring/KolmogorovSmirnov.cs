namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>The largest distance between the distribution functions of two samples.</summary>
/// <remarks>
/// N. Smirnov, Annals of Mathematical Statistics 19, 1948. Hours are no independent observations: those of one day share its weather, on
/// all farms. So probabilities are never taken from the number of values here; the caller says how many independent observations there are
/// behind them.
/// </remarks>
/// <param name="Distance">The statistic D, 0 to 1.</param>
public sealed record KolmogorovSmirnov(double Distance)
{
    /// <summary>Compares two samples; equal values take their step together.</summary>
    /// <param name="first">Values in any order, none missing.</param>
    /// <param name="second">Values in any order, none missing.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    public static KolmogorovSmirnov Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count == 0 || second.Count == 0)
        {
            throw new ArgumentException(
                $"Samples of {first.Count} and {second.Count} values were given; expected one value or more in both.", nameof(first));
        }

        double[] a = [.. first.Order()];
        double[] b = [.. second.Order()];
        var (i, j, distance) = (0, 0, 0.0);
        while (i < a.Length && j < b.Length)
        {
            var value = Math.Min(a[i], b[j]);
            i = Past(a, i, value);
            j = Past(b, j, value);
            distance = Math.Max(distance, Math.Abs((i / (double)a.Length) - (j / (double)b.Length)));
        }

        return new(distance);
    }

    /// <summary>
    /// The probability of such a distance, or a larger one, between samples of one and the same distribution, for many observations.
    /// </summary>
    /// <param name="first">Independent observations behind the first sample.</param>
    /// <param name="second">Independent observations behind the second sample.</param>
    public double Probability(double first, double second) => Tail(Distance / Scale(first, second));

    /// <summary>The distance that samples of one and the same distribution exceed with a probability.</summary>
    /// <param name="probability">The probability, at most 0.1: then the first term of the series is all of it to four digits.</param>
    /// <param name="first">Independent observations behind the first sample.</param>
    /// <param name="second">Independent observations behind the second sample.</param>
    public static double Chance(double probability, double first, double second) => probability is > 0 and <= 0.1
        ? Scale(first, second) * Math.Sqrt(-Math.Log(probability / 2) / 2)
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected a probability above 0 and at most 0.1.");

    /// <summary>The probability that Kolmogorov's limit distribution exceeds a value.</summary>
    internal static double Tail(double value)
    {
        if (value <= 0)
        {
            return 1;
        }

        // Each series is good where the other is slow.
        if (value < 1)
        {
            var sum = Enumerable.Range(1, 4).Sum(k => Math.Exp(-Math.Pow(((2 * k) - 1) * Math.PI / value, 2) / 8));
            return 1 - (Math.Sqrt(2 * Math.PI) / value * sum);
        }

        return 2 * Enumerable.Range(1, 4).Sum(k => (k % 2 == 1 ? 1 : -1) * Math.Exp(-2 * k * k * value * value));
    }

    private static double Scale(double first, double second)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(second);
        return Math.Sqrt((1 / first) + (1 / second));
    }

    private static int Past(double[] sorted, int index, double value)
    {
        while (index < sorted.Length && sorted[index] <= value)
        {
            index++;
        }

        return index;
    }
}
