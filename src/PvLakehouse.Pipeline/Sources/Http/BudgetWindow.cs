namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>A limit that counts within a clock minute, hour or UTC day and starts anew at its boundary.</summary>
internal sealed class BudgetWindow(string name, TimeSpan period, double limit)
{
    private long _index = -1;
    private double _used;

    public string Name { get; } = name;

    public TimeSpan Period { get; } = period;

    public double Limit { get; } = limit;

    /// <summary>What has been spent in the period that contains an instant.</summary>
    public double UsedAt(DateTimeOffset now)
    {
        var index = now.UtcTicks / Period.Ticks;
        if (index != _index)
        {
            (_index, _used) = (index, 0);
        }

        return _used;
    }

    /// <summary>When the next period begins.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset now) =>
        new(((now.UtcTicks / Period.Ticks) + 1) * Period.Ticks, TimeSpan.Zero);

    /// <summary>Whether a cost fits now. A cost above the whole limit fits an unused period: servers check before they
    /// charge.</summary>
    public bool Fits(double cost, DateTimeOffset now) => UsedAt(now) is var used && (used == 0 || used + cost <= Limit);

    public void Spend(double cost, DateTimeOffset now) => _used = UsedAt(now) + cost;
}
