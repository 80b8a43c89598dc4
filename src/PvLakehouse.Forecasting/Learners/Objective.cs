using System.Globalization;

namespace PvLakehouse.Forecasting.Learners;

/// <summary>What of the target is forecast: its mean, or one quantile.</summary>
public sealed record Objective
{
    private const string MeanName = "mean";
    private const string QuantileName = "quantile ";

    private Objective(double? level) => Level = level;

    /// <summary>The mean, by the least squared error.</summary>
    public static Objective Mean { get; } = new((double?)null);

    /// <summary>Level of the quantile, above 0 and below 1; null for the mean.</summary>
    public double? Level { get; }

    /// <summary>A quantile, by the least pinball loss.</summary>
    /// <param name="level">Above 0 and below 1.</param>
    /// <exception cref="ForecastingException">The level is out of its range.</exception>
    public static Objective Quantile(double level) => new(RequireLevel(level));

    /// <summary>Reads what <see cref="ToString"/> wrote: <c>mean</c> or, say, <c>quantile 0.1</c>.</summary>
    /// <exception cref="ForecastingException">The text is neither.</exception>
    public static Objective Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text == MeanName ? Mean
            : text.StartsWith(QuantileName, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(QuantileName.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var level)
                ? Quantile(level)
                : throw new ForecastingException($"There is no objective '{text}'; expected '{MeanName}' or, say, '{QuantileName}0.1'.");
    }

    /// <summary>The words that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Level is { } level ? QuantileName + level.ToString(CultureInfo.InvariantCulture) : MeanName;

    internal static double RequireLevel(double level) => level is > 0 and < 1
        ? level
        : throw new ForecastingException(
            $"A quantile has a level above 0 and below 1; found {level.ToString(CultureInfo.InvariantCulture)}.");
}
