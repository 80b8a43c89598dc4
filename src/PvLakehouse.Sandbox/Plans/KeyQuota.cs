namespace PvLakehouse.Sandbox.Plans;

/// <summary>Counts OpenElectricity requests per key: credits of a UTC day, and requests of a clock second.</summary>
internal sealed class KeyQuota(PlanLimits limits, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Spent> _spent = new(StringComparer.Ordinal);

    /// <summary>Takes one credit; false when the day's credits or the second's requests are used up.</summary>
    public bool TrySpend(string key)
    {
        lock (_lock)
        {
            var spent = Current(key);
            if (spent.Today >= limits.CreditsPerDay || spent.ThisSecond >= limits.RequestsPerSecond)
            {
                return false;
            }

            spent.Today++;
            spent.ThisSecond++;
            return true;
        }
    }

    /// <summary>Credits left today; null without a limit.</summary>
    public int? Remaining(string key)
    {
        lock (_lock)
        {
            return limits.CreditsPerDay - Current(key).Today;
        }
    }

    private Spent Current(string key)
    {
        if (!_spent.TryGetValue(key, out var spent))
        {
            _spent.Add(key, spent = new());
        }

        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (now / 86_400 != spent.Second / 86_400)
        {
            spent.Today = 0;
        }

        if (now != spent.Second)
        {
            spent.ThisSecond = 0;
        }

        spent.Second = now;
        return spent;
    }

    private sealed class Spent
    {
        public long Second { get; set; }

        public int Today { get; set; }

        public int ThisSecond { get; set; }
    }
}
