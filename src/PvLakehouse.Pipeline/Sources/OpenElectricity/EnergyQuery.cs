namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>Energy of some farms of one network over a window of that network's clock.</summary>
public sealed record EnergyQuery
{
    /// <summary>States which farms and when.</summary>
    /// <param name="facilities">Farms, all of the window's network, with their solar unit codes. At least one.</param>
    /// <param name="window">Half-open window on the network's clock.</param>
    /// <param name="interval">Length of the intervals.</param>
    /// <exception cref="ArgumentException">No farm, a farm of another network, a farm without solar units, or a unit
    /// code
    /// that two farms claim.</exception>
    public EnergyQuery(
        IReadOnlyList<SourceFacility> facilities, NetworkWindow window, EnergyInterval interval = EnergyInterval.Hour)
    {
        ArgumentNullException.ThrowIfNull(facilities);
        ArgumentNullException.ThrowIfNull(window);
        if (facilities.Count == 0)
        {
            throw new ArgumentException("Expected at least one farm.", nameof(facilities));
        }

        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var facility in facilities)
        {
            Check(facility, window, owners);
        }

        Facilities = facilities;
        Window = window;
        Interval = interval;
    }

    /// <summary>The farms.</summary>
    public IReadOnlyList<SourceFacility> Facilities { get; }

    /// <summary>Half-open window on the network's clock.</summary>
    public NetworkWindow Window { get; }

    /// <summary>Length of the intervals.</summary>
    public EnergyInterval Interval { get; }

    private static void Check(SourceFacility facility, NetworkWindow window, Dictionary<string, string> owners)
    {
        if (!string.Equals(facility.NetworkId, window.Clock.NetworkId, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"{facility.Code} belongs to {facility.NetworkId}, but the window is read on the clock of "
                + $"{window.Clock.NetworkId}; ask for each network separately.",
                nameof(facility));
        }

        if (facility.SolarUnitCodes.Count == 0)
        {
            throw new ArgumentException(
                $"{facility.Code} has no solar unit, so none of its series would count as energy.", nameof(facility));
        }

        foreach (var unit in facility.SolarUnitCodes)
        {
            if (!owners.TryAdd(unit, facility.Code))
            {
                throw new ArgumentException(
                    $"Unit {unit} is claimed by {owners[unit]} and {facility.Code}; its energy would be counted for one only.",
                    nameof(facility));
            }
        }
    }
}
