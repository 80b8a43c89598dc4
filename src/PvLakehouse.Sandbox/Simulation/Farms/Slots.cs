using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.Simulation.Farms;

/// <summary>The market's 5-minute intervals, numbered from the one that starts at 1970-01-01T00:00Z.</summary>
internal static class Slots
{
    internal const int Seconds = 300;
    internal const int PerHour = 12;
    internal const int PerDay = 288;

    /// <summary>The interval that starts at an instant.</summary>
    /// <exception cref="ArgumentException">The instant is not a multiple of five minutes.</exception>
    internal static long StartingAt(DateTimeOffset instant)
    {
        var (slot, rest) = Math.DivRem(instant.ToUnixTimeMilliseconds(), Seconds * 1000);
        return rest == 0
            ? slot
            : throw new ArgumentException($"{instant:O} is not the start of a 5-minute interval.", nameof(instant));
    }

    /// <summary>The instant at which an interval starts.</summary>
    internal static DateTimeOffset Start(long slot) => DateTimeOffset.FromUnixTimeSeconds(slot * Seconds);

    /// <summary>The first interval of a day of the network's clock, days numbered from 1970-01-01.</summary>
    internal static long FirstOfDay(long day, NetworkClock clock) => (day * PerDay) - OffsetSlots(clock);

    /// <summary>The day of the network's clock that holds an interval.</summary>
    internal static long DayOf(long slot, NetworkClock clock) =>
        (long)Math.Floor((slot + OffsetSlots(clock)) / (double)PerDay);

    /// <summary>The interval within the day that starts at a wall-clock time of the network.</summary>
    internal static int Of(int hour, int minute = 0) => (hour * PerHour) + (minute / 5);

    /// <summary>Day of the year of a day numbered from 1970-01-01, 1 to 366.</summary>
    internal static int DayOfYear(long day) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)day).DayOfYear;

    private static int OffsetSlots(NetworkClock clock) => (int)clock.Offset.TotalHours * PerHour;
}
