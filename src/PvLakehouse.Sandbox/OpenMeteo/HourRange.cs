using System.Globalization;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>The hours of one answer.</summary>
/// <param name="LocalStart">The first label, on the clock of the zone.</param>
/// <param name="Count">Number of hours.</param>
/// <param name="Zone">The clock of the labels.</param>
internal sealed record HourRange(DateTime LocalStart, int Count, Zone Zone)
{
    /// <summary>The hour of the first value.</summary>
    public UtcHour First { get; } = UtcHour.Containing(new(LocalStart.AddHours(-Zone.WholeHours), TimeSpan.Zero));

    /// <summary>The label of a value in ISO 8601.</summary>
    public string Label(int index) => LocalStart.AddHours(index).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The label of a value in seconds since 1970, GMT.</summary>
    public long UnixTime(int index) => (First.HoursSinceEpoch + (long)index) * 3_600;
}
