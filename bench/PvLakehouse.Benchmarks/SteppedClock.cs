namespace PvLakehouse.Benchmarks;

/// <summary>A clock that stands still until it is set, shared by the simulated provider and the lake.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Set(DateTimeOffset now) => _now = now;
}
