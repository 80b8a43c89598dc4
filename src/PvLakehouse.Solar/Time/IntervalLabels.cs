namespace PvLakehouse.Solar.Time;

/// <summary>A sum or mean over an interval, labelled by its START.</summary>
/// <param name="Start">The label; the value covers [Start, Start + Length).</param>
/// <param name="Length">Length of the interval.</param>
/// <param name="Value">A sum or mean over the interval.</param>
public readonly record struct IntervalStarting<T>(DateTimeOffset Start, TimeSpan Length, T Value);

/// <summary>A sum or mean over an interval, labelled by its END (AEMO's SETTLEMENTDATE).</summary>
/// <param name="Stamp">The label; the value covers [Stamp - Length, Stamp).</param>
/// <param name="Length">Length of the interval.</param>
/// <param name="Value">A sum or mean over the interval.</param>
public readonly record struct IntervalEnding<T>(DateTimeOffset Stamp, TimeSpan Length, T Value)
{
    /// <summary>The same value under the start of the interval it covers.</summary>
    public IntervalStarting<T> ToIntervalStarting() => new(Stamp - Length, Length, Value);
}
