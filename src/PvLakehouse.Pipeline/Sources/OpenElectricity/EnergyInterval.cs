namespace PvLakehouse.Pipeline.Sources.OpenElectricity;

/// <summary>Length of an energy interval.</summary>
public enum EnergyInterval
{
    /// <summary>Dispatch interval; in the NEM its stamp is the END of the interval.</summary>
    FiveMinutes,

    /// <summary>Hour of network time, stamped by its start.</summary>
    Hour,

    /// <summary>Day of network time, stamped by its start.</summary>
    Day,
}

/// <summary>The API's spelling of intervals.</summary>
internal static class EnergyIntervalCode
{
    public static string Of(EnergyInterval interval) => interval switch
    {
        EnergyInterval.FiveMinutes => "5m",
        EnergyInterval.Hour => "1h",
        EnergyInterval.Day => "1d",
        _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "Expected 5 minutes, an hour or a day."),
    };

    public static TimeSpan LengthOf(EnergyInterval interval) => interval switch
    {
        EnergyInterval.FiveMinutes => TimeSpan.FromMinutes(5),
        EnergyInterval.Hour => TimeSpan.FromHours(1),
        EnergyInterval.Day => TimeSpan.FromDays(1),
        _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "Expected 5 minutes, an hour or a day."),
    };

    /// <summary>Whether a stamp closes its interval: only the NEM's 5 minutes, whose stamp is AEMO's SETTLEMENTDATE.</summary>
    public static bool IsStampedByEnd(EnergyInterval interval, string network) =>
        interval == EnergyInterval.FiveMinutes && network == "NEM";

    public static EnergyInterval Parse(string? code) => code switch
    {
        "5m" => EnergyInterval.FiveMinutes,
        "1h" => EnergyInterval.Hour,
        "1d" => EnergyInterval.Day,
        _ => throw new ArgumentException($"'{code}' is no interval; expected 5m, 1h or 1d.", nameof(code)),
    };
}
