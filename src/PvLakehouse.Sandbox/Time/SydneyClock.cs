namespace PvLakehouse.Sandbox.Time;

/// <summary>The wall clock of Sydney, by rule, so that no time zone files are needed.</summary>
/// <remarks>Since 2008: summer time from the first Sunday of October, 02:00 standard, to the first Sunday of April, 02:00 standard.</remarks>
internal static class SydneyClock
{
    private static readonly TimeSpan Standard = TimeSpan.FromHours(10);

    /// <summary>The same instant with the offset that Sydney had.</summary>
    public static DateTimeOffset At(DateTimeOffset instant)
    {
        var standard = instant.ToOffset(Standard);
        var year = standard.Year;
        var summer = standard.DateTime >= FirstSunday(year, 10) || standard.DateTime < FirstSunday(year, 4);
        return summer ? instant.ToOffset(TimeSpan.FromHours(11)) : standard;
    }

    private static DateTime FirstSunday(int year, int month)
    {
        var first = new DateTime(year, month, 1, 2, 0, 0);
        return first.AddDays((7 - (int)first.DayOfWeek) % 7);
    }
}
