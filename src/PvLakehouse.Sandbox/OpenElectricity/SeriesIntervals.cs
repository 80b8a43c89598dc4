namespace PvLakehouse.Sandbox.OpenElectricity;

/// <summary>Names, labels and steps of the intervals.</summary>
/// <remarks>All times are naive wall-clock time of the network.</remarks>
internal static class SeriesIntervals
{
    /// <summary>The names that clients send, in the order of the enumeration.</summary>
    public static readonly string[] Names = ["5m", "1h", "1d", "7d", "1M", "3M", "season", "1y", "fy"];

    /// <summary>The name that clients send.</summary>
    public static string Name(this SeriesInterval interval) => Names[(int)interval];

    /// <summary>The label of the bucket that a stamp falls into.</summary>
    public static DateTime LabelOf(this SeriesInterval interval, DateTime stamp) => interval switch
    {
        SeriesInterval.FiveMinutes => new(stamp.Ticks - (stamp.Ticks % (5 * TimeSpan.TicksPerMinute))),
        SeriesInterval.Hour => new(stamp.Ticks - (stamp.Ticks % TimeSpan.TicksPerHour)),
        SeriesInterval.Day => stamp.Date,
        SeriesInterval.Week => stamp.Date.AddDays(-(int)stamp.DayOfWeek),
        SeriesInterval.Month => new(stamp.Year, stamp.Month, 1),
        SeriesInterval.Quarter => QuarterOf(stamp),
        // The server floors the start of a season (December, March, June, September) to its calendar quarter.
        SeriesInterval.Season => QuarterOf(new DateTime(stamp.Year, stamp.Month, 1).AddMonths(-(stamp.Month % 3))),
        SeriesInterval.Year => new(stamp.Year, 1, 1),
        // A financial year, July to June, goes by the first of January of the year in which it ends.
        SeriesInterval.FinancialYear => new(stamp.AddMonths(6).Year, 1, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, null),
    };

    /// <summary>The label after a label.</summary>
    public static DateTime Next(this SeriesInterval interval, DateTime label) => interval switch
    {
        SeriesInterval.FiveMinutes => label.AddMinutes(5),
        SeriesInterval.Hour => label.AddHours(1),
        SeriesInterval.Day => label.AddDays(1),
        SeriesInterval.Week => label.AddDays(7),
        SeriesInterval.Month => label.AddMonths(1),
        SeriesInterval.Quarter or SeriesInterval.Season => label.AddMonths(3),
        _ => label.AddYears(1),
    };

    private static DateTime QuarterOf(DateTime stamp) => new(stamp.Year, stamp.Month - ((stamp.Month - 1) % 3), 1);
}
