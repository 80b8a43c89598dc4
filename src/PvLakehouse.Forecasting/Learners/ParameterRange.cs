using System.Globalization;

namespace PvLakehouse.Forecasting.Learners;

/// <summary>The values that a hyper-parameter can have, as text.</summary>
public abstract record ParameterRange
{
    /// <summary>
    /// The value at a share of the range: one drawn evenly from 0 to 1 gives a value drawn evenly, on a logarithmic scale where it has one.
    /// </summary>
    /// <param name="share">0 to below 1.</param>
    public abstract string At(double share);

    /// <summary>The value in its one canonical spelling, or null when it is not in the range.</summary>
    public abstract string? Canonical(string text);

    private protected static double Between(double least, double most, bool logarithmic, double share)
    {
        if (!(share is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "Expected 0 to below 1.");
        }

        return logarithmic ? least * Math.Pow(most / least, share) : least + ((most - least) * share);
    }
}

/// <summary>Numbers.</summary>
/// <param name="Least">The least, itself in the range; above 0 on a logarithmic scale.</param>
/// <param name="Most">The most, itself in the range.</param>
/// <param name="Logarithmic">Whether values are spread over orders of magnitude.</param>
public sealed record RealRange(double Least, double Most, bool Logarithmic = false) : ParameterRange
{
    /// <inheritdoc/>
    /// <remarks>Of four digits, as people would write it.</remarks>
    public override string At(double share)
    {
        var rounded = Between(Least, Most, Logarithmic, share).ToString("G4", CultureInfo.InvariantCulture);
        return Math.Clamp(double.Parse(rounded, CultureInfo.InvariantCulture), Least, Most).ToString(CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public override string? Canonical(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= Least && value <= Most
            ? value.ToString(CultureInfo.InvariantCulture)
            : null;

    /// <summary>What is allowed, in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"a number from {Least} to {Most}");
}

/// <summary>Whole numbers.</summary>
/// <param name="Least">The least, itself in the range; above 0 on a logarithmic scale.</param>
/// <param name="Most">The most, itself in the range.</param>
/// <param name="Logarithmic">Whether values are spread over orders of magnitude.</param>
public sealed record IntegerRange(int Least, int Most, bool Logarithmic = false) : ParameterRange
{
    /// <inheritdoc/>
    public override string At(double share) =>
        Math.Min((int)Between(Least, Most + 1.0, Logarithmic, share), Most).ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string? Canonical(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= Least && value <= Most
            ? value.ToString(CultureInfo.InvariantCulture)
            : null;

    /// <summary>What is allowed, in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"a whole number from {Least} to {Most}");
}

/// <summary>A few words.</summary>
/// <param name="Values">The words.</param>
public sealed record ChoiceRange(params IReadOnlyList<string> Values) : ParameterRange
{
    /// <inheritdoc/>
    public override string At(double share) => Values[(int)Between(0, Values.Count, logarithmic: false, share)];

    /// <inheritdoc/>
    public override string? Canonical(string text) => Values.FirstOrDefault(value => value.Equals(text, StringComparison.Ordinal));

    /// <summary>What is allowed, in words.</summary>
    public override string ToString() => $"one of {string.Join(", ", Values)}";
}
