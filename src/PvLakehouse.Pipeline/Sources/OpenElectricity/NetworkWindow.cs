using System.Globalization;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>A half-open stretch [Start, End) of a network's own clock, which never observes daylight saving.</summary>
public sealed record NetworkWindow
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss";

    /// <summary>States a window by two readings of the network's clock.</summary>
    /// <param name="clock">The network.</param>
    /// <param name="start">First instant, wall clock of the network.</param>
    /// <param name="end">First instant after the window, wall clock of the network.</param>
    /// <exception cref="ArgumentException">The end is not after the start.</exception>
    public NetworkWindow(NetworkClock clock, DateTime start, DateTime end)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (end <= start)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"The window ends at {end:s}, not after its start {start:s}."), nameof(end));
        }

        Clock = clock;
        Start = DateTime.SpecifyKind(start, DateTimeKind.Unspecified);
        End = DateTime.SpecifyKind(end, DateTimeKind.Unspecified);
    }

    /// <summary>The clock that the window is read on.</summary>
    public NetworkClock Clock { get; }

    /// <summary>First instant, wall clock of the network.</summary>
    public DateTime Start { get; }

    /// <summary>First instant after the window, wall clock of the network.</summary>
    public DateTime End { get; }

    /// <summary>First instant, as a true instant.</summary>
    public DateTimeOffset StartInstant => new(Start, Clock.Offset);

    /// <summary>First instant after the window, as a true instant.</summary>
    public DateTimeOffset EndInstant => new(End, Clock.Offset);

    /// <summary>Start as the API wants it: naive, without offset.</summary>
    public string StartText => Start.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>End as the API wants it: naive, without offset.</summary>
    public string EndText => End.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Whole days of network time, the last one included.</summary>
    /// <exception cref="ArgumentException">The last day is before the first.</exception>
    public static NetworkWindow OfDays(NetworkClock clock, DateOnly first, DateOnly last) =>
        new(clock, first.ToDateTime(TimeOnly.MinValue), last.AddDays(1).ToDateTime(TimeOnly.MinValue));

    /// <summary>The stamps of all intervals of whole days of network time: those that close their interval lie one length later.</summary>
    /// <exception cref="ArgumentException">The last day is before the first.</exception>
    public static NetworkWindow OfIntervals(NetworkClock clock, DateOnly first, DateOnly last, EnergyInterval interval)
    {
        var days = OfDays(clock, first, last);
        var shift = EnergyIntervalCode.IsStampedByEnd(interval, clock.NetworkId) ? EnergyIntervalCode.LengthOf(interval) : TimeSpan.Zero;
        return new(clock, days.Start + shift, days.End + shift);
    }

    /// <summary>The stretch between two instants, read on the network's clock.</summary>
    /// <exception cref="ArgumentException">The end is not after the start.</exception>
    public static NetworkWindow Between(NetworkClock clock, DateTimeOffset start, DateTimeOffset end)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new(clock, start.ToOffset(clock.Offset).DateTime, end.ToOffset(clock.Offset).DateTime);
    }

    /// <summary>Cuts the window into consecutive pieces; only the last may be shorter.</summary>
    /// <param name="days">Longest piece [days], at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one day.</exception>
    public IEnumerable<NetworkWindow> Split(int days)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        return Pieces(days);
    }

    private IEnumerable<NetworkWindow> Pieces(int days)
    {
        for (var start = Start; start < End;)
        {
            var next = End - start > TimeSpan.FromDays(days) ? start.AddDays(days) : End;
            yield return new(Clock, start, next);
            start = next;
        }
    }

    /// <summary>For example "NEM 2025-10-01T00:00:00 to 2025-10-08T00:00:00".</summary>
    public override string ToString() => $"{Clock.NetworkId} {StartText} to {EndText}";
}
