using System.Runtime.CompilerServices;

namespace PvLakehouse.Solar;

/// <summary>Argument checks whose messages give the value found and the values allowed.</summary>
internal static class Require
{
    /// <summary>The value itself, when it is a number within the closed range.</summary>
    internal static double InRange(
        double value, double low, double high, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= low && value <= high
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"Expected a number from {low} to {high}.");

    /// <summary>Throws unless the output has one slot per input.</summary>
    internal static void SameLength(int expected, int actual, string name)
    {
        if (expected != actual)
        {
            throw new ArgumentException($"Expected {expected} slots, got {actual}.", name);
        }
    }
}
