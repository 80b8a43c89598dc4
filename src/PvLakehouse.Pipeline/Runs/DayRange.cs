using System.Globalization;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Consecutive whole days of network time, both ends included.</summary>
public readonly record struct DayRange
{
    /// <summary>States a range.</summary>
    /// <exception cref="ArgumentException">The last day is before the first.</exception>
    public DayRange(DateOnly first, DateOnly last)
    {
        if (last < first)
        {
            throw new ArgumentException(
                $"The window ends on {Text(last)}, before its start {Text(first)}.", nameof(last));
        }

        First = first;
        Last = last;
    }

    /// <summary>The first day.</summary>
    public DateOnly First { get; }

    /// <summary>The last day, included.</summary>
    public DateOnly Last { get; }

    /// <summary>Number of days, at least 1.</summary>
    public int Days => Last.DayNumber - First.DayNumber + 1;

    /// <summary>The days both ranges have, null when none.</summary>
    public DayRange? Intersect(DayRange other)
    {
        var first = First > other.First ? First : other.First;
        var last = Last < other.Last ? Last : other.Last;
        return last < first ? null : new DayRange(first, last);
    }

    /// <summary>Cuts the range into consecutive pieces; only the last may be shorter.</summary>
    /// <param name="days">Longest piece [days], at least 1.</param>
    public IEnumerable<DayRange> Split(int days)
    {
        for (var first = First; first <= Last; first = first.AddDays(days))
        {
            var last = first.AddDays(days - 1);
            yield return new DayRange(first, last < Last ? last : Last);
        }
    }

    /// <summary>Reads what <see cref="ToString"/> prints.</summary>
    /// <exception cref="FormatException">The text is not two ISO days with a slash.</exception>
    public static DayRange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var first, var last]
            ? new DayRange(Day(first), Day(last))
            : throw new FormatException($"'{text}' is not a range of days; expected for example 2024-01-01/2024-01-31.");
    }

    /// <summary>Both days in ISO 8601 with a slash, for example 2024-01-01/2024-01-31.</summary>
    public override string ToString() => $"{Text(First)}/{Text(Last)}";

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
