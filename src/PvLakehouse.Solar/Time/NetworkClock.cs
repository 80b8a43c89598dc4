namespace PvLakehouse.Solar.Time;

/// <summary>The wall clock of an electricity market: a fixed offset from UTC, never daylight saving.</summary>
/// <remarks>Source: AEMO, NEM time is UTC+10:00 and WEM time is UTC+08:00 all year.</remarks>
public sealed record NetworkClock
{
    private NetworkClock(string networkId, int offsetHours)
    {
        NetworkId = networkId;
        Offset = TimeSpan.FromHours(offsetHours);
    }

    /// <summary>National Electricity Market: eastern and southern states, UTC+10:00.</summary>
    public static NetworkClock Nem { get; } = new("NEM", 10);

    /// <summary>Wholesale Electricity Market of Western Australia, UTC+08:00.</summary>
    public static NetworkClock Wem { get; } = new("WEM", 8);

    /// <summary>The network's identifier, NEM or WEM.</summary>
    public string NetworkId { get; }

    /// <summary>Offset of the network's clock from UTC, positive east.</summary>
    public TimeSpan Offset { get; }

    /// <summary>The clock of a network.</summary>
    /// <exception cref="ArgumentException">The network is neither NEM nor WEM.</exception>
    public static NetworkClock Of(string networkId) => networkId switch
    {
        "NEM" => Nem,
        "WEM" => Wem,
        _ => throw new ArgumentException($"Unknown network '{networkId}'; expected NEM or WEM.", nameof(networkId)),
    };

    /// <summary>The instant at which a calendar day starts on this clock.</summary>
    public DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), Offset);

    /// <summary>The calendar day of an instant on this clock.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);
}
