using PvLakehouse.Sandbox.Registry;

namespace PvLakehouse.Sandbox.Data;

/// <summary>What the sandbox server serves: a simulation, or recorded files.</summary>
/// <remarks>
/// Implementations are deterministic, thread-safe, and know nothing of HTTP: the server owns ranges, units, rounding,
/// labels and errors. <c>asOf</c> is the sandbox clock: what was published, corrected or forecast after it is unknown yet.
/// </remarks>
public interface ISandboxData
{
    /// <summary>What kind of data this is; told to clients in every response.</summary>
    SandboxDataKind Kind { get; }

    /// <summary>Where a recording ends, so that its yesterday is known; null for a simulation, which has no end.</summary>
    DateTimeOffset? RecordedUntil => null;

    /// <summary>The farms, in any order, codes unique.</summary>
    IReadOnlyList<SandboxFacility> Facilities { get; }

    /// <summary>Writes the energy of one unit, one value per interval, from <paramref name="fromUtc"/> on.</summary>
    /// <param name="unit">A unit of <see cref="Facilities"/>.</param>
    /// <param name="interval">The length of one interval.</param>
    /// <param name="fromUtc">Physical start of the first interval; a multiple of the interval, offset zero.</param>
    /// <param name="asOf">Only what was known at this instant: late or later corrected values show as they were then.</param>
    /// <param name="values">
    /// Receives energy [MWh] of the physical intervals [from + i, from + i + 1); null where the market published nothing.
    /// The server turns nulls inside a series into explicit nulls, and leaves out those before its first and after its last value.
    /// </param>
    void Energy(
        SandboxUnit unit, EnergyInterval interval, DateTimeOffset fromUtc, DateTimeOffset asOf, Span<double?> values);

    /// <summary>Spans of a unit's energy that the server sends twice, as pages that overlap would; usually none.</summary>
    /// <param name="unit">A unit of <see cref="Facilities"/>.</param>
    /// <param name="fromUtc">Start of the answer.</param>
    /// <param name="toUtc">End of the answer.</param>
    IEnumerable<(DateTimeOffset FromUtc, DateTimeOffset ToUtc)> SentTwice(SandboxUnit unit, DateTimeOffset fromUtc, DateTimeOffset toUtc) => [];

    /// <summary>The grid cell that serves a coordinate.</summary>
    GridCell CellOf(HourlyDataset dataset, SandboxLocation location);

    /// <summary>The hourly series of several variables at one coordinate.</summary>
    /// <returns>
    /// One array of <see cref="HourlyQuery.Count"/> values per variable, in the order asked, or null in place of an array
    /// when the dataset does not have the variable at all. A null value: no data for the hour (yet).
    /// </returns>
    IReadOnlyList<double?[]?> Hourly(HourlyQuery query);
}
