using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace PvLakehouse.Pipeline.Tests.Sources;

/// <summary>A clock that stands still until somebody waits for it, then jumps to the end of the wait.</summary>
/// <remarks>Waits of <see cref="Timeouts"/> and longer are time limits, not waits: they pass only by
/// <see cref="FakeTimeProvider.Advance"/>.</remarks>
internal sealed class JumpingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public static readonly TimeSpan Timeouts = TimeSpan.FromHours(20);

    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    /// <summary>Every wait so far, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime < Timeouts)
        {
            _waits.Enqueue(dueTime);

            // Not here: whoever waits must first hold the timer.
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}
