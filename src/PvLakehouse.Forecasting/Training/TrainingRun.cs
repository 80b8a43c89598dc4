using System.Globalization;
using System.Text;
using PvLakehouse.Engine;
using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Iceberg.Spec;
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
            await ModelRegistration.UploadAsync(services.Tracking, run, ForecastFiles.Of(model, created), cancellationToken);
            var version = await ModelRegistration.RegisterAsync(
                services.Registry, new() { Name = ModelName(request.Horizon), RunId = run, Description = Describe(settings, features) }, cancellationToken);

            say?.Invoke("Scoring.");
            var nights = await NightHours.ReadAsync(lake, request.Horizon, test.Hours, cancellationToken);
            var scorer = new ForecastScorer(test.Hours, nights, References.Fit(training.Hours));
            ForecastScore[] scores = [.. scorer.Of(settings.Learner, model.Predict(test)), .. scorer.OfReferences()];
            var evaluated = new Evaluated(
                run, created, request.Horizon, features.Weather, test.Hours.Min(hour => hour.DateHour), test.Hours.Max(hour => hour.DateHour).AddHours(1));
            await services.Tracking.LogBatchAsync(run, new() { Metrics = MetricsOf(scores, settings.Learner, created) }, cancellationToken);
            await WriteAsync(scores, evaluated, cancellationToken);
            await EndAsync(run, RunStatus.Finished, cancellationToken);
            return new(run, version, scores, evaluated);
        }
        catch (Exception fault)
        {
            // The store may be what failed; the fault that is told is the first one.
            await TryEndAsync(run, fault is OperationCanceledException ? RunStatus.Killed : RunStatus.Failed);
            throw;
        }
    }

    private async Task<string> BeginAsync(
        Horizon horizon, LearnerSettings settings, FeatureSnapshot features, TimeSplit split, CancellationToken cancellationToken)
    {
        await services.Tracking.CloseAbandonedRunsAsync(cancellationToken);
        var experiment = await services.Tracking.FindExperimentAsync(Experiment, cancellationToken);
        var run = await services.Tracking.CreateRunAsync(
            new()
            {
                ExperimentId = experiment?.ExperimentId ?? await services.Tracking.CreateExperimentAsync(Experiment, cancellationToken: cancellationToken),
                RunName = $"{settings.Learner} {horizon}",
                Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["pvlake.features.sources"] = features.Sources },
            },
            cancellationToken);
        await services.Tracking.LogBatchAsync(
            run.Info.RunId, new() { Params = RunRecord.Of(horizon, settings, features, split) }, cancellationToken);
        using var learned = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', features.Learned)));
        await services.Tracking.UploadArtifactAsync(run.Info.RunId, "features.txt", learned, cancellationToken);
        await KeepAsync(features, run.Info.RunId, cancellationToken);
        return run.Info.RunId;
    }

    /// <summary>Names the snapshot that is learned from, so that it does not expire while the run may be repeated.</summary>
    private async Task KeepAsync(FeatureSnapshot features, string run, CancellationToken cancellationToken)
    {
        var table = await lake.Catalog.LoadTableAsync(FeatureTable.Contract.Identifier, cancellationToken);
        await table.ManageSnapshots().CreateTag($"run-{run}", features.SnapshotId).CommitAsync(cancellationToken);
    }

    private async Task WriteAsync(ForecastScore[] scores, Evaluated evaluated, CancellationToken cancellationToken)
    {
        await using var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken);
        await workspace.EnsureAsync(ScoreTable.Contract, cancellationToken);
        await workspace.Session.StageAsync(
            "scores",
            [.. ScoreTable.Contract.Columns.Select(column => new StagedColumn(column.Name, IcebergType.Parse(column.Type)))],
            scores.Select(score => ScoreTable.Row(score, evaluated)).ToAsyncEnumerable(),
            cancellationToken);
        await workspace.Session.MergeAsync(
            ScoreTable.Contract.Identifier, "SELECT * FROM scores", new() { KeyColumns = ScoreTable.Contract.Key }, cancellationToken);
    }

    private async Task EndAsync(string run, RunStatus status, CancellationToken cancellationToken) =>
        await services.Tracking.UpdateRunAsync(run, new() { Status = status, EndTime = lake.Clock.GetUtcNow() }, cancellationToken);

    private async Task TryEndAsync(string run, RunStatus status)
    {
        try
        {
            await EndAsync(run, status, CancellationToken.None);
        }
        catch (TrackingException)
        {
            // The next command closes it.
        }
    }

    private static string Describe(LearnerSettings settings, FeatureSnapshot features) =>
        $"{settings.Learner} on {features.Learned.Count} features of the set '{features.Set}'"
        + (features.Weather == WeatherKind.Hindcast ? "; perfect prog: trained on weather as it turned out to be." : ".");

    private static List<Metric> MetricsOf(IEnumerable<ForecastScore> scores, string learner, DateTimeOffset at)
    {
        var metrics = new List<Metric>();
        foreach (var score in scores.Where(score => score.Model == learner && score.By is ("all" or "lead")))
        {
            var prefix = $"test {score.Subset.Replace(",", "", StringComparison.Ordinal)}{(score.By == "all" ? "" : $" {score.Value}")}".Replace(' ', '.');
            Add("nmae", score.Points.NormalisedMae);
            Add("nrmse", score.Points.NormalisedRmse);
            Add("nmbe", score.Points.NormalisedMbe);
            Add("mae_mwh", score.Points.MaeMwh);
            Add("rmse_mwh", score.Points.RmseMwh);
            Add("r2", score.Points.RSquared);
            Add("skill", score.Skill?.Skill);
            Add("pinball", score.Quantiles?.Pinball);
            Add("coverage", score.Quantiles?.Coverage);

            void Add(string name, double? value)
            {
                if (value is { } known)
                {
                    metrics.Add(new($"{prefix}.{name}", known, at));
                }
            }
        }

        return metrics;
    }

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
