namespace PvLakehouse.Sandbox.Data;

/// <summary>The Open-Meteo data sets that the sandbox stands in for.</summary>
public enum HourlyDataset
{
    /// <summary>Reanalysis and near-current analysis: hours after the clock are unknown.</summary>
    Archive,

    /// <summary>Analysis up to the clock, forecast up to 16 days after it.</summary>
    Forecast,

    /// <summary>CAMS global air quality: analysis up to the clock, forecast up to about 5 days after it; from August 2022.</summary>
    AirQuality,
}
