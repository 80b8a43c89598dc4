using PvLakehouse.Sandbox.Faults;

namespace PvLakehouse.Sandbox;

/// <summary>What a sandbox server has served so far.</summary>
/// <param name="Requests">API requests received, spoiled ones included.</param>
/// <param name="Faults">How many of them met which fault; kinds that did not occur are absent.</param>
public sealed record SandboxStatistics(long Requests, IReadOnlyDictionary<FaultKind, long> Faults);
