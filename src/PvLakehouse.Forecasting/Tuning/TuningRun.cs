using System.Globalization;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Tuning;

/// <summary>Searches the settings of a learner within a budget of time, and trains the best as any other model.</summary>
/// <remarks>
/// Only hours before the test are looked at, so that the test judges the winner as it judges every model. Every candidate is a run below the
/// search's own.
/// </remarks>
/// <param name="lake">The lake.</param>
/// <param name="services">Tracking and registry.</param>
public sealed class TuningRun(Lake lake, TrackingServices services)
{
    /// <summary>
    /// Metric of a candidate by rung, and of the search: root mean square error of cross-validation as a share of AC capacity.
    /// </summary>
    public const string Metric = "cv.daylight.nrmse";

    /// <summary>Metric of a candidate by rung: the share of all trees, or rows, that it was judged with.</summary>
    public const string ShareMetric = "cv.share";

    /// <summary>Tag of the search: the run of the winning candidate.</summary>
    public const string WinnerTag = "pvlake.tuning.winner";

    /// <summary>Tag of the search: the run that trained the winner.</summary>
    public const string TrainingTag = "pvlake.tuning.training_run";

    private ITrackingStore Tracking => services.Tracking;

    /// <summary>Runs a search.</summary>
    /// <param name="request">What is to be searched.</param>
    /// <param name="say">Told, in a sentence each, what is being done; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work; the runs then count as killed.</param>
    /// <exception cref="ForecastingException">The request is out of its ranges, or nothing can be learned.</exception>
    /// <exception cref="TrackingException">Tracking or the registry failed.</exception>
    public async Task<TuningOutcome> RunAsync(TuningRequest request, Action<string>? say, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Require();
        var kind = LearnerCatalogue.Find(request.Learner);
        var candidates = RandomSearch.Draw(kind, request.Candidates, request.Seed).Index()
            .Select(drawn => new Candidate(drawn.Index + 1, LearnerCatalogue.Create(drawn.Item).Settings)).ToArray();
        var features = await FeatureSnapshot.FindAsync(lake, request.FeatureSnapshot, cancellationToken);
        var rows = (await features.ReadAsync(lake, request.Horizon, cancellationToken)).Where(hour => hour.TargetShare is not null);
        var split = request.Split ?? TimeSplit.Of(rows.Hours);
        if (rows.Count == 0 || rows.Hours.All(hour => hour.DateHour >= split.TestFrom))
        {
            throw new ForecastingException(
                $"No hour with energy lies before {split.TestFrom:yyyy-MM-dd}, where the test begins, so nothing can be searched.");
        }

        var folds = BlockedFolds.Of(rows.Hours.Min(hour => hour.DateHour), split.TestFrom, BlockedFolds.UsualCount, split.Gap);
        var judge = new FoldJudge(rows, folds);
        var search = await Tracking.BeginAsync(
            TrainingRun.Experiment, $"tune {kind.Name} {request.Horizon}",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["pvlake.features.sources"] = features.Sources }, cancellationToken);
        var climb = new Climb(Tracking, lake.Clock, request, search, judge);
        try
        {
            await Tracking.LogBatchAsync(search.RunId, new() { Params = Parameters(request, features, split) }, cancellationToken);
            await features.KeepAsync(lake, search.RunId, cancellationToken);
            var judged = await climb.RunAsync(candidates, say, cancellationToken);
            var winner = Candidate.Ranked(judged).First();
            say?.Invoke(Sentence(winner, request));
            var training = await new TrainingRun(lake, services).RunAsync(
                new() { Horizon = request.Horizon, Learner = winner.Settings, FeatureSnapshot = features.SnapshotId, Split = split },
                say, cancellationToken);
            await RecordAsync(search, climb, winner, training, cancellationToken);
            await Tracking.EndAsync(search.RunId, RunStatus.Finished, lake.Clock, cancellationToken);
            return new(search.RunId, winner, judged, climb.EndedEarly, training);
        }
        catch (Exception fault)
        {
            foreach (var open in climb.Open.Append(search.RunId))
            {
                await Tracking.TryEndAsync(open, fault, lake.Clock);
            }

            throw;
        }
    }

    private static Dictionary<string, string> Parameters(
        TuningRequest request, FeatureSnapshot features, TimeSplit split) => new(StringComparer.Ordinal)
    {
        [RunRecord.Horizon] = request.Horizon.Name,
        [RunRecord.Learner] = request.Learner,
        [RunRecord.Weather] = FeatureTable.Weather(features.Weather),
        ["tuning.candidates"] = Text(request.Candidates),
        ["tuning.minutes"] = Text(request.Budget.TotalMinutes),
        ["tuning.seed"] = Text(request.Seed),
        ["tuning.folds"] = Text(BlockedFolds.UsualCount),
        ["tuning.features_snapshot"] = Text(features.SnapshotId),
        ["tuning.test_from"] = split.TestFrom.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["tuning.gap_hours"] = Text(split.Gap.TotalHours),
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Sentence(Candidate winner, TuningRequest request)
    {
        var searched = LearnerCatalogue.Find(request.Learner).Parameters.Where(parameter => parameter.Search is not null)
            .Select(parameter => $"{parameter.Name}={winner.Settings.Parameters[parameter.Name]}");
        var error = winner.Errors.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"nRMSE {winner.Errors[^1]:P2} in cross-validation")
            : "not judged";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Best of {request.Candidates}: candidate {winner.Number}"
            + $"{(winner.Number == 1 ? ", the learner's usual settings" : "")}, {error}: {string.Join(", ", searched)}.");
    }

    private async Task RecordAsync(
        RunInfo search, Climb climb, Candidate winner, TrainingOutcome training, CancellationToken cancellationToken)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal) { [TrainingTag] = training.RunId };
        if (climb.RunOf(winner) is { } run)
        {
            tags.Add(WinnerTag, run);
        }

        await Tracking.LogBatchAsync(
            search.RunId,
            new()
            {
                Metrics = winner.Errors.Count > 0 ? [new(Metric, winner.Errors[^1], lake.Clock.GetUtcNow(), winner.Errors.Count - 1)] : [],
                Params = RunRecord.ParametersOf(winner.Settings),
                Tags = tags,
            },
            cancellationToken);
        await Tracking.LogBatchAsync(
            training.RunId,
            new() { Tags = new Dictionary<string, string>(StringComparer.Ordinal) { [SystemTags.ParentRunId] = search.RunId } },
            cancellationToken);
    }
}

/// <summary>A search that came to its end.</summary>
/// <param name="RunId">The run, as tracking knows it.</param>
/// <param name="Winner">The candidate that won.</param>
/// <param name="Candidates">All candidates, in the order in which they were drawn.</param>
/// <param name="EndedEarly">Whether the budget ended before all were judged.</param>
/// <param name="Training">The training of the winner.</param>
public sealed record TuningOutcome(
    string RunId, Candidate Winner, IReadOnlyList<Candidate> Candidates, bool EndedEarly, TrainingOutcome Training);
