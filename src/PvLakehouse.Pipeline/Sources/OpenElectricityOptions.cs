using PvLakehouse.Pipeline.Sources.OpenElectricity;

namespace PvLakehouse.Pipeline.Sources;

/// <summary>Address, key and limits of an OpenElectricity v4 server.</summary>
public sealed record OpenElectricityOptions
{
    /// <summary>The address of version 4, with a slash at its end.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>The bearer key; null sends none.</summary>
    public Secret? Key { get; init; }

    /// <summary>Whether a missing key is refused before the first call. Default false.</summary>
    public bool KeyRequired { get; init; }

    /// <summary>Requests per second, evenly spaced; null does not throttle. Default null.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Requests per UTC day; null does not count. Default null.</summary>
    public int? CreditsPerDay { get; init; }

    /// <summary>Longest window of one request [days], by interval.</summary>
    public required RangeLimits MaxDays { get; init; }

    /// <summary>Facility codes per request. Default 30, the server's maximum (more is answered 422).</summary>
    public int MaxCodesPerRequest { get; init; } = 30;
}

/// <summary>Longest window of one energy request [days] for each interval.</summary>
/// <param name="FiveMinutes">For 5-minute data.</param>
/// <param name="Hour">For hourly data.</param>
/// <param name="Day">For daily data.</param>
public sealed record RangeLimits(int FiveMinutes, int Hour, int Day)
{
    /// <summary>The limit of one interval [days].</summary>
    public int Of(EnergyInterval interval) => interval switch
    {
        EnergyInterval.FiveMinutes => FiveMinutes,
        EnergyInterval.Hour => Hour,
        EnergyInterval.Day => Day,
        _ => throw new ArgumentOutOfRangeException(nameof(interval), interval, "Expected 5 minutes, an hour or a day."),
    };
}
