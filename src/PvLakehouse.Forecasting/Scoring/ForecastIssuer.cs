using System.Globalization;
using System.Text;
using PvLakehouse.Engine;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Pipeline.Forecasts;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Scoring;

/// <summary>Issues forecasts with a registered model and keeps them in ml.issued_forecasts.</summary>
/// <remarks>
/// What was issued stays as it was: a second run adds the hours that are missing and changes none. All rows of a run are one commit, so a run that is
/// killed has issued nothing.
/// </remarks>
/// <param name="lake">The lake.</param>
/// <param name="services">Tracking and registry.</param>
public sealed class ForecastIssuer(Lake lake, TrackingServices services)
{
    /// <summary>Issues forecasts.</summary>
    /// <exception cref="ForecastingException">There is no such model, it is no forecast's, or there is nothing to forecast.</exception>
    /// <exception cref="TrackingException">Tracking or the registry failed.</exception>
    public async Task<IssueOutcome> RunAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var version = await FindAsync(request, cancellationToken);
        using var model = await ForecastFiles.LoadAsync(
            (path, token) => services.Registry.OpenFileAsync(version.Name, version.Version, path, token), cancellationToken);
        if (model.Horizon != request.Horizon)
        {
            throw new ForecastingException(
                $"{version.Name} version {version.Version} was trained for {model.Horizon}, so it cannot forecast {request.Horizon}.");
        }

        var set = await FeatureSetAsync(version, model, cancellationToken);
        var (found, notes) = await new FeatureBuilder(lake, set).OfIssuesAsync(
            request.Horizon, new() { Issued = request.Issued, Facilities = request.Facilities }, cancellationToken);
        var (rows, unseen) = Foreseen(found, set);
        if (rows.Count == 0)
        {
            throw new ForecastingException(found.Count == 0
                ? string.Join(' ', notes.Prepend($"No farm has an hour with sun that {request.Horizon} forecasts issued {request.Issued} are for."))
                : $"The lake has no weather forecast that was known for any hour of the {request.Horizon} forecasts issued {request.Issued}: "
                    + "load it with 'pvlake run --forecasts'.");
        }

        // The version is described before its forecasts are there, so that the star schema always knows it.
        await new ModelDescriptions(lake, services).WriteAsync(version.Name, cancellationToken);
        var outcome = await WriteAsync(version, request.Horizon, rows, model.Predict(rows), cancellationToken);
        return new(version, outcome.RowsInserted, outcome.RowsUnchanged, [.. notes, .. unseen]);
    }

    /// <summary>The instant up to which issues know the lake's energy: the end of its last hour, but not after now.</summary>
    /// <exception cref="ForecastingException">The lake has no energy.</exception>
    public async Task<DateTimeOffset> KnownUpToAsync(CancellationToken cancellationToken)
    {
        await using var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken);
        await workspace.BindAsync(["fact_solar_environmental"], at: null, cancellationToken);
        var result = await workspace.Session.QueryAsync(
            "SELECT max(date_hour) + INTERVAL '1' HOUR FROM fact_solar_environmental WHERE energy_mwh IS NOT NULL", parameters: null, cancellationToken);
        var end = (await result.ToListAsync(cancellationToken))[0][0] ?? throw new ForecastingException("The lake has no energy yet: run 'pvlake run' first.");
        return Instants.From(end) < lake.Clock.GetUtcNow() ? Instants.From(end) : lake.Clock.GetUtcNow();
    }

    /// <summary>The version that forecasts of a class are made with; null when there is none.</summary>
    public static Task<ModelVersion?> ChampionAsync(IModelRegistry registry, Horizon horizon, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.FindByAliasAsync(TrainingRun.ModelName(horizon), ModelAlias.Champion, cancellationToken);
    }

    private async Task<ModelVersion> FindAsync(IssueRequest request, CancellationToken cancellationToken)
    {
        var name = TrainingRun.ModelName(request.Horizon);
        try
        {
            return request.Version is { } number
                ? await services.Registry.GetModelVersionAsync(name, number, cancellationToken)
                : await ChampionAsync(services.Registry, request.Horizon, cancellationToken)
                    ?? throw new ForecastingException(
                        $"The model {name} has no champion: train one with 'pvlake ml train --horizon {request.Horizon}'.");
        }
        catch (TrackingException fault) when (fault.Fault == TrackingFault.ResourceDoesNotExist)
        {
            throw new ForecastingException(
                $"There is no version {request.Version} of the model {name}; 'pvlake ml models' lists those that there are.", fault);
        }
    }

    private async Task<FeatureSet> FeatureSetAsync(ModelVersion version, TrainedForecast model, CancellationToken cancellationToken)
    {
        var where = $"{ForecastFiles.FeatureSetName} of {version.Name} version {version.Version}";
        try
        {
            await using var stream = await services.Registry.OpenFileAsync(version.Name, version.Version, ForecastFiles.FeatureSetName, cancellationToken);
            using var text = new StreamReader(stream, Encoding.UTF8);
            return FeatureSetFile.Parse(await text.ReadToEndAsync(cancellationToken), where);
        }
        catch (TrackingException fault) when (fault.Fault == TrackingFault.ResourceDoesNotExist)
        {
            return model.Mean.Features.SequenceEqual(FeatureCatalogue.Default.Learned, StringComparer.Ordinal)
                ? FeatureCatalogue.Default
                : throw new ForecastingException($"There is no {where}, and its features are not those of the catalogue: train it again.", fault);
        }
    }

    /// <summary>Leaves out hours for which a model of forecast weather has none: a number made of nothing would look like a forecast.</summary>
    private static (ForecastRows Rows, IReadOnlyList<string> Notes) Foreseen(ForecastRows rows, FeatureSet set)
    {
        var weather = set.Features.Where(feature => feature is { IsLearned: true, Category: FeatureCategory.WeatherForecast })
            .Select(feature => feature.Name).ToHashSet(StringComparer.Ordinal);
        int[] columns = [.. rows.Features.Names.Index().Where(column => weather.Contains(column.Item)).Select(column => column.Index)];
        if (columns.Length == 0)
        {
            return (rows, []);
        }

        var seen = Enumerable.Range(0, rows.Count).Where(row => Array.Exists(columns, column => !double.IsNaN(rows.Features.Row(row)[column])))
            .Select(row => rows.Hours[row]).ToHashSet();
        return (
            rows.Where(seen.Contains),
            [
                .. rows.Hours.Where(hour => !seen.Contains(hour)).CountBy(hour => hour.FacilityCode, StringComparer.Ordinal).Select(farm => string.Create(
                    CultureInfo.InvariantCulture, $"{farm.Key}: no weather forecast is known for {farm.Value} of its hours, so these are not forecast.")),
            ]);
    }

    private async Task<WriteOutcome> WriteAsync(
        ModelVersion version, Horizon horizon, ForecastRows rows, IReadOnlyList<Forecast> forecasts, CancellationToken cancellationToken)
    {
        await using var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken);
        await workspace.EnsureAsync(IssuedForecasts.Contract, cancellationToken);
        await workspace.BindAsync(["facility_master"], at: null, cancellationToken);
        var now = Instants.ToMicroseconds(lake.Clock.GetUtcNow());
        await workspace.StageAsync(
            "forecasts", IssuedForecasts.Contract, rows.Hours.Zip(forecasts, (hour, forecast) => Row(version, horizon, hour, forecast, now)),
            cancellationToken);
        // Columns that are not compared keep what they were: what was issued is never changed.
        var kept = IssuedForecasts.Contract.Columns.Select(column => column.Name).Except(IssuedForecasts.Contract.Key, StringComparer.Ordinal);
        return await workspace.Session.MergeAsync(
            IssuedForecasts.Contract.Identifier,
            """
            SELECT f.* REPLACE (local_time(f.date_hour, m.timezone_name) AS local_date_hour)
            FROM forecasts f
            LEFT JOIN clean_facility_master m ON m.facility_code = f.facility_code AND m.is_current
            """,
            new() { KeyColumns = IssuedForecasts.Contract.Key, InsertStampColumns = [.. kept] },
            cancellationToken);
    }

    private static object?[] Row(ModelVersion version, Horizon horizon, ForecastHour hour, Forecast forecast, DateTimeOffset now)
    {
        var capacity = hour.IssueCapacityMw
            ?? throw new ForecastingException($"{hour.FacilityCode} has no capacity at {hour.IssuedAt:yyyy-MM-dd HH:mm'Z'}.");
        return
        [
            version.RunId, version.Name, version.Version, horizon.Name, hour.FacilityCode, hour.IssuedAt, hour.DateHour, null, now, Rounded(capacity, 4),
            Energy(forecast.Share), .. forecast.Quantiles.Select(share => (object?)Energy(share)), now, now,
        ];

        decimal Energy(double share) => Rounded(share * capacity, 6);
    }

    private static decimal Rounded(double value, int digits) => Math.Round((decimal)value, digits);
}
