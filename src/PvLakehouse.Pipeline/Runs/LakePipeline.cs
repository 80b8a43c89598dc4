using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.OpenElectricity;
using PvLakehouse.Pipeline.Sources.OpenMeteo;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Runs one stage and tells its caller about it.</summary>
/// <param name="dataset">The stage's name.</param>
/// <param name="stage">The work.</param>
public delegate Task<StageResult> StageObserver(string dataset, Func<Task<StageResult>> stage);

/// <summary>The whole way from the sources to gold.</summary>
public sealed class LakePipeline(Lake lake, OpenElectricityClient energy, OpenMeteoClient weather)
{

    /// <summary>Loads one bronze table from its source.</summary>
    /// <param name="dataset">A name of <see cref="Datasets.Of"/> bronze.</param>
    /// <param name="request">What to bring.</param>
    /// <param name="cancellationToken">Stops between requests; slices that are committed stay.</param>
    /// <exception cref="PipelineException">The dataset or a farm is unknown.</exception>
    /// <exception cref="SourceException">A source could not be read.</exception>
    public Task<StageResult> BronzeAsync(string dataset, IngestRequest request, CancellationToken cancellationToken) => dataset switch
    {
        "facilities" => new FacilitiesLoader(lake, energy).RunAsync(request, cancellationToken),
        _ => new SeriesLoader(lake, SourceOf(dataset, request)).RunAsync(request, cancellationToken),
    };

    /// <summary>Runs every stage in order: bronze as asked, then what that touches in silver and gold, audited and published together.</summary>
    /// <param name="request">What bronze is to bring.</param>
    /// <param name="observe">Runs each stage.</param>
    /// <param name="cancellationToken">Stops the run; finished stages stay, the next run goes on from there.</param>
    /// <exception cref="PipelineException">A source could not be read; the others were, and silver and gold hold what arrived.</exception>
    public async Task RunAsync(IngestRequest request, StageObserver observe, CancellationToken cancellationToken)
    {
        var datasets = await BronzeDatasets.OfRunAsync(lake, request, cancellationToken);
        var failures = new SourceFailures(datasets.Count);
        foreach (var dataset in datasets)
        {
            await observe(dataset, () => failures.KeepAsync(dataset, () => BronzeAsync(dataset, request, cancellationToken)));
        }

        try
        {
            await new AuditedRun(lake).RunAsync(
                models => models.RunAllAsync(ModelMode.Incremental, LoadStrategy.Merge, observe, cancellationToken), observe, cancellationToken);
        }
        catch (PipelineException fault) when (failures.Any && fault is not AuditException)
        {
            // A table that needs what did not arrive; the failure told below is the cause.
        }

        failures.ThrowIfAny();
    }

    private ISeriesSource SourceOf(string dataset, IngestRequest request) => dataset switch
    {
        "facility_timeseries" => new EnergySource(energy, request.Interval),
        "facility_weather" => HourlySource.Weather(weather),
        "facility_air_quality" => HourlySource.AirQuality(weather),
        "weather_forecast" => HourlySource.Forecast(weather),
        _ => throw LakeModels.Unknown(dataset, "bronze"),
    };
}
