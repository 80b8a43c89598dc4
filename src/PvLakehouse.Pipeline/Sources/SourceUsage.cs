namespace PvLakehouse.Pipeline.Sources;

/// <summary>What was spent of a limit in one of its periods.</summary>
/// <param name="From">Start of the period.</param>
/// <param name="Used">What was spent since.</param>
public sealed record SpentBudget(DateTimeOffset From, double Used);

/// <summary>What processes have spent of a provider's limits, and how fast it answers.</summary>
public sealed record SourceUsage
{
    /// <summary>What was spent, by the name of the period: hour, day, month.</summary>
    public IReadOnlyDictionary<string, SpentBudget> Spent { get; init; } = new Dictionary<string, SpentBudget>(StringComparer.Ordinal);

    /// <summary>Seconds that an answer takes, the newest ones counting most; null when none was measured.</summary>
    public double? SecondsPerRequest { get; init; }
}

/// <summary>Keeps the usage of providers from one process to the next.</summary>
public interface IUsageStore
{
    /// <summary>The usage of a provider; empty when nothing is known.</summary>
    SourceUsage Read(string provider);

    /// <summary>Keeps the usage of a provider.</summary>
    void Write(string provider, SourceUsage usage);
}

/// <summary>Forgets at once: budgets then last for a process.</summary>
public sealed class NoUsageStore : IUsageStore
{
    /// <inheritdoc/>
    public SourceUsage Read(string provider) => new();

    /// <inheritdoc/>
    public void Write(string provider, SourceUsage usage)
    {
    }
}
