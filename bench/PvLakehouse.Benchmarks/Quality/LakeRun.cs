using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Benchmarks.Quality;

/// <summary>One run of the pipeline: when, and which days it read.</summary>
/// <param name="Index">0 for the backfill.</param>
/// <param name="At">The clock.</param>
/// <param name="Days">The days of energy that it read.</param>
internal sealed record LakeRun(int Index, DateTimeOffset At, DayRange Days);
