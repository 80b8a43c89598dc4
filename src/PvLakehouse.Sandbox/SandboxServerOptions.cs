using PvLakehouse.Sandbox.Data;
using PvLakehouse.Sandbox.Faults;
using PvLakehouse.Sandbox.Plans;

namespace PvLakehouse.Sandbox;

/// <summary>What a sandbox server serves, and how.</summary>
/// <param name="Data">The simulation or the recording to serve.</param>
public sealed record SandboxServerOptions(ISandboxData Data)
{
    /// <summary>The port on the loopback interface, default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Whose limits to enforce, default <see cref="SandboxPlan.Unlimited"/>.</summary>
    public SandboxPlan Plan { get; init; } = SandboxPlan.Unlimited;

    /// <summary>Faults to inject, default none.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>The OpenElectricity keys that are good; null, the default, for any key of at least 10 characters.</summary>
    public IReadOnlySet<string>? ApiKeys { get; init; }

    /// <summary>
    /// The sandbox clock: what is today, what is known, when quotas start again. Null, the default, for a clock that starts where a
    /// recording ends (<see cref="ISandboxData.RecordedUntil"/>) and then runs on, or the system's clock for a simulation.
    /// </summary>
    public TimeProvider? Clock { get; init; }
}
