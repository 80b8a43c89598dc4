using PvLakehouse.Sandbox.Registry;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>A network as the path of a request names it.</summary>
/// <param name="Code">NEM, WEM, or AU for both.</param>
/// <param name="Clock">The wall clock of its stamps.</param>
internal sealed record Network(string Code, NetworkClock Clock)
{
    public static readonly Network[] All = [new("NEM", NetworkClock.Nem), new("WEM", NetworkClock.Wem), new("AU", NetworkClock.Nem)];

    /// <summary>The offset as the server writes it, for example +10:00.</summary>
    public string Offset { get; } = $"+{Clock.Offset:hh\\:mm}";

    /// <exception cref="OpenElectricityError">There is no such network; upper and lower case differ.</exception>
    public static Network Of(string code) => Array.Find(All, network => network.Code == code)
        ?? throw OpenElectricityError.BadRequest($"Network {code} not supported");

    /// <summary>Whether a farm belongs to the network.</summary>
    public bool Has(SandboxFacility facility) => Code is "AU" || facility.NetworkId == Code;

    /// <summary>The wall clock time of an instant.</summary>
    public DateTime Local(DateTimeOffset instant) => instant.ToOffset(Clock.Offset).DateTime;

    /// <summary>The instant of a wall clock time, offset zero.</summary>
    public DateTimeOffset Instant(DateTime local) => new DateTimeOffset(local, Clock.Offset).ToUniversalTime();
}
