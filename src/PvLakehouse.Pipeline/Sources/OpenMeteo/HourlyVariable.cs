using PvLakehouse.Solar.Time;

namespace PvLakehouse.Pipeline.Sources.OpenMeteo;

/// <summary>An hourly variable of Open-Meteo: its name, the unit that its values come in, and how its hours are
/// labelled.</summary>
public abstract class HourlyVariable
{
    private protected HourlyVariable(int index, string name, string unit)
    {
        Index = index;
        Name = name;
        Unit = unit;
    }

    /// <summary>The API's name, for example shortwave_radiation.</summary>
    public string Name { get; }

    /// <summary>The unit exactly as the API spells it, for example "W/m²"; empty for a number without
    /// dimension.</summary>
    public string Unit { get; }

    /// <summary>Position in its list, and of its value in <see cref="HourlyRow.Values"/>.</summary>
    public int Index { get; }

    /// <summary>The API's name.</summary>
    public override string ToString() => Name;

    /// <summary>The value in a row; null when missing.</summary>
    private protected double? ValueIn(HourlyRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Values[Index];
    }
}

/// <summary>A mean or sum over the hour BEFORE its stamp: radiation, sunshine, precipitation.</summary>
public sealed class PrecedingHourVariable : HourlyVariable
{
    internal PrecedingHourVariable(int index, string name, string unit, bool isSum)
        : base(index, name, unit) => IsSum = isSum;

    /// <summary>True for a sum over the hour, false for a mean.</summary>
    public bool IsSum { get; }

    /// <summary>The value of a row, labelled by the end of the hour it covers.</summary>
    public HourEnding<double?> In(HourlyRow row) => new(row.Stamp, ValueIn(row));
}

/// <summary>A momentary value at its stamp: temperature, cloud, wind, pressure, pollutants.</summary>
public sealed class InstantVariable : HourlyVariable
{
    internal InstantVariable(int index, string name, string unit)
        : base(index, name, unit)
    {
    }

    /// <summary>The value of a row at its instant.</summary>
    public AtInstant<double?> In(HourlyRow row) => new(row.Stamp, ValueIn(row));
}
