using System.Globalization;
using System.Text;
using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Plots;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Scoring;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Pipeline.Forecasts;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Training;

/// <summary>Trains a model, scores it on hours that it has not seen, and keeps all of it: the run, the model, its version, the scores.</summary>
/// <remarks>
/// The order makes every interruption harmless: a model's files come before its version, the version before its scores. What a killed run leaves is a run
/// that counts as killed and, at most, a version that no alias names.
/// </remarks>
/// <param name="lake">The lake.</param>
/// <param name="services">Tracking and registry.</param>
public sealed class TrainingRun(Lake lake, TrackingServices services)
{
    /// <summary>The experiment that all trainings belong to.</summary>
    public const string Experiment = "solar_energy_forecast";

    /// <summary>The name under which models of a class are registered.</summary>
    public static string ModelName(Horizon horizon) => $"pv-energy-{horizon}";

    /// <summary>Runs a training.</summary>
    /// <param name="request">What is to be trained.</param>
    /// <param name="say">Told, in a sentence each, what is being done; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work; the run then counts as killed.</param>
    /// <exception cref="ForecastingException">Nothing can be learned.</exception>
    /// <exception cref="TrackingException">Tracking or the registry failed.</exception>
    public async Task<TrainingOutcome> RunAsync(TrainingRequest request, Action<string>? say, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var features = await FeatureSnapshot.FindAsync(lake, request.FeatureSnapshot, cancellationToken);
        var rows = await features.ReadAsync(lake, request.Horizon, cancellationToken);
        var split = request.Split ?? TimeSplit.Of([.. rows.Hours.Where(hour => hour.TargetShare is not null)]);
        var (training, validation) = (rows.Where(split.IsTraining), rows.Where(split.IsValidation));
        var test = rows.Where(hour => split.IsTest(hour) && hour is { TargetShare: not null, CapacityMwh: > 0 });
        if (test.Count == 0)
        {
            throw new ForecastingException($"No hour with energy lies after {split.TestFrom + split.Gap:yyyy-MM-dd}, so nothing could judge the model.");
        }

        // The settings with every default, so that the record is whole.
        var settings = LearnerCatalogue.Create(request.Learner).Settings;
        var run = await BeginAsync(request.Horizon, settings, features, split, cancellationToken);
        try
        {
            say?.Invoke(string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.Learner} for {request.Horizon}: {training.Count:N0} rows to learn from, {validation.Count:N0} to decide by, {test.Count:N0} to judge by."));
            var steps = new StepLog(lake.Clock);
            using var model = new ForecastTrainer(request.Horizon, settings).Train(training, validation, steps, cancellationToken);
            await services.Tracking.LogBatchAsync(run, new() { Metrics = steps.Metrics }, cancellationToken);
            var created = lake.Clock.GetUtcNow();
            await ModelRegistration.UploadAsync(services.Tracking, run, ForecastFiles.Of(model, created, features.Definition), cancellationToken);
            var version = await ModelRegistration.RegisterAsync(
                services.Registry, new() { Name = ModelName(request.Horizon), RunId = run, Description = Describe(settings, features) }, cancellationToken);

            say?.Invoke("Scoring.");
            var nights = await NightHours.ReadAsync(lake, request.Horizon, test.Hours, cancellationToken);
            var scorer = new ForecastScorer(test.Hours, nights, References.Fit(training.Hours));
            var forecasts = model.Predict(test);
            ForecastScore[] scores = [.. scorer.Of(settings.Learner, forecasts), .. scorer.OfReferences()];
            var evaluated = new Evaluated(
                run, created, request.Horizon, features.Weather, test.Hours.Min(hour => hour.DateHour), test.Hours.Max(hour => hour.DateHour).AddHours(1));
            await services.Tracking.LogBatchAsync(
                run, new() { Metrics = ScoreStore.MetricsOf(scores, settings.Learner, created) }, cancellationToken);
            var importances = PermutationImportance.Of(model, test, settings.Seed, cancellationToken);
            await new ForecastPlots(settings.Learner, request.Horizon, test.Hours, forecasts, scores)
                .UploadAsync(services.Tracking, run, importances, cancellationToken);
            await ScoreStore.WriteAsync(lake, scores, evaluated, cancellationToken);
            await WriteImportanceAsync(run, importances, features, cancellationToken);
            version = await PromoteFirstAsync(version, features, scores.First(score => score.Model == settings.Learner), say, cancellationToken);
            await new ModelDescriptions(lake, services).WriteAsync(version.Name, cancellationToken);
            await services.Tracking.EndAsync(run, RunStatus.Finished, lake.Clock, cancellationToken);
            return new(run, version, scores, evaluated);
        }
        catch (Exception fault)
        {
            await services.Tracking.TryEndAsync(run, fault, lake.Clock);
            throw;
        }
    }

    private async Task<string> BeginAsync(
        Horizon horizon, LearnerSettings settings, FeatureSnapshot features, TimeSplit split, CancellationToken cancellationToken)
    {
        var run = (await services.Tracking.BeginAsync(
            Experiment, $"{settings.Learner} {horizon}",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["pvlake.features.sources"] = features.Sources },
            cancellationToken)).RunId;
        await services.Tracking.LogBatchAsync(run, new() { Params = RunRecord.Of(horizon, settings, features, split) }, cancellationToken);
        using var learned = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', features.Learned)));
        await services.Tracking.UploadArtifactAsync(run, "features.txt", learned, cancellationToken);
        await features.KeepAsync(lake, run, cancellationToken);
        return run;
    }

    private async Task WriteImportanceAsync(
        string run, IReadOnlyList<FeatureImportance> importances, FeatureSnapshot features, CancellationToken cancellationToken)
    {
        var known = features.Definition is { } text
            ? FeatureSetFile.Parse(text, FeatureTable.DefinitionProperty).Features.ToDictionary(feature => feature.Name, StringComparer.Ordinal)
            : [];
        var now = Instants.ToMicroseconds(lake.Clock.GetUtcNow());
        await using var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken);
        await workspace.MergeAsync(
            FeatureImportances.Contract,
            importances.Select(importance => (object?[])
            [
                run, importance.Feature, known.GetValueOrDefault(importance.Feature)?.Category.ToString(), known.GetValueOrDefault(importance.Feature)?.Unit,
                importance.Gain, importance.Permutation, now, now,
            ]),
            cancellationToken);
    }

    /// <summary>Makes the version the champion when the model has none, so that there is something to forecast with; later ones have to win.</summary>
    private async Task<ModelVersion> PromoteFirstAsync(
        ModelVersion version, FeatureSnapshot features, ForecastScore score, Action<string>? say, CancellationToken cancellationToken)
    {
        // A perfect prog could forecast nothing: its features are never known in time.
        if (features.Weather == WeatherKind.Hindcast
            || await services.Registry.FindByAliasAsync(version.Name, ModelAlias.Champion, cancellationToken) is not null)
        {
            return version;
        }

        var reason = string.Create(
            CultureInfo.InvariantCulture, $"The first version; its skill against the reference is {score.Skill?.Skill:P1} over {score.Points.Hours:N0} daylight hours.");
        say?.Invoke($"Version {version.Version} is the champion of {version.Name}: {reason}");
        return await services.Registry.PromoteAsync(version.Name, version.Version, ModelAlias.Champion, reason, cancellationToken);
    }

    private static string Describe(LearnerSettings settings, FeatureSnapshot features) =>
        $"{settings.Learner} on {features.Learned.Count} features of the set '{features.Set}'"
        + (features.Weather == WeatherKind.Hindcast ? "; perfect prog: trained on weather as it turned out to be." : ".");

    /// <summary>Steps of learning as metrics.</summary>
    private sealed class StepLog(TimeProvider clock) : IProgress<TrainingStep>
    {
        public List<Metric> Metrics { get; } = [];

        public void Report(TrainingStep step)
        {
            Add("training", step.Training);
            Add("validation", step.Validation);

            void Add(string rows, double? value)
            {
                if (value is { } known)
                {
                    Metrics.Add(new($"{rows}.{step.Metric}", known, clock.GetUtcNow(), step.Step));
                }
            }
        }
    }
}

/// <summary>A training that was kept.</summary>
/// <param name="RunId">The run, as tracking knows it.</param>
/// <param name="Version">The version of the registered model.</param>
/// <param name="Scores">Scores of the model and of the references.</param>
/// <param name="Evaluated">What was scored.</param>
public sealed record TrainingOutcome(string RunId, ModelVersion Version, IReadOnlyList<ForecastScore> Scores, Evaluated Evaluated);
