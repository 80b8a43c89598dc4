namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>The hours that a request asks for, before it is known on which clock.</summary>
/// <param name="Start">The first hour; null for today at midnight.</param>
/// <param name="Count">Number of hours.</param>
/// <param name="DaysBefore">Days before today at which the window starts, where no start is given.</param>
/// <param name="Now">The sandbox clock.</param>
internal sealed record DayWindow(DateTime? Start, int Count, int DaysBefore, DateTimeOffset Now)
{
    /// <summary>The window on a clock.</summary>
    public HourRange In(Zone zone) => new(Start ?? Now.UtcDateTime.AddSeconds(zone.OffsetSeconds).Date.AddDays(-DaysBefore), Count, zone);
}
