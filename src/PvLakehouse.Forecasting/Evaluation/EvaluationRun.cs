using System.Globalization;
using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Plots;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Evaluation;

/// <summary>Scores predictions of others as those of a model are scored, beside the references on the same hours.</summary>
/// <remarks>They are taken as they are: neither held within what the hour can give nor calibrated.</remarks>
/// <param name="lake">The lake.</param>
/// <param name="services">Tracking.</param>
public sealed class EvaluationRun(Lake lake, TrackingServices services)
{
    /// <summary>Parameter: the name of the predictions.</summary>
    public const string Name = "evaluation.name";

    /// <summary>Runs an evaluation.</summary>
    /// <param name="request">What is to be scored.</param>
    /// <param name="say">Told, in a sentence each, what is being done; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work; the run then counts as killed.</param>
    /// <exception cref="ForecastingException">
    /// A prediction is not as expected, or of no hour of the class; or nothing can be scored.
    /// </exception>
    /// <exception cref="TrackingException">Tracking failed.</exception>
    public async Task<EvaluationOutcome> RunAsync(EvaluationRequest request, Action<string>? say, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Require();
        var predictions = await PredictionFile.ReadAsync(request.File, cancellationToken);
        var features = await FeatureSnapshot.FindAsync(lake, snapshotId: null, cancellationToken);
        var hours = (await features.ReadAsync(lake, request.Horizon, cancellationToken)).Hours;
        var matched = Match(predictions, hours, request);
        var scored = matched.Where(pair => pair.Hour is { TargetShare: not null, CapacityMwh: > 0 }).OrderBy(pair => pair.Hour.IssuedAt)
            .ThenBy(pair => pair.Hour.DateHour).ThenBy(pair => pair.Hour.FacilityCode, StringComparer.Ordinal).ToArray();
        if (!scored.Any(pair => pair.Hour.IsDaylight))
        {
            throw new ForecastingException(
                $"None of the {predictions.Count} predictions of {request.File} is of an hour in daylight (sun above 5°) with valid energy, "
                + "so nothing can be scored.");
        }

        var first = scored.Min(pair => pair.Hour.IssuedAt);
        ForecastHour[] past = [.. hours.Where(hour => hour.DateHour.AddHours(1) <= first)];
        if (!past.Any(hour => hour.TargetShare is not null))
        {
            throw new ForecastingException(string.Create(
                CultureInfo.InvariantCulture,
                $"No hour with energy lies before {first.UtcDateTime:yyyy-MM-dd HH:mm}Z, when the first prediction was issued, ")
                + "so no reference can be fitted.");
        }

        say?.Invoke(Sentence(request, scored.Length, predictions.Count, past));
        return await ScoreAsync(request, scored, past, features, cancellationToken);
    }

    private static (ForecastHour Hour, Prediction Prediction)[] Match(
        IReadOnlyList<Prediction> predictions, IReadOnlyList<ForecastHour> hours, EvaluationRequest request)
    {
        var known = hours.ToDictionary(hour => (hour.FacilityCode, hour.IssuedAt, hour.DateHour));
        var farms = hours.Select(hour => hour.FacilityCode).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        return [.. predictions.Select(prediction => (Find(prediction), prediction))];

        ForecastHour Find(Prediction prediction)
        {
            if (known.TryGetValue((prediction.FacilityCode, prediction.IssuedAt, prediction.DateHour), out var hour))
            {
                return hour;
            }

            throw new ForecastingException(farms.Contains(prediction.FacilityCode, StringComparer.Ordinal)
                ? $"{request.File}:{prediction.Line} predicts an hour that {FeatureTable.Contract} does not have for {request.Horizon}: "
                    + $"{prediction}; expected forecasts of {request.Horizon.Meaning}, for hours with some sun."
                : $"{request.File}:{prediction.Line} names the farm '{prediction.FacilityCode}', of which {FeatureTable.Contract} has no hours "
                    + $"of {request.Horizon}; it has {string.Join(", ", farms)}.");
        }
    }

    private static string Sentence(EvaluationRequest request, int scored, int all, ForecastHour[] past) => string.Create(
        CultureInfo.InvariantCulture,
        $"{request.Name} for {request.Horizon}: {scored:N0} of {all:N0} predictions are of hours with valid energy and are scored; "
        + $"the references are fitted on the {past.Count(hour => hour.TargetShare is not null):N0} forecasts of hours from "
        + $"{past.Min(hour => hour.DateHour):yyyy-MM-dd} to {past.Max(hour => hour.DateHour):yyyy-MM-dd}, "
        + $"all before the first of them was issued.");

    private async Task<EvaluationOutcome> ScoreAsync(
        EvaluationRequest request, (ForecastHour Hour, Prediction Prediction)[] scored, ForecastHour[] past, FeatureSnapshot features,
        CancellationToken cancellationToken)
    {
        ForecastHour[] hours = [.. scored.Select(pair => pair.Hour)];
        var run = (await services.Tracking.BeginAsync(
            TrainingRun.Experiment, $"evaluate {request.Name} {request.Horizon}",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["pvlake.features.sources"] = features.Sources },
            cancellationToken)).RunId;
        try
        {
            await services.Tracking.LogBatchAsync(run, new() { Params = Parameters(request, features) }, cancellationToken);
            await using (var file = File.OpenRead(request.File))
            {
                await services.Tracking.UploadArtifactAsync(run, "predictions.csv", file, cancellationToken);
            }

            var nights = await NightHours.ReadAsync(lake, request.Horizon, hours, cancellationToken);
            var scorer = new ForecastScorer(hours, nights, References.Fit(past));
            Forecast[] forecasts = [.. scored.Select(pair => Forecast(pair.Hour, pair.Prediction))];
            ForecastScore[] scores = [.. scorer.Of(request.Name, forecasts), .. scorer.OfReferences()];
            var evaluated = new Evaluated(
                run, lake.Clock.GetUtcNow(), request.Horizon, features.Weather,
                hours.Min(hour => hour.DateHour), hours.Max(hour => hour.DateHour).AddHours(1));
            await services.Tracking.LogBatchAsync(
                run, new() { Metrics = ScoreStore.MetricsOf(scores, request.Name, evaluated.ScoredAt) }, cancellationToken);
            await new ForecastPlots(request.Name, request.Horizon, hours, forecasts, scores)
                .UploadAsync(services.Tracking, run, importances: null, cancellationToken);
            await ScoreStore.WriteAsync(lake, scores, evaluated, cancellationToken);
            await services.Tracking.EndAsync(run, RunStatus.Finished, lake.Clock, cancellationToken);
            return new(run, scores, evaluated);
        }
        catch (Exception fault)
        {
            await services.Tracking.TryEndAsync(run, fault, lake.Clock);
            throw;
        }
    }

    private static Dictionary<string, string> Parameters(EvaluationRequest request, FeatureSnapshot features) => new(StringComparer.Ordinal)
    {
        [RunRecord.Horizon] = request.Horizon.Name,
        [RunRecord.Weather] = FeatureTable.Weather(features.Weather),
        [Name] = request.Name,
        ["evaluation.file"] = Path.GetFileName(request.File),
        ["evaluation.features_snapshot"] = features.SnapshotId.ToString(CultureInfo.InvariantCulture),
    };

    private static Forecast Forecast(ForecastHour hour, Prediction prediction)
    {
        var capacity = hour.CapacityMwh!.Value;
        return new(prediction.EnergyMwh / capacity, [.. prediction.Quantiles.Select(value => value / capacity)]);
    }
}

/// <summary>An evaluation that was kept.</summary>
/// <param name="RunId">The run, as tracking knows it.</param>
/// <param name="Scores">Scores of the predictions and of the references.</param>
/// <param name="Evaluated">What was scored.</param>
public sealed record EvaluationOutcome(string RunId, IReadOnlyList<ForecastScore> Scores, Evaluated Evaluated);
