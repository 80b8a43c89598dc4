using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Benchmarks.Quality;

/// <summary>What a scorecard is made of: a world, its farms, a history that is loaded at once, and days that are lived through.</summary>
internal sealed record ScorecardOptions
{
    /// <summary>The world.</summary>
    public required long Seed { get; init; }

    /// <summary>Facility codes.</summary>
    public required IReadOnlyList<string> Farms { get; init; }

    /// <summary>The days that one backfill brings, on the morning after the last of them.</summary>
    public required DayRange History { get; init; }

    /// <summary>Days after the history, each loaded on the morning after it, with another look at the ten days before.</summary>
    public required int DailyRuns { get; init; }

    /// <summary>How many times as often as by default the provider spoils its numbers.</summary>
    public double ProviderFaultRate { get; init; } = 1;

    /// <summary>All days, those of the history and those lived through.</summary>
    public DayRange Days => new(History.First, History.Last.AddDays(DailyRuns));
}
