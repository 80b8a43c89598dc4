using System.Globalization;

namespace PvLakehouse.Solar.Time;

/// <summary>A whole hour of true UTC, named by its start: it covers [Start, Start + 1 h).</summary>
/// <remarks>
/// The only clock that silver and gold know. Values reach it through <see cref="HourStarting{T}"/>,
/// <see cref="HourEnding{T}"/> and <see cref="AtInstant{T}"/>, which say how a source labels its hours.
/// <c>default</c> is the hour that starts at 1970-01-01T00:00Z.
/// </remarks>
public readonly record struct UtcHour : IComparable<UtcHour>
{
    private readonly int _hoursSinceEpoch;

    private UtcHour(int hoursSinceEpoch) => _hoursSinceEpoch = hoursSinceEpoch;

    /// <summary>The instant at which the hour starts, offset zero.</summary>
    public DateTimeOffset Start => DateTimeOffset.UnixEpoch.AddHours(_hoursSinceEpoch);

    /// <summary>The first instant after the hour, offset zero.</summary>
    public DateTimeOffset End => Start.AddHours(1);

    /// <summary>Whole hours since 1970-01-01T00:00Z, negative before.</summary>
    public int HoursSinceEpoch => _hoursSinceEpoch;

    /// <summary>The hour that contains an instant of any offset.</summary>
    public static UtcHour Containing(DateTimeOffset instant)
    {
        // In whole ticks: as a floating-point number of hours, the last tick of an hour would round up into the next one.
        var (hours, rest) = Math.DivRem(instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks, TimeSpan.TicksPerHour);
        return new((int)(rest < 0 ? hours - 1 : hours));
    }

    /// <summary>The hour that starts at an instant of any offset.</summary>
    /// <exception cref="ArgumentException">The instant is not the start of a UTC hour.</exception>
    public static UtcHour StartingAt(DateTimeOffset instant)
    {
        var hour = Containing(instant);
        return hour.Start == instant
            ? hour
            : throw new ArgumentException($"{instant:O} is not the start of a UTC hour.", nameof(instant));
    }

    /// <summary>The hour this many hours later; negative numbers go back.</summary>
    public UtcHour AddHours(int hours) => new(checked(_hoursSinceEpoch + hours));

    /// <inheritdoc/>
    public int CompareTo(UtcHour other) => _hoursSinceEpoch.CompareTo(other._hoursSinceEpoch);

    /// <summary>Whole hours from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static int operator -(UtcHour left, UtcHour right) => left._hoursSinceEpoch - right._hoursSinceEpoch;

    /// <summary>Whether the left hour is earlier.</summary>
    public static bool operator <(UtcHour left, UtcHour right) => left._hoursSinceEpoch < right._hoursSinceEpoch;

    /// <summary>Whether the left hour is later.</summary>
    public static bool operator >(UtcHour left, UtcHour right) => left._hoursSinceEpoch > right._hoursSinceEpoch;

    /// <summary>Whether the left hour is the same or earlier.</summary>
    public static bool operator <=(UtcHour left, UtcHour right) => left._hoursSinceEpoch <= right._hoursSinceEpoch;

    /// <summary>Whether the left hour is the same or later.</summary>
    public static bool operator >=(UtcHour left, UtcHour right) => left._hoursSinceEpoch >= right._hoursSinceEpoch;

    /// <summary>ISO 8601 start of the hour, for example 2025-01-31T04:00Z.</summary>
    public override string ToString() => Start.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
