using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Where the rows of one bronze time series come from.</summary>
internal interface ISeriesSource
{
    /// <summary>The table and what its columns are for.</summary>
    BronzeSeries Series { get; }

    /// <summary>What tells the farms' days at this resolution from those at others; empty for hours.</summary>
    string Suffix { get; }

    /// <summary>Length of the intervals of energy; null for other datasets.</summary>
    string? Interval { get; }

    /// <summary>Rows of a farm and day, for a farm of one unit.</summary>
    int RowsPerDay { get; }

    /// <summary>So many days after today the source has values for; 0 for observations. A model run every six hours changes them.</summary>
    int DaysAhead => 0;

    /// <summary>Rows of a day of some farms, at most.</summary>
    long RowsOf(IReadOnlyList<KnownFacility> farms);

    /// <summary>Where the source's bodies are kept.</summary>
    IBodyArchive Archive { get; }

    /// <summary>Whether the source can be asked about a farm.</summary>
    bool CanAsk(KnownFacility farm);

    /// <summary>The requests that some farms of one network and some days take.</summary>
    IReadOnlyList<PlannedRequest> Plan(IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days);

    /// <summary>Reads the rows of some farms of one network and some days, in contract order without audit columns.</summary>
    IAsyncEnumerable<object?[]> ReadAsync(
        IReadOnlyList<KnownFacility> facilities, NetworkClock clock, DayRange days, Ingest ingest, CancellationToken cancellationToken);
}
