namespace PvLakehouse.Sandbox.Simulation.Faults;

/// <summary>One fault that the simulation put into the data, so that whoever looks for faults can be scored.</summary>
/// <param name="FacilityCode">The farm.</param>
/// <param name="UnitCode">Its unit.</param>
/// <param name="Kind">What went wrong.</param>
/// <param name="FromUtc">Start of the first interval it touches.</param>
/// <param name="ToUtc">End of the last interval it touches.</param>
public sealed record FaultEvent(
    string FacilityCode, string UnitCode, DataFaultKind Kind, DateTimeOffset FromUtc, DateTimeOffset ToUtc)
{
    /// <summary>How much, as <see cref="DataFaultKind"/> says for each kind.</summary>
    public required double Magnitude { get; init; }

    /// <summary>Energy with the fault minus energy without it [MWh], a missing interval counted as 0.</summary>
    public required double EnergyMwh { get; init; }

    /// <summary>The clock at which the fault starts to show.</summary>
    public required DateTimeOffset KnownFromUtc { get; init; }

    /// <summary>The clock at which the provider has repaired it; null when it stays for ever.</summary>
    public DateTimeOffset? KnownUntilUtc { get; init; }
}
