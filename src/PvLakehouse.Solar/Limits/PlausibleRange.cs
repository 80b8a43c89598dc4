namespace PvLakehouse.Solar.Limits;

/// <summary>A closed range of plausible values.</summary>
/// <param name="Low">Lowest plausible value.</param>
/// <param name="High">Highest plausible value.</param>
public readonly record struct PlausibleRange(double Low, double High)
{
    /// <summary>Whether a value lies within; false for NaN.</summary>
    public bool Contains(double value) => value >= Low && value <= High;
}
