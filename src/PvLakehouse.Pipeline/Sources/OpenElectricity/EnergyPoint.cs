using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>What all points of one series share.</summary>
/// <param name="NetworkCode">Network as sent, NEM or WEM.</param>
/// <param name="FacilityCode">The farm that owns the unit.</param>
/// <param name="UnitCode">Unit as sent.</param>
/// <param name="Measure">Metric, interval and unit as sent.</param>
public sealed record EnergySeries(string NetworkCode, string FacilityCode, string UnitCode, EnergyMeasure Measure);

/// <summary>What a series measures.</summary>
/// <param name="Metric">"energy".</param>
/// <param name="Interval">"5m", "1h" or "1d".</param>
/// <param name="Unit">"MWh".</param>
public sealed record EnergyMeasure(string Metric, string Interval, string Unit);

/// <summary>Energy of one unit in one interval.</summary>
/// <param name="Series">Network, farm, unit and measure.</param>
/// <param name="IntervalStart">The stamp exactly as sent, in network time with its offset.</param>
/// <param name="Stamp">The same stamp as a true instant, offset zero.</param>
/// <param name="EnergyMwh">Energy [MWh]; null when the API says that it has none. May be negative (auxiliary
/// load).</param>
public readonly record struct EnergyPoint(
    EnergySeries Series, string IntervalStart, DateTimeOffset Stamp, double? EnergyMwh)
{
    /// <summary>The point under the start of the interval it covers, which for 5 minutes of the NEM is not its stamp.</summary>
    public IntervalStarting<double?> ToInterval()
    {
        var interval = EnergyIntervalCode.Parse(Series.Measure.Interval);
        var length = EnergyIntervalCode.LengthOf(interval);
        return EnergyIntervalCode.IsStampedByEnd(interval, Series.NetworkCode)
            ? new IntervalEnding<double?>(Stamp, length, EnergyMwh).ToIntervalStarting()
            : new(Stamp, length, EnergyMwh);
    }

    /// <summary>The point as a value of the hour that starts at its stamp.</summary>
    /// <exception cref="InvalidOperationException">The series is not hourly.</exception>
    public HourStarting<double?> ToHour() => string.Equals(Series.Measure.Interval, "1h", StringComparison.Ordinal)
        ? new(UtcHour.StartingAt(Stamp), EnergyMwh)
        : throw new InvalidOperationException(
            $"A point of a {Series.Measure.Interval} series of {Series.UnitCode} is no value of an hour.");
}
