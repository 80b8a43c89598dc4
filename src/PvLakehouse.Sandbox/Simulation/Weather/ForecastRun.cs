using PvLakehouse.Sandbox.Simulation.Noise;

namespace PvLakehouse.Sandbox.Simulation.Weather;

/// <summary>A weather model's run: knows everything up to its clock, and the less after it the further ahead it looks.</summary>
/// <param name="IssuedHours">The clock [h since 1970-01-01T00:00Z].</param>
internal readonly record struct ForecastRun(double IssuedHours)
{
    // The correlation of forecast and truth falls to 1/e after six days, about what numerical weather prediction reaches.
    private const double MemoryHours = 144;
    private const double HoursBetweenRuns = 6;

    /// <summary>The run that was the newest some days before a stamp.</summary>
    /// <param name="stamp">The stamp [h since 1970-01-01T00:00Z].</param>
    /// <param name="leadDays">The days.</param>
    internal static ForecastRun Before(int stamp, int leadDays) =>
        new(Math.Floor((stamp - (24 * leadDays)) / HoursBetweenRuns) * HoursBetweenRuns);

    /// <summary>Correlation of the forecast for a time with what will happen then, 1 up to the clock.</summary>
    internal double Skill(double hours) => hours <= IssuedHours ? 1 : Math.Exp((IssuedHours - hours) / MemoryHours);

    /// <summary>Key of the run's own errors: all clocks between two runs see the same run.</summary>
    internal ulong ErrorKey(ulong key) => Hash.Of(Hash.Of(key, "forecast"), (long)Math.Floor(IssuedHours / HoursBetweenRuns));
}
