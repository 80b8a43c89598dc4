using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Registry;

/// <summary>One solar farm, as OpenElectricity lists it.</summary>
/// <param name="Code">The facility code, unique, for example AVLSF.</param>
/// <param name="Name">The name in plain words.</param>
/// <param name="NetworkId">The market: NEM or WEM.</param>
/// <param name="Region">The region of the market, for example NSW1.</param>
/// <param name="Units">The solar units, at least one, in the order of the registry.</param>
public sealed record SandboxFacility(
    string Code, string Name, string NetworkId, string Region, IReadOnlyList<SandboxUnit> Units)
{
    /// <summary>Where the farm stands; null where unknown.</summary>
    public SandboxLocation? Location { get; init; }

    /// <summary>Description, may contain HTML; null where unknown.</summary>
    public string? Description { get; init; }

    /// <summary>When the provider created the entry; null where unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the provider last changed the entry; null where unknown.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Whether the market publishes interval data; false for a few listed farms, whose energy is always 404.</summary>
    public bool HasIntervalData { get; init; } = true;

    /// <summary>The wall clock of the farm's market.</summary>
    public NetworkClock Clock => NetworkClock.Of(NetworkId);
}
