using PvLakehouse.Pipeline.Runs;
using PvLakehouse.Pipeline.Sources;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>What a bronze load is asked to bring.</summary>
public sealed record IngestRequest
{
    /// <summary>Backfill of a window, or what is new.</summary>
    public required IngestMode Mode { get; init; }

    /// <summary>Facility codes; empty means all farms that the lake knows.</summary>
    public IReadOnlyList<string> Facilities { get; init; } = [];

    /// <summary>Whole days of network time, end included; required for backfill, optional for incremental.</summary>
    public DayRange? Window { get; init; }

    /// <summary>Whether days that the lake already has are asked for again. Default false.</summary>
    public bool Refresh { get; init; }

    /// <summary>Told after every request that is done.</summary>
    public IProgress<SourceProgress>? Progress { get; init; }
}
