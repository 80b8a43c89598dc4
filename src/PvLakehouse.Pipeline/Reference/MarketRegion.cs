namespace PvLakehouse.Pipeline.Reference;

/// <summary>A region of the electricity markets, the state it lies in and that state's clock.</summary>
/// <param name="Region">AEMO's region identifier.</param>
/// <param name="State">Name of the Australian state.</param>
/// <param name="TimeZone">IANA zone of the state's wall clock.</param>
/// <param name="Box">The smallest box that holds the state's mainland and near islands.</param>
/// <remarks>
/// Boxes after Geoscience Australia, extreme points of the states and territories, rounded outwards to a tenth of a degree. NSW1 holds the
/// Australian Capital Territory.
/// </remarks>
internal sealed record MarketRegion(string Region, string State, string TimeZone, GeographicBox Box)
{
    public static IReadOnlyList<MarketRegion> All { get; } =
    [
        new("NSW1", "New South Wales", "Australia/Sydney", new(-37.6, -28.1, 140.9, 153.7)),
        new("QLD1", "Queensland", "Australia/Brisbane", new(-29.2, -9.1, 137.9, 153.6)),
        new("SA1", "South Australia", "Australia/Adelaide", new(-38.1, -25.9, 128.9, 141.1)),
        new("TAS1", "Tasmania", "Australia/Hobart", new(-43.8, -39.1, 143.7, 148.6)),
        new("VIC1", "Victoria", "Australia/Melbourne", new(-39.3, -33.9, 140.9, 150.1)),
        new("WEM", "Western Australia", "Australia/Perth", new(-35.3, -13.6, 112.8, 129.1)),
    ];
}

/// <summary>A box of the map, its edges included.</summary>
/// <param name="South">Lowest latitude [°], north positive.</param>
/// <param name="North">Highest latitude [°].</param>
/// <param name="West">Lowest longitude [°], east positive.</param>
/// <param name="East">Highest longitude [°].</param>
internal sealed record GeographicBox(double South, double North, double West, double East);
