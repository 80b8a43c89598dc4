using System.Numerics;

namespace PvLakehouse.Solar.Time;

/// <summary>A value of one whole hour, labelled by the START of the hour it covers (OpenElectricity's 1 h buckets).</summary>
/// <param name="Hour">The hour [Hour, Hour + 1 h) that the value covers.</param>
/// <param name="Value">A sum or mean over the hour.</param>
public readonly record struct HourStarting<T>(UtcHour Hour, T Value);

/// <summary>A mean or sum labelled by the END of the hour it covers (Open-Meteo's radiation, sunshine, precipitation).</summary>
/// <param name="Stamp">The label; the value covers [Stamp - 1 h, Stamp).</param>
/// <param name="Value">A sum or mean over the preceding hour.</param>
public readonly record struct HourEnding<T>(UtcHour Stamp, T Value)
{
    /// <summary>The same value under the label of the hour it covers, one hour earlier.</summary>
    public HourStarting<T> ToHourStarting() => new(Stamp.AddHours(-1), Value);
}

/// <summary>A momentary value at a full hour (Open-Meteo's temperature, wind, cloud, pressure, pollutants).</summary>
/// <param name="Stamp">The instant of the value: the start of this hour.</param>
/// <param name="Value">The value at that instant.</param>
public readonly record struct AtInstant<T>(UtcHour Stamp, T Value);

/// <summary>Conversions from momentary values to values of an hour.</summary>
public static class HourMean
{
    /// <summary>The mean of the momentary values at both ends of an hour.</summary>
    /// <exception cref="ArgumentException">The two instants are not one hour apart.</exception>
    public static HourStarting<T> Between<T>(AtInstant<T> start, AtInstant<T> end)
        where T : IFloatingPoint<T> =>
        end.Stamp - start.Stamp == 1
            ? new(start.Stamp, (start.Value + end.Value) / (T.One + T.One))
            : throw new ArgumentException($"{start.Stamp} and {end.Stamp} are not one hour apart.", nameof(end));
}
