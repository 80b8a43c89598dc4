namespace PvLakehouse.Pipeline.Reference;

/// <summary>A region of the electricity markets, the state it lies in and that state's clock.</summary>
/// <param name="Region">AEMO's region identifier.</param>
/// <param name="State">Name of the Australian state.</param>
/// <param name="TimeZone">IANA zone of the state's wall clock.</param>
internal sealed record MarketRegion(string Region, string State, string TimeZone)
{
    public static IReadOnlyList<MarketRegion> All { get; } =
    [
        new("NSW1", "New South Wales", "Australia/Sydney"),
        new("QLD1", "Queensland", "Australia/Brisbane"),
        new("SA1", "South Australia", "Australia/Adelaide"),
        new("TAS1", "Tasmania", "Australia/Hobart"),
        new("VIC1", "Victoria", "Australia/Melbourne"),
        new("WEM", "Western Australia", "Australia/Perth"),
    ];
}
