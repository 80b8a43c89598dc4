namespace PvLakehouse.Pipeline.Sources.Http;

/// <summary>A limit that counts within a clock minute, hour, UTC day or calendar month and starts anew at its boundary.</summary>
internal sealed class BudgetWindow(BudgetPeriod period, double limit)
{
    private DateTimeOffset _start = DateTimeOffset.MinValue;
    private double _used;

    /// <summary>The period's name, in messages and in the record of what was spent.</summary>
    public string Name { get; } = period switch
    {
        BudgetPeriod.Minute => "minute",
        BudgetPeriod.Hour => "hour",
        BudgetPeriod.Day => "day",
        BudgetPeriod.Month => "month",
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "Expected a minute, an hour, a day or a month."),
    };

    public BudgetPeriod Period { get; } = period;

    public double Limit { get; } = limit;

    /// <summary>What has been spent in the period that contains an instant.</summary>
    public double UsedAt(DateTimeOffset now)
    {
        var start = StartOf(now);
        if (start != _start)
        {
            (_start, _used) = (start, 0);
        }

        return _used;
    }

    /// <summary>When the next period begins.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset now) => Period switch
    {
        BudgetPeriod.Minute => StartOf(now).AddMinutes(1),
        BudgetPeriod.Hour => StartOf(now).AddHours(1),
        BudgetPeriod.Day => StartOf(now).AddDays(1),
        _ => StartOf(now).AddMonths(1),
    };

    /// <summary>Whether a cost fits now. A cost above the whole limit fits an unused period: servers check before they
    /// charge.</summary>
    public bool Fits(double cost, DateTimeOffset now) => UsedAt(now) is var used && (used == 0 || used + cost <= Limit);

    public void Spend(double cost, DateTimeOffset now) => _used = UsedAt(now) + cost;

    /// <summary>What was spent, to be kept for later processes.</summary>
    public SpentBudget SpentAt(DateTimeOffset now) => new(StartOf(now), UsedAt(now));

    /// <summary>Takes over what earlier processes spent.</summary>
    public void Resume(SpentBudget spent) => (_start, _used) = (spent.From, spent.Used);

    private DateTimeOffset StartOf(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return Period switch
        {
            BudgetPeriod.Minute => new(utc.Date.AddHours(utc.Hour).AddMinutes(utc.Minute), TimeSpan.Zero),
            BudgetPeriod.Hour => new(utc.Date.AddHours(utc.Hour), TimeSpan.Zero),
            BudgetPeriod.Day => new(utc.Date, TimeSpan.Zero),
            _ => new(new DateTime(utc.Year, utc.Month, 1, 0, 0, 0, DateTimeKind.Utc)),
        };
    }
}

/// <summary>The period of a limit.</summary>
internal enum BudgetPeriod
{
    Minute,
    Hour,
    Day,
    Month,
}
