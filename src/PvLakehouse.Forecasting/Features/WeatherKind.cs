namespace PvLakehouse.Forecasting.Features;

/// <summary>Which weather a feature set is made of.</summary>
public enum WeatherKind
{
    /// <summary>As it was forecast, and known, at the issue.</summary>
    Forecast,

    /// <summary>
    /// As it turned out to be: "perfect prog". Shows what errors of the weather forecast cost; a score made with it is never one of a forecast.
    /// </summary>
    Hindcast,
}
