using System.Diagnostics;
using PvLakehouse.Pipeline.Contracts;
using PvLakehouse.Pipeline.Forecasts;
using PvLakehouse.Pipeline.Holding;

namespace PvLakehouse.Pipeline.Runs;

/// <summary>Makes silver and gold tables by the names that commands use; needs no source.</summary>
public sealed class LakeModels(Lake lake)
{
    private readonly ModelRunner _models = new(lake);
    private readonly StagedDimensions _dimensions = new(lake);
    private readonly HeldDaysRunner _held = new(lake);

    /// <summary>The lake, on the branch that the models write to.</summary>
    internal Lake Lake => lake;

    /// <summary>Makes one silver table.</summary>
    /// <param name="dataset">A name of <see cref="Datasets.Of"/> silver.</param>
    /// <param name="mode">All rows, or those that new bronze rows touch.</param>
    /// <param name="strategy">Merge by key, or replace the table.</param>
    /// <param name="cancellationToken">Stops the work; nothing of it is committed then.</param>
    /// <exception cref="PipelineException">The dataset is unknown, or something it needs is missing.</exception>
    public Task<StageResult> SilverAsync(
        string dataset, ModelMode mode, LoadStrategy strategy, CancellationToken cancellationToken) => dataset switch
        {
            "facility_master" => _models.RunAsync(Models.FacilityMaster, mode, strategy, cancellationToken),
            "hourly_energy" => _models.RunAsync(Models.HourlyEnergy, mode, strategy, cancellationToken),
            "daily_energy" => _models.RunAsync(Models.DailyEnergy, mode, strategy, cancellationToken),
            "solar_clock" => _models.RunAsync(Models.Clock, mode, strategy, cancellationToken),
            "hourly_weather" => _models.RunAsync(Models.HourlyWeather, mode, strategy, cancellationToken),
            "hourly_air_quality" => _models.RunAsync(Models.HourlyAirQuality, mode, strategy, cancellationToken),
            "hourly_forecast" => _models.RunAsync(Models.WeatherForecast, mode, strategy, cancellationToken),
            _ => throw Unknown(dataset, "silver"),
        };

    /// <summary>Makes one gold table.</summary>
    /// <param name="dataset">A name of <see cref="Datasets.Of"/> gold.</param>
    /// <param name="mode">All rows, or those that new silver rows touch; the small dimensions always compare all rows.</param>
    /// <param name="strategy">Merge by key, or replace the table; dimensions that give keys always merge, since these must survive.</param>
    /// <param name="cancellationToken">Stops the work; nothing of it is committed then.</param>
    /// <exception cref="PipelineException">The dataset is unknown, or something it needs is missing.</exception>
    public Task<StageResult> GoldAsync(
        string dataset, ModelMode mode, LoadStrategy strategy, CancellationToken cancellationToken) => dataset switch
        {
            "dim_date" => _dimensions.DateAsync(strategy, cancellationToken),
            "dim_time" => _dimensions.TimeAsync(strategy, cancellationToken),
            "dim_facility" => _models.RunAsync(Models.Facility, mode, LoadStrategy.Merge, cancellationToken),
            "dim_aqi_category" => _dimensions.AqiCategoryAsync(strategy, cancellationToken),
            "dim_model_version" => _models.RunAsync(Models.ModelVersion, mode, LoadStrategy.Merge, cancellationToken),
            "dim_feature_importance" => OnceThereAreAsync(FeatureImportances.Contract, Models.FeatureImportance, mode, strategy, cancellationToken),
            "fact_solar_forecast_regression" => OnceThereAreAsync(IssuedForecasts.Contract, Models.SolarForecast, mode, strategy, cancellationToken),
            "agg_daily_facility" => _models.RunAsync(Models.DailyFacility, mode, strategy, cancellationToken),
            "agg_monthly_facility" => _models.RunAsync(Models.MonthlyFacility, mode, strategy, cancellationToken),
            "fact_solar_environmental" => FactAsync(mode, strategy, cancellationToken),
            _ => throw Unknown(dataset, "gold"),
        };

    /// <summary>Makes all silver and gold tables, in order.</summary>
    /// <param name="mode">All rows, or those that new bronze rows touch.</param>
    /// <param name="strategy">Merge by key, or replace the tables.</param>
    /// <param name="observe">Runs each stage.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task RunAllAsync(ModelMode mode, LoadStrategy strategy, StageObserver observe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(observe);
        foreach (var dataset in Datasets.Of("silver"))
        {
            await observe(dataset, () => SilverAsync(dataset, mode, strategy, cancellationToken));
        }

        await observe("held_days", () => _held.RunAsync(mode, cancellationToken));
        await RunGoldAsync(mode, strategy, observe, cancellationToken);
    }

    /// <summary>Makes all gold tables, in order.</summary>
    /// <param name="mode">All rows, or those that new silver rows touch.</param>
    /// <param name="strategy">Merge by key, or replace the tables.</param>
    /// <param name="observe">Runs each stage.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task RunGoldAsync(ModelMode mode, LoadStrategy strategy, StageObserver observe, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(observe);
        foreach (var dataset in Datasets.Of("gold"))
        {
            await observe(dataset, () => GoldAsync(dataset, mode, strategy, cancellationToken));
        }
    }

    /// <summary>Brings what models said into gold: the calendar, the models' dimensions and the fact of forecasts.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task RunForecastsAsync(CancellationToken cancellationToken)
    {
        foreach (var dataset in (string[])["dim_date", "dim_time", "dim_model_version", "dim_feature_importance", "fact_solar_forecast_regression"])
        {
            await GoldAsync(dataset, ModelMode.Incremental, LoadStrategy.Merge, cancellationToken);
        }
    }

    /// <summary>The fact, with the veto of physics before it: whoever asks for it alone must not get round that.</summary>
    private async Task<StageResult> FactAsync(ModelMode mode, LoadStrategy strategy, CancellationToken cancellationToken)
    {
        await _held.RunAsync(ModelMode.Incremental, cancellationToken);
        return await _models.RunAsync(Models.SolarEnvironmental, mode, strategy, cancellationToken);
    }

    /// <summary>Runs a model, or makes its table alone while nobody has trained or forecast anything in this lake.</summary>
    private async Task<StageResult> OnceThereAreAsync(
        TableContract rows, SqlModel model, ModelMode mode, LoadStrategy strategy, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (await lake.Tables.FindAsync(rows, cancellationToken) is { } table && lake.HeadOf(table) is not null)
        {
            return await _models.RunAsync(model, mode, strategy, cancellationToken);
        }

        await lake.Tables.EnsureAsync(model.Target, cancellationToken);
        return new(model.Target.ToString(), null, Stopwatch.GetElapsedTime(started));
    }

    internal static PipelineException Unknown(string dataset, string layer) =>
        new($"There is no {layer} dataset '{dataset}'; expected one of {string.Join(", ", Datasets.Of(layer))}.");
}
