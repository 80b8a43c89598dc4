using PvLakehouse.Pipeline.Sources.OpenElectricity;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Length of the intervals in which energy is loaded.</summary>
public enum EnergyResolution
{
    /// <summary>The market's dispatch interval, as the API sends it.</summary>
    FiveMinutes,

    /// <summary>The sum of six intervals of five minutes; the API has none of its own.</summary>
    HalfHour,

    /// <summary>An hour, as the API sends it.</summary>
    Hour,
}

/// <summary>What follows from a resolution.</summary>
public static class EnergyResolutions
{
    /// <summary>Its name in bronze's column interval, and on command lines.</summary>
    public static string Code(EnergyResolution resolution) => resolution switch
    {
        EnergyResolution.FiveMinutes => "5m",
        EnergyResolution.HalfHour => "30m",
        EnergyResolution.Hour => "1h",
        _ => throw new ArgumentOutOfRangeException(nameof(resolution), resolution, "Expected 5 minutes, half an hour or an hour."),
    };

    /// <summary>The resolution of a name; null when it is none.</summary>
    public static EnergyResolution? Parse(string? code) => code switch
    {
        "5m" => EnergyResolution.FiveMinutes,
        "30m" => EnergyResolution.HalfHour,
        "1h" => EnergyResolution.Hour,
        _ => null,
    };

    /// <summary>The interval that the API is asked for.</summary>
    internal static EnergyInterval Asked(EnergyResolution resolution) =>
        resolution == EnergyResolution.Hour ? EnergyInterval.Hour : EnergyInterval.FiveMinutes;

    /// <summary>Rows of a unit and day.</summary>
    internal static int RowsPerDay(EnergyResolution resolution) => resolution switch
    {
        EnergyResolution.FiveMinutes => 288,
        EnergyResolution.HalfHour => 48,
        _ => 24,
    };
}
