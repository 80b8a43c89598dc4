using System.Runtime.InteropServices;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Benchmarks.Quality;

/// <summary>What a fault or a rule speaks of.</summary>
internal enum Granularity
{
    /// <summary>An hour of a farm.</summary>
    Hour,

    /// <summary>A day of a farm on its network's clock.</summary>
    Day,

    /// <summary>A month of a farm on its network's clock.</summary>
    Month,
}

/// <summary>One thing that is judged right or wrong.</summary>
/// <param name="Farm">Facility code.</param>
/// <param name="Start">Its first instant, in UTC.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JudgedUnit(string Farm, DateTimeOffset Start)
{
    /// <summary>The unit of a farm that holds an instant.</summary>
    public static JudgedUnit Of(string farm, NetworkClock clock, Granularity granularity, DateTimeOffset instant)
    {
        var day = clock.DayOf(instant);
        return new(farm, granularity switch
        {
            Granularity.Hour => UtcHour.Containing(instant).Start,
            Granularity.Day => clock.StartOf(day).ToUniversalTime(),
            _ => clock.StartOf(new(day.Year, day.Month, 1)).ToUniversalTime(),
        });
    }

    /// <summary>The first instant after it.</summary>
    public DateTimeOffset End(NetworkClock clock, Granularity granularity) => granularity switch
    {
        Granularity.Hour => Start.AddHours(1),
        Granularity.Day => Start.AddDays(1),
        _ => clock.StartOf(clock.DayOf(Start).AddMonths(1)).ToUniversalTime(),
    };
}
