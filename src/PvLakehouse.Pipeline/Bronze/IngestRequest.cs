using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>What a bronze load is asked to bring.</summary>
public sealed record IngestRequest
{
    /// <summary>The lookback when nobody says otherwise [days].</summary>
    public const int DefaultLookbackDays = 10;

    /// <summary>Backfill of a window, or what is new.</summary>
    public required IngestMode Mode { get; init; }

    /// <summary>Facility codes; empty means all farms that the lake knows.</summary>
    public IReadOnlyList<string> Facilities { get; init; } = [];

    /// <summary>
    /// Whole days of network time, end included; required for backfill, optional for incremental. Forecasts are loaded for the days after it too, as
    /// far ahead as they look.
    /// </summary>
    public DayRange? Window { get; init; }

    /// <summary>Length of the intervals of energy. Default an hour; weather and air quality are hourly always.</summary>
    public EnergyResolution Interval { get; init; } = EnergyResolution.Hour;

    /// <summary>
    /// How many days before the new ones an incremental load without window reads again, since providers correct them; once a day of the
    /// network. Default 10; 0 reads none again.
    /// </summary>
    public int LookbackDays { get; init; } = DefaultLookbackDays;

    /// <summary>Whether days that the lake already has are asked for again. Default false.</summary>
    public bool Refresh { get; init; }

    /// <summary>Whether a run loads the weather as it was forecast too. A lake that has forecasts goes on with them without being told.</summary>
    public bool WithForecasts { get; init; }

    /// <summary>Told after every request that is done.</summary>
    public IProgress<SourceProgress>? Progress { get; init; }
}
