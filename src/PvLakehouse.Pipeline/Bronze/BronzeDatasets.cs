using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Pipeline.Bronze;

/// <summary>Which bronze datasets a run loads.</summary>
public static class BronzeDatasets
{
    private const string Forecasts = "weather_forecast";

    /// <summary>The datasets in their order: forecasts only when asked for, or when the lake has some already and is to go on with them.</summary>
    /// <param name="lake">The lake; null for one that does not exist yet.</param>
    /// <param name="request">What the run is to bring.</param>
    /// <param name="cancellationToken">Stops the look into the lake.</param>
    public static async Task<IReadOnlyList<string>> OfRunAsync(Lake? lake, IngestRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var all = Datasets.Of("bronze");
        var hasForecasts = lake is not null
            && await lake.Tables.FindAsync(RawWeatherForecast.Contract, cancellationToken) is { CurrentSnapshot: not null };
        return request.WithForecasts || hasForecasts ? all : [.. all.Where(dataset => dataset != Forecasts)];
    }
}
