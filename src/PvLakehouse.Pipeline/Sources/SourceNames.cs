namespace PvLakehouse.Pipeline.Sources;

/// <summary>Names of the endpoints, in messages and in the archive of bodies.</summary>
public static class SourceNames
{
    /// <summary>OpenElectricity's register of facilities.</summary>
    public const string Facilities = "openelectricity/facilities";

    /// <summary>OpenElectricity's energy series.</summary>
    public const string Energy = "openelectricity/energy";

    /// <summary>Open-Meteo's past weather.</summary>
    public const string WeatherArchive = "open-meteo/archive";

    /// <summary>Open-Meteo's recent weather.</summary>
    public const string WeatherForecast = "open-meteo/forecast";

    /// <summary>Open-Meteo's weather as it was forecast some days before.</summary>
    public const string WeatherPreviousRuns = "open-meteo/previous-runs";

    /// <summary>Open-Meteo's air quality.</summary>
    public const string AirQuality = "open-meteo/air-quality";
}
