using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>A clock that stands still until somebody waits for it, then jumps to the end of the wait.</summary>
/// <remarks>Waits of <see cref="Timeouts"/> and longer are time limits, not waits: they pass only by
/// <see cref="Jump"/>.</remarks>
internal sealed class JumpingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public static readonly TimeSpan Timeouts = TimeSpan.FromHours(20);

    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    // The base class may forget to wake somebody when the clock moves while it moves already, or while a timer is made.
    private readonly Lock _oneAtATime = new();

    /// <summary>Every wait so far, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer;
        lock (_oneAtATime)
        {
            timer = base.CreateTimer(callback, state, dueTime, period);
        }

        if (dueTime > TimeSpan.Zero && dueTime < Timeouts)
        {
            _waits.Enqueue(dueTime);

            // Not here: whoever waits must first hold the timer.
            ThreadPool.QueueUserWorkItem(_ => Jump(dueTime));
        }

        return timer;
    }

    /// <summary>Moves the clock on.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_oneAtATime)
        {
            Advance(by);
        }
    }
}
