namespace PvLakehouse.Solar;

/// <summary>A wind speed that knows its unit, because Open-Meteo speaks km/h and every thermal model m/s.</summary>
public readonly record struct WindSpeed : IComparable<WindSpeed>
{
    private const double KilometresPerHourPerMetrePerSecond = 3.6;

    private WindSpeed(double metresPerSecond) => MetresPerSecond = metresPerSecond;

    /// <summary>The speed [m/s].</summary>
    public double MetresPerSecond { get; }

    /// <summary>The speed [km/h].</summary>
    public double KilometresPerHour => MetresPerSecond * KilometresPerHourPerMetrePerSecond;

    /// <summary>A speed given in m/s.</summary>
    public static WindSpeed FromMetresPerSecond(double value) => new(value);

    /// <summary>A speed given in km/h, the default unit of Open-Meteo.</summary>
    public static WindSpeed FromKilometresPerHour(double value) => new(value / KilometresPerHourPerMetrePerSecond);

    /// <inheritdoc/>
    public int CompareTo(WindSpeed other) => MetresPerSecond.CompareTo(other.MetresPerSecond);

    /// <summary>Whether the left wind is weaker.</summary>
    public static bool operator <(WindSpeed left, WindSpeed right) => left.MetresPerSecond < right.MetresPerSecond;

    /// <summary>Whether the left wind is stronger.</summary>
    public static bool operator >(WindSpeed left, WindSpeed right) => left.MetresPerSecond > right.MetresPerSecond;

    /// <summary>Whether the left wind is as strong or weaker.</summary>
    public static bool operator <=(WindSpeed left, WindSpeed right) => left.MetresPerSecond <= right.MetresPerSecond;

    /// <summary>Whether the left wind is as strong or stronger.</summary>
    public static bool operator >=(WindSpeed left, WindSpeed right) => left.MetresPerSecond >= right.MetresPerSecond;
}
