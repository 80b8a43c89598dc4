using System.Globalization;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tuning;

/// <summary>The candidates of a search on their way up the rungs, each a run below the search's own.</summary>
/// <param name="tracking">Where the runs are kept.</param>
/// <param name="clock">Measures the budget.</param>
/// <param name="request">The search.</param>
/// <param name="search">Its run.</param>
/// <param name="judge">Judges a candidate.</param>
internal sealed class Climb(ITrackingStore tracking, TimeProvider clock, TuningRequest request, RunInfo search, FoldJudge judge)
{
    private readonly Dictionary<int, string> _runs = [];
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>Runs of candidates that have not ended.</summary>
    public IEnumerable<string> Open => _open;

    /// <summary>Whether the budget ended before the last rung did.</summary>
    public bool EndedEarly { get; private set; }

    /// <summary>The run of a candidate; null when its turn never came.</summary>
    public string? RunOf(Candidate candidate) => _runs.GetValueOrDefault(candidate.Number);

    /// <summary>Lets candidates climb for as long as the budget lasts.</summary>
    /// <param name="candidates">The candidates, as they were drawn.</param>
    /// <param name="say">Told of each rung, and of who leads it; null for nobody.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The candidates with their errors.</returns>
    public async Task<IReadOnlyList<Candidate>> RunAsync(Candidate[] candidates, Action<string>? say, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(request.Budget, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        var rungs = Halving.Of(candidates.Length);
        var all = candidates.ToDictionary(candidate => candidate.Number);
        try
        {
            foreach (var (index, rung) in rungs.Index())
            {
                Candidate[] climbers = [.. Candidate.Ranked(all.Values).Take(rung.Candidates)];
                await EndAsync(
                    all.Values.ExceptBy(climbers.Select(climber => climber.Number), candidate => candidate.Number), cancellationToken);
                var least = double.PositiveInfinity;
                foreach (var candidate in climbers)
                {
                    either.Token.ThrowIfCancellationRequested();
                    var run = RunOf(candidate) ?? await BeginAsync(candidate, cancellationToken);
                    var error = judge.Judge(candidate.Settings, rung.Share, either.Token);
                    all[candidate.Number] = candidate with { Errors = [.. candidate.Errors, error] };
                    await LogAsync(run, index, rung.Share, error, cancellationToken);
                    if (error < least)
                    {
                        least = error;
                        say?.Invoke(string.Create(
                            CultureInfo.InvariantCulture, $"Candidate {candidate.Number} has an nRMSE of {error:P2}, the least of its rung so far."));
                    }
                }

                say?.Invoke(Sentence(index, rungs, Candidate.Ranked(all.Values).First()));
            }
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            EndedEarly = true;
            var judged = all.Values.Sum(candidate => candidate.Errors.Count);
            say?.Invoke(string.Create(
                CultureInfo.InvariantCulture,
                $"The budget of {request.Budget.TotalMinutes:0.##} minutes ended after {judged} of "
                + $"{rungs.Sum(rung => rung.Candidates)} judgements: ")
                + (judged > 0 ? "the best so far wins." : "the learner's usual settings are taken unjudged."));
        }

        await EndAsync(all.Values, cancellationToken);
        return [.. all.Values];
    }

    private string Sentence(int index, IReadOnlyList<Rung> rungs, Candidate best) => string.Create(
        CultureInfo.InvariantCulture,
        $"Rung {index + 1} of {rungs.Count}: {rungs[index].Candidates} judged with {rungs[index].Share:P1} of the "
        + $"{LearnerCatalogue.Find(request.Learner).Resource ?? "rows"}; "
        + $"the best, candidate {best.Number}, has an nRMSE of {best.Errors[^1]:P2}.");

    private async Task<string> BeginAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        var run = (await tracking.CreateRunAsync(
            new()
            {
                ExperimentId = search.ExperimentId,
                RunName = string.Create(CultureInfo.InvariantCulture, $"{search.RunName} {candidate.Number}"),
                Tags = new Dictionary<string, string>(StringComparer.Ordinal) { [SystemTags.ParentRunId] = search.RunId },
            },
            cancellationToken)).Info.RunId;
        _runs.Add(candidate.Number, run);
        _open.Add(run);
        var parameters = RunRecord.ParametersOf(candidate.Settings);
        parameters.Add(RunRecord.Learner, request.Learner);
        parameters.Add(RunRecord.Horizon, request.Horizon.Name);
        await tracking.LogBatchAsync(run, new() { Params = parameters }, cancellationToken);
        return run;
    }

    private async Task LogAsync(string run, int rung, double share, double error, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await tracking.LogBatchAsync(
            run, new() { Metrics = [new(TuningRun.Metric, error, now, rung), new(TuningRun.ShareMetric, share, now, rung)] },
            cancellationToken);
    }

    /// <summary>Ends the runs of those that climb no further; one that was never judged counts as killed.</summary>
    private async Task EndAsync(IEnumerable<Candidate> candidates, CancellationToken cancellationToken)
    {
        foreach (var candidate in candidates)
        {
            if (RunOf(candidate) is { } run && _open.Contains(run))
            {
                await tracking.EndAsync(run, candidate.Errors.Count > 0 ? RunStatus.Finished : RunStatus.Killed, clock, cancellationToken);
                _open.Remove(run);
            }
        }
    }
}
