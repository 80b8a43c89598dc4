using Microsoft.Extensions.Time.Testing;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Tests.Lakes;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Forecasting.Tuning;

namespace PvLakehouse.Forecasting.Tests.Tuning;

/// <summary>From a request to the trained winner, every candidate on record.</summary>
public sealed class TuningRunTests(SimulatedLake lake) : TrackedTests(lake)
{
    private static readonly TuningRequest Ridge = new() { Horizon = Horizon.DayAheadMorning, Learner = "ridge", Candidates = 9 };

    [Fact]
    public async Task Every_candidate_is_a_run_below_the_search_and_the_best_is_trained()
    {
        var outcome = await TuneAsync(Ridge);

        var runs = await RunsAsync();
        var search = runs[outcome.RunId];
        var candidates = runs.Values.Where(run => run.Data.Tags.GetValueOrDefault(SystemTags.ParentRunId) == outcome.RunId && run.Info.RunId != outcome.Training.RunId).ToArray();
        Assert.Equal(9, candidates.Length);
        Assert.All(runs.Values, run => Assert.Equal(RunStatus.Finished, run.Info.Status));
        // Three rungs of 9, 3 and 1: 6 candidates have one value, 2 have two, 1 has three.
        var histories = new List<Metric[]>();
        foreach (var candidate in candidates)
        {
            histories.Add([.. await Services.Tracking.GetMetricHistoryAsync(candidate.Info.RunId, TuningRun.Metric, Token).ToArrayAsync(Token)]);
        }

        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 2, 3], histories.Select(history => history.Length).Order());
        // Whoever goes on is among the best three of its rung.
        var first = histories.Select(history => history[0].Value).Order().ToArray();
        Assert.All(histories.Where(history => history.Length > 1), history => Assert.True(history[0].Value <= first[2]));
        Assert.Equal(9, candidates.Select(candidate => candidate.Data.Params["ridge.penalty"]).Distinct(StringComparer.Ordinal).Count());

        var winner = runs[search.Data.Tags[TuningRun.WinnerTag]];
        Assert.Equal(3, outcome.Winner.Errors.Count);
        Assert.Equal(outcome.Winner.Errors[^1], winner.Data.Metrics[TuningRun.Metric].Value);
        Assert.Equal(outcome.Winner.Errors[^1], search.Data.Metrics[TuningRun.Metric].Value);
        Assert.Equal(winner.Data.Params["ridge.penalty"], search.Data.Params["ridge.penalty"]);
        var training = runs[search.Data.Tags[TuningRun.TrainingTag]];
        Assert.Equal(outcome.Training.RunId, training.Info.RunId);
        Assert.Equal(winner.Data.Params["ridge.penalty"], training.Data.Params["ridge.penalty"]);
        Assert.Equal(outcome.RunId, training.Data.Tags[SystemTags.ParentRunId]);
        Assert.Equal(training.Info.RunId, outcome.Training.Version.RunId);
        Assert.Equal(training.Data.Params["test_from"], search.Data.Params["tuning.test_from"]);
    }

    [Fact]
    public async Task The_same_seed_finds_the_same()
    {
        var request = Ridge with { Candidates = 4, Seed = 5 };

        var (first, second) = (await TuneAsync(request), await TuneAsync(request));

        Assert.Equal(first.Winner.Number, second.Winner.Number);
        Assert.Equal(first.Candidates.Select(Text), second.Candidates.Select(Text));
        var other = await TuneAsync(request with { Seed = 6 });
        Assert.NotEqual(first.Candidates.Select(Text), other.Candidates.Select(Text));

        static string Text(Candidate candidate) => $"{string.Join(' ', candidate.Settings.Parameters)}: {string.Join(' ', candidate.Errors)}";
    }

    [Fact]
    public async Task When_the_budget_ends_the_best_so_far_wins_and_a_sentence_says_so()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(55));
        var said = new List<string>();

        // After the first rung of three the time is over.
        var outcome = await new TuningRun(new(Lake.Catalog, Lake.Engine, clock), Services).RunAsync(Ridge, Say, Token);

        Assert.True(outcome.EndedEarly);
        Assert.Contains("The budget of 10 minutes ended after 9 of 13 judgements: the best so far wins.", said);
        Assert.Equal(outcome.Candidates.Min(candidate => candidate.Errors[0]), outcome.Winner.Errors.Single());
        Assert.All((await RunsAsync()).Values, run => Assert.Equal(RunStatus.Finished, run.Info.Status));

        void Say(string sentence)
        {
            said.Add(sentence);
            if (sentence.StartsWith("Rung 1 of 3", StringComparison.Ordinal))
            {
                clock.Advance(TimeSpan.FromMinutes(10));
            }
        }
    }

    [Fact]
    public async Task A_budget_too_short_for_anything_leaves_the_usual_settings()
    {
        var said = new List<string>();
        var clock = new EndingClock();

        var outcome = await new TuningRun(new(Lake.Catalog, Lake.Engine, clock), Services).RunAsync(Ridge, said.Add, Token);

        Assert.Contains("The budget of 10 minutes ended after 0 of 13 judgements: the learner's usual settings are taken unjudged.", said);
        Assert.Equal("0.001", outcome.Winner.Settings.Parameters["penalty"]);
        Assert.Equal("0.001", (await RunsAsync())[outcome.Training.RunId].Data.Params["ridge.penalty"]);
    }

    [Fact]
    public async Task A_search_that_is_stopped_leaves_no_open_run()
    {
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new TuningRun(Lake, Services).RunAsync(
            Ridge, sentence => { if (sentence.StartsWith("Rung 2", StringComparison.Ordinal)) { stop.Cancel(); } }, stop.Token));

        var runs = (await RunsAsync()).Values;
        // The search itself and the three of the second rung.
        Assert.Equal(4, runs.Count(run => run.Info.Status == RunStatus.Killed));
        Assert.DoesNotContain(runs, run => run.Info.Status == RunStatus.Running);
    }

    [Theory]
    [InlineData(1, 10, 42, "A search among 1 candidates is none; expected 2 to 1000.")]
    [InlineData(1001, 10, 42, "A search among 1001 candidates is none; expected 2 to 1000.")]
    [InlineData(9, 0, 42, "The budget is 0 minutes; expected more than 0 and up to 10080, a week.")]
    [InlineData(9, 10081, 42, "The budget is 10081 minutes; expected more than 0 and up to 10080, a week.")]
    [InlineData(9, 10, -1, "The seed is -1; expected 0 or more.")]
    public async Task Nonsense_is_refused_before_anything_is_recorded(int candidates, double minutes, int seed, string sentence)
    {
        var request = Ridge with { Candidates = candidates, Budget = TimeSpan.FromMinutes(minutes), Seed = seed };

        var refused = await Assert.ThrowsAsync<ForecastingException>(() => TuneAsync(request));

        Assert.Equal(sentence, refused.Message);
        Assert.Null(await Services.Tracking.FindExperimentAsync(TrainingRun.Experiment, Token));
    }

    private Task<TuningOutcome> TuneAsync(TuningRequest request) => new TuningRun(Lake, Services).RunAsync(request, say: null, Token);

    private async Task<Dictionary<string, Run>> RunsAsync()
    {
        var experiment = await Services.Tracking.FindExperimentAsync(TrainingRun.Experiment, Token);
        return (await Services.Tracking.SearchRunsAsync([experiment!.ExperimentId], SearchQuery.Everything, Token)).Items.ToDictionary(run => run.Info.RunId);
    }

    /// <summary>A clock whose timers are over as soon as they are set.</summary>
    private sealed class EndingClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return base.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
