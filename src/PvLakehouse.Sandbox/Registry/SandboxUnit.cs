namespace PvLakehouse.Sandbox.Registry;

/// <summary>One generating unit of a farm, as OpenElectricity lists it.</summary>
/// <param name="Code">The market's unit code (DUID), unique over all farms, for example AVLSF1.</param>
/// <param name="Status">OpenElectricity status: committed, commissioning, operating or retired.</param>
/// <param name="CapacityRegisteredMw">Registered capacity [MW], often near the DC peak; null where unknown.</param>
/// <param name="CapacityMaximumMw">Ceiling of the AC output [MW]; null where unknown.</param>
public sealed record SandboxUnit(
    string Code, string Status, double? CapacityRegisteredMw, double? CapacityMaximumMw)
{
    /// <summary>OpenElectricity fuel technology; every unit of the registry is <c>solar_utility</c>.</summary>
    public string Fueltech { get; init; } = "solar_utility";

    /// <summary>How the market dispatches the unit: GENERATOR, LOAD or BIDIRECTIONAL.</summary>
    public string DispatchType { get; init; } = "GENERATOR";

    /// <summary>Stamp of the first interval with data; null where unknown.</summary>
    public DateTimeOffset? DataFirstSeen { get; init; }

    /// <summary>Capacity to hold output against [MW]: the AC ceiling, or the registered capacity where that is unknown.</summary>
    public double? CapacityMw => CapacityMaximumMw ?? CapacityRegisteredMw;
}
