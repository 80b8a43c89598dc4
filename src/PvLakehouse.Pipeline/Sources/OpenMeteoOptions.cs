namespace PvLakehouse.Pipeline.Sources;

/// <summary>Addresses and limits of the Open-Meteo services.</summary>
public sealed record OpenMeteoOptions
{
    /// <summary>Past weather, from 1940 to today.</summary>
    public required Uri ArchiveAddress { get; init; }

    /// <summary>Recent weather, used for the last <see cref="RecentDays"/> days.</summary>
    public required Uri ForecastAddress { get; init; }

    /// <summary>Weather as it was forecast, by the number of days before.</summary>
    public required Uri PreviousRunsAddress { get; init; }

    /// <summary>Air quality, past and recent.</summary>
    public required Uri AirQualityAddress { get; init; }

    /// <summary>How many UTC days, today included, come from the forecast service because the archive lags. Default 0:
    /// the
    /// archive serves everything.</summary>
    public int RecentDays { get; init; }

    /// <summary>Weight that may be spent in a clock minute; null does not throttle. Default null.</summary>
    public double? WeightPerMinute { get; init; }

    /// <summary>Weight that may be spent in a clock hour; null does not throttle. Default null.</summary>
    public double? WeightPerHour { get; init; }

    /// <summary>Weight that may be spent in a UTC day; null does not throttle. Default null.</summary>
    public double? WeightPerDay { get; init; }

    /// <summary>Weight that may be spent in a calendar month (UTC); null does not throttle. Default null.</summary>
    public double? WeightPerMonth { get; init; }

    /// <summary>Weight that one request should not exceed; one farm always fits. Default unlimited.</summary>
    public double MaxWeightPerRequest { get; init; } = double.PositiveInfinity;

    /// <summary>Longest window of one request [days]. Default 20 years.</summary>
    public int MaxDaysPerRequest { get; init; } = 7_305;

    /// <summary>Farms per request. Default 100: more would outgrow the address line that servers accept.</summary>
    public int MaxLocationsPerRequest { get; init; } = 100;

    /// <summary>Farms × hours × variables of one answer, which bounds the memory of a read. Default 1.6 million (about
    /// 10 MB).</summary>
    public int MaxValuesPerRequest { get; init; } = 1_600_000;
}
