namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>A clock whose waits end at once; it remembers how long they would have been.</summary>
internal sealed class InstantTime : TimeProvider
{
    private readonly List<TimeSpan> _waits = [];
    private readonly Lock _lock = new();
    private TimeSpan _passed;

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_lock)
            {
                return [.. _waits];
            }
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time)
    {
        lock (_lock)
        {
            _passed += time;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _passed.Ticks;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + _passed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _waits.Add(dueTime);
            _passed += dueTime;
        }

        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
