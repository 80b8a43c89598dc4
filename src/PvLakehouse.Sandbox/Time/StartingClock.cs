namespace PvLakehouse.Sandbox.Time;

/// <summary>A clock that starts at a given instant and then runs as fast as another one.</summary>
/// <param name="start">What the clock shows when it is made.</param>
/// <param name="pace">The clock that gives the pace.</param>
public sealed class StartingClock(DateTimeOffset start, TimeProvider pace) : TimeProvider
{
    private readonly TimeSpan _ahead = start - pace.GetUtcNow();

    /// <inheritdoc/>
    public override long TimestampFrequency => pace.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => pace.GetUtcNow() + _ahead;

    /// <inheritdoc/>
    public override long GetTimestamp() => pace.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        pace.CreateTimer(callback, state, dueTime, period);
}
