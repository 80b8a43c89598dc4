using System.Globalization;

namespace PvLakehouse.Forecasting.Plots;

/// <summary>An axis of a plot.</summary>
/// <param name="Title">What it shows, with its unit.</param>
/// <param name="From">The value at its start.</param>
/// <param name="To">The value at its end; below <paramref name="From"/> when it runs the other way.</param>
/// <param name="Ticks">Values that are marked.</param>
internal sealed record Axis(string Title, double From, double To, IReadOnlyList<(double At, string Label)> Ticks)
{
    private const int FewestSteps = 4;

    /// <summary>An axis of numbers that covers two values, marked at round numbers.</summary>
    /// <remarks>
    /// Steps of 1, 2 or 5 times a power of ten. Source: P. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990.
    /// </remarks>
    /// <param name="title">What it shows.</param>
    /// <param name="least">The least value to be shown.</param>
    /// <param name="most">The most.</param>
    public static Axis OfNumbers(string title, double least, double most)
    {
        // Where all values are equal, one on either side.
        var (low, high) = most > least ? (least, most) : (least - 1, least + 1);
        var power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / FewestSteps)));
        var step = power * ((high - low) / FewestSteps / power) switch { < 2 => 1, < 5 => 2, _ => 5 };
        var (first, last) = (Math.Floor((low / step) + 1e-9), Math.Ceiling((high / step) - 1e-9));
        var ticks = Enumerable.Range(0, (int)(last - first) + 1).Select(number => (first + number) * step).ToArray();
        var digits = Math.Max(0, (int)-Math.Floor(Math.Log10(step)));
        return new(
            title, ticks[0], ticks[^1], [.. ticks.Select(tick => (tick, tick.ToString($"F{digits}", CultureInfo.InvariantCulture)))]);
    }

    /// <summary>An axis of words, at 0, 1, 2 and so on.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="words">The words.</param>
    public static Axis OfWords(string title, IReadOnlyList<string> words) =>
        new(title, -0.5, words.Count - 0.5, [.. words.Index().Select(word => ((double)word.Index, word.Item))]);

    /// <summary>The same axis from its end to its start.</summary>
    public Axis Reversed() => this with { From = To, To = From };

    /// <summary>Where a value lies: 0 at the start, 1 at the end.</summary>
    public double Share(double value) => (value - From) / (To - From);
}
