using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>All variables of one farm at one stamp.</summary>
public sealed record HourlyRow
{
    /// <summary>The farm.</summary>
    public required SourceFacility Facility { get; init; }

    /// <summary>The stamp in true UTC. What it labels differs by variable: see <see cref="HourlyVariable"/>.</summary>
    public required UtcHour Stamp { get; init; }

    /// <summary>The stamp exactly as sent, for example 2025-10-01T00:00 (UTC, without offset).</summary>
    public required string Date { get; init; }

    /// <summary>Values in the order of the variable list; null when missing.</summary>
    public required double?[] Values { get; init; }
}
