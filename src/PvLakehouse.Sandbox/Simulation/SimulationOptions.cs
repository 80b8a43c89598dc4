namespace PvLakehouse.Sandbox.Simulation;

/// <summary>What a simulated world depends on: equal options give equal numbers, on every machine and in any order of asking.</summary>
public sealed record SimulationOptions
{
    /// <summary>Names one of many possible worlds; default 20240101.</summary>
    public long Seed { get; init; } = 20240101;

    /// <summary>Whether farms and their data provider have faults; default true. False gives what would have been delivered.</summary>
    public bool Faults { get; init; } = true;

    /// <summary>
    /// How many times as often the published numbers are spoilt as by default, 0 or more; default 1. What lowers the delivered energy
    /// itself, outages and curtailment, stays as it is.
    /// </summary>
    public double ProviderFaultRate { get; init; } = 1;

    /// <summary>The seed as the key of everything random.</summary>
    internal ulong Key => unchecked((ulong)Seed * 0xD6E8FEB86659FD93UL);
}
