using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>Hourly weather or air quality at some farms, from one stamp to another, both included.</summary>
public sealed record HourlyQuery
{
    /// <summary>States where and when.</summary>
    /// <param name="facilities">Farms with a location. At least one.</param>
    /// <param name="first">First stamp.</param>
    /// <param name="last">Last stamp, included; of observations, stamps after the current hour are never asked for, since they
    /// would be forecasts.</param>
    /// <exception cref="ArgumentException">No farm, a farm without a location, or a last stamp before the
    /// first.</exception>
    public HourlyQuery(IReadOnlyList<SourceFacility> facilities, UtcHour first, UtcHour last)
    {
        ArgumentNullException.ThrowIfNull(facilities);
        if (facilities.Count == 0)
        {
            throw new ArgumentException("Expected at least one farm.", nameof(facilities));
        }

        if (facilities.FirstOrDefault(facility => !facility.HasLocation) is { } lost)
        {
            throw new ArgumentException(
                $"{lost.Code} has no coordinates, so no weather can be asked for it; leave it out.", nameof(facilities));
        }

        if (last < first)
        {
            throw new ArgumentException($"The last stamp {last} is before the first, {first}.", nameof(last));
        }

        Facilities = facilities;
        First = first;
        Last = last;
    }

    /// <summary>The farms.</summary>
    public IReadOnlyList<SourceFacility> Facilities { get; }

    /// <summary>First stamp.</summary>
    public UtcHour First { get; }

    /// <summary>Last stamp, included.</summary>
    public UtcHour Last { get; }

    /// <summary>The stamps that describe the hours of an energy window: from its start to its end, the end included, as
    /// it
    /// labels the mean over the last hour and the momentary values that close it.</summary>
    public static HourlyQuery Covering(IReadOnlyList<SourceFacility> facilities, NetworkWindow window)
    {
        ArgumentNullException.ThrowIfNull(window);
        var end = UtcHour.Containing(window.EndInstant);
        return new(
            facilities, UtcHour.Containing(window.StartInstant), end.Start == window.EndInstant ? end : end.AddHours(1));
    }
}
