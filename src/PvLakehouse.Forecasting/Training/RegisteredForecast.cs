using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Scoring;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Training;

/// <summary>A registered version of a model, loaded, with the record of the run that made it.</summary>
public sealed class RegisteredForecast : IDisposable
{
    private RegisteredForecast(ModelVersion version, TrainingRequest record, WeatherKind weather, TrainedForecast model) =>
        (Version, Record, Weather, Model) = (version, record, weather, model);

    /// <summary>The version.</summary>
    public ModelVersion Version { get; }

    /// <summary>What was trained; snapshot and split are those of the run.</summary>
    public TrainingRequest Record { get; }

    /// <summary>The weather that it has learned from.</summary>
    public WeatherKind Weather { get; }

    /// <summary>The model.</summary>
    public TrainedForecast Model { get; }

    /// <summary>The version that is champion of a class of forecasts.</summary>
    /// <exception cref="ForecastingException">There is none.</exception>
    /// <exception cref="TrackingException">The registry failed.</exception>
    public static async Task<ModelVersion> FindChampionAsync(
        IModelRegistry registry, Horizon horizon, CancellationToken cancellationToken)
    {
        return await ForecastIssuer.ChampionAsync(registry, horizon, cancellationToken) ?? throw new ForecastingException(
            $"The model {TrainingRun.ModelName(horizon)} has no champion: train one with 'pvlake ml train --horizon {horizon}'.");
    }

    /// <summary>Loads the champion of a class of forecasts.</summary>
    /// <exception cref="ForecastingException">There is none, or it is no model of ours.</exception>
    /// <exception cref="TrackingException">Tracking or the registry failed.</exception>
    public static async Task<RegisteredForecast> ChampionAsync(
        TrackingServices services, Horizon horizon, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        return await LoadAsync(services, await FindChampionAsync(services.Registry, horizon, cancellationToken), cancellationToken);
    }

    /// <summary>Loads a version.</summary>
    /// <exception cref="ForecastingException">It is no model of ours.</exception>
    /// <exception cref="TrackingException">Tracking or the registry failed.</exception>
    public static async Task<RegisteredForecast> LoadAsync(
        TrackingServices services, ModelVersion version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(version);
        var id = version.RunId ?? throw new ForecastingException(
            $"{version.Name} version {version.Version} does not say which run made it, so nothing tells what it has learned from.");
        var run = await services.Tracking.GetRunAsync(id, cancellationToken);
        var record = RunRecord.Read(run);
        var weather = run.Data.Params.GetValueOrDefault(RunRecord.Weather) == FeatureTable.Weather(WeatherKind.Hindcast)
            ? WeatherKind.Hindcast
            : WeatherKind.Forecast;
        var model = await ForecastFiles.LoadAsync(
            (path, token) => services.Registry.OpenFileAsync(version.Name, version.Version, path, token), cancellationToken);
        return new(version, record, weather, model);
    }

    /// <summary>Rows of a build of the features as the model takes them.</summary>
    /// <exception cref="ForecastingException">The build lacks a feature of the model, or is made of other weather.</exception>
    public async Task<ForecastRows> RowsAsync(Lake lake, FeatureSnapshot features, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Weather != Weather)
        {
            throw new ForecastingException(
                $"{Version.Name} version {Version.Version} has learned from {Words(Weather)}, but {FeatureTable.Contract} is made of "
                + $"{Words(features.Weather)}: run 'pvlake ml features --weather {FeatureTable.Weather(Weather)}' first.");
        }

        var missing = Model.Mean.Features.Except(features.Learned, StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
        {
            throw new ForecastingException(
                $"{FeatureTable.Contract} lacks {string.Join(", ", missing)}, which {Version.Name} version {Version.Version} is made of: "
                + "run 'pvlake ml features' with the feature set that it was trained on, or train a new model.");
        }

        return await (features with { Learned = Model.Mean.Features }).ReadAsync(lake, Record.Horizon, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static string Words(WeatherKind weather) =>
        weather == WeatherKind.Forecast ? "weather as it was forecast" : "weather as it turned out to be";
}
