using PvLakehouse.Sandbox.Data;

namespace PvLakehouse.Sandbox.OpenMeteo;

/// <summary>One of the server's endpoints, with the days it allows.</summary>
/// <param name="Dataset">Where its values come from.</param>
/// <param name="Variables">The variables it knows.</param>
internal sealed record WeatherRoute(HourlyDataset Dataset, VariableCatalogue Variables)
{
    /// <summary>First day allowed: a fixed day, or this many days before today.</summary>
    public required Func<DateOnly, DateOnly> FirstDay { get; init; }

    /// <summary>Days after today that are allowed.</summary>
    public required int DaysAhead { get; init; }

    /// <summary>Largest <c>past_days</c>; null where a request must name its days.</summary>
    public int? MostPastDays { get; init; }

    /// <summary>Largest <c>forecast_days</c>.</summary>
    public int MostForecastDays { get; init; }

    /// <summary><c>forecast_days</c> unless given.</summary>
    public int ForecastDays { get; init; }

    /// <summary>How many days before its stamp a value may be asked for as it was forecast; 0 for none.</summary>
    public int MostLeadDays { get; init; }

    private static WeatherRoute Archive { get; } = new(HourlyDataset.Archive, VariableCatalogue.Weather)
    {
        FirstDay = _ => new(1940, 1, 1),
        DaysAhead = 0,
    };

    private static WeatherRoute Forecast { get; } = new(HourlyDataset.Forecast, VariableCatalogue.Weather)
    {
        FirstDay = today => today.AddDays(-93),
        DaysAhead = 15,
        MostPastDays = 93,
        MostForecastDays = 16,
        ForecastDays = 7,
    };

    private static WeatherRoute HistoricalForecast { get; } = Forecast with { FirstDay = _ => new(2016, 1, 1) };

    private static WeatherRoute PreviousRuns { get; } = HistoricalForecast with { MostLeadDays = 7 };

    private static WeatherRoute AirQuality { get; } = new(HourlyDataset.AirQuality, VariableCatalogue.AirQuality)
    {
        FirstDay = _ => new(2013, 1, 1),
        DaysAhead = 6,
        MostPastDays = 92,
        MostForecastDays = 7,
        ForecastDays = 5,
    };

    /// <summary>The endpoint of a path, or null. Historical forecasts and previous runs have the forecast's path behind a prefix, for hosts of their own.</summary>
    public static WeatherRoute? Of(string path) => path switch
    {
        "/v1/archive" or "/v1/era5" => Archive,
        "/v1/forecast" => Forecast,
        "/historical-forecast/v1/forecast" => HistoricalForecast,
        "/previous-runs/v1/forecast" => PreviousRuns,
        "/v1/air-quality" => AirQuality,
        _ => null,
    };
}
