using Microsoft.Extensions.Time.Testing;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Monitoring;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tests.Lakes;
using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Tests.Monitoring;

/// <summary>Challengers, and what becomes of them.</summary>
public sealed class RetrainingTests(SimulatedLake lake) : ChampionTests(lake)
{
    private const string Model = "pv-energy-day_ahead_10";

    private static readonly RetrainRequest Ridge = new() { Horizon = Horizon.DayAheadMorning, Learner = "ridge" };

    private readonly FakeTimeProvider _clock = new(new(2025, 3, 17, 6, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_challenger_that_wins_becomes_champion_and_nothing_is_left_to_do()
    {
        var hardly = await ChampionAsync("lightgbm", split: null, Hardly);

        var decision = await RetrainAsync(Ridge);

        Assert.NotNull(decision);
        Assert.True(decision.Promoted);
        Assert.Equal((hardly.Version.Version, 2), (decision.ChampionVersion, decision.ChallengerVersion));
        Assert.Contains("The skill against the reference is -", decision.Cause, StringComparison.Ordinal);
        Assert.StartsWith("Version 2 errs less than version 1 on the ", decision.Reason, StringComparison.Ordinal);
        // The champion's error on these hours is that of its own test, which is of the same hours.
        Assert.Equal(
            hardly.Scores.First(score => score is { Model: "lightgbm", Subset: "daylight", By: "all" }).Points.NormalisedRmse,
            decision.Compared!.ChampionNrmse, 12);
        Assert.Equal(1 - (decision.Compared.ChallengerNrmse / decision.Compared.ChampionNrmse), decision.Compared.Gain.Skill, 12);
        var champion = await AliasAsync(ModelAlias.Champion);
        Assert.Equal(2, champion!.Version);
        Assert.Equal(
            ("promoted", decision.Reason, decision.Reason, "1"),
            (champion.Tags[Retraining.DecisionTag], champion.Tags[Retraining.ReasonTag], champion.Tags["pvlake.champion.reason"],
                champion.Tags["pvlake.champion.after"]));
        Assert.Null(await AliasAsync(ModelAlias.Challenger));
        Assert.Equal(decision, await DecisionTable.FindAsync(Lake, champion.RunId!, Token));
        // The new champion passes.
        Assert.Null(await RetrainAsync(Ridge));
        Assert.Equal(2, await VersionsAsync());
    }

    [Fact]
    public async Task A_challenger_that_loses_is_not_promoted_and_the_reason_says_why()
    {
        await ChampionAsync("ridge");

        var decision = await RetrainAsync(new()
        {
            Horizon = Horizon.DayAheadMorning,
            Force = true,
            Learner = "lightgbm",
            Parameters = Hardly.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
        });

        Assert.NotNull(decision);
        Assert.False(decision.Promoted);
        Assert.Contains("Asked for; no check fails.", decision.Cause, StringComparison.Ordinal);
        Assert.StartsWith("Version 2 errs more than version 1 on the ", decision.Reason, StringComparison.Ordinal);
        Assert.True(decision.Compared!.ChallengerNrmse > decision.Compared.ChampionNrmse);
        Assert.Equal(1, (await AliasAsync(ModelAlias.Champion))!.Version);
        var challenger = await AliasAsync(ModelAlias.Challenger);
        Assert.Equal(
            (2, "not promoted", decision.Reason),
            (challenger!.Version, challenger.Tags[Retraining.DecisionTag], challenger.Tags[Retraining.ReasonTag]));
        // It is decided on: the next call trains another one.
        Assert.Equal(3, (await RetrainAsync(Ridge with { Force = true }))!.ChallengerVersion);
    }

    [Fact]
    public async Task The_same_model_again_is_not_better_than_itself()
    {
        await ChampionAsync("ridge");

        var decision = await RetrainAsync(new() { Horizon = Horizon.DayAheadMorning, Force = true });

        // Learner, parameters, features and split are those of the champion.
        Assert.Equal((0.0, 0.0, 0.0), (decision!.Compared!.Gain.Skill, decision.Compared.Gain.Low, decision.Compared.Gain.High));
        Assert.False(decision.Promoted);
        Assert.StartsWith("Version 2 errs neither less nor more than version 1, beyond chance,", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenger_that_was_left_undecided_is_compared_and_none_is_trained()
    {
        await ChampionAsync("lightgbm", split: null, Hardly);
        // Killed after the challenger got its alias.
        var left = await TrainAsync("ridge");
        await Services.Registry.PromoteAsync(
            Model, left.Version.Version, ModelAlias.Challenger, "Trained before the lights went out.", Token);

        var decision = await RetrainAsync(Ridge);

        Assert.Equal((2, true, "Trained before the lights went out."), (decision!.ChallengerVersion, decision.Promoted, decision.Cause));
        Assert.Equal(2, (await AliasAsync(ModelAlias.Champion))!.Version);
        Assert.Equal(2, await VersionsAsync());
    }

    [Fact]
    public async Task A_decision_that_was_not_carried_out_is_carried_out_as_it_was_made()
    {
        await ChampionAsync("lightgbm", split: null, Hardly);
        var decided = await RetrainAsync(Ridge);
        // Killed after the decision was written: both aliases are where they were, and the version says nothing yet.
        await Services.Registry.SetAliasAsync(Model, ModelAlias.Champion, 1, Token);
        await Services.Registry.SetAliasAsync(Model, ModelAlias.Challenger, 2, Token);
        await Services.Registry.DeleteModelVersionTagAsync(Model, 2, Retraining.DecisionTag, Token);
        _clock.Advance(TimeSpan.FromHours(3));

        var again = await RetrainAsync(Ridge);

        // An instant of three hours later would show a second decision.
        Assert.Equal(decided, again);
        Assert.Equal(2, (await AliasAsync(ModelAlias.Champion))!.Version);
        Assert.Null(await AliasAsync(ModelAlias.Challenger));
        Assert.Equal(2, await VersionsAsync());
    }

    [Fact]
    public async Task A_decision_against_another_champion_is_made_again()
    {
        await ChampionAsync("lightgbm", split: null, Hardly);
        await RetrainAsync(Ridge);
        await Services.Registry.SetAliasAsync(Model, ModelAlias.Challenger, 2, Token);
        await Services.Registry.DeleteModelVersionTagAsync(Model, 2, Retraining.DecisionTag, Token);
        // Before it was carried out somebody made a third version champion, which is the same model.
        await ChampionAsync("ridge");

        var again = await RetrainAsync(Ridge);

        Assert.Equal((3, 2, false), (again!.ChampionVersion, again.ChallengerVersion, again.Promoted));
        Assert.Equal(3, (await AliasAsync(ModelAlias.Champion))!.Version);
    }

    [Fact]
    public async Task Too_few_hours_to_compare_are_said_before_anything_is_trained()
    {
        // The champion has seen all but the last days: forecasts issued from 12 March on are for 13 to 16 March.
        await ChampionAsync("ridge", new(At(1), At(10), TimeSpan.FromDays(2)));

        var refused = await Assert.ThrowsAsync<ForecastingException>(() => RetrainAsync(Ridge with { Force = true }));

        Assert.Matches(
            "[345] of the newest days have energy and were seen neither by the challenger nor by version 1; expected 6 or more", refused.Message);
        Assert.Equal(1, await VersionsAsync());

        static DateTimeOffset At(int day) => new(2025, 3, day, 0, 0, 0, TimeSpan.Zero);
    }

    [Fact]
    public async Task Without_a_champion_there_is_nobody_to_challenge()
    {
        var refused = await Assert.ThrowsAsync<ForecastingException>(() => RetrainAsync(Ridge with { Force = true }));

        Assert.Contains("has no champion", refused.Message, StringComparison.Ordinal);
    }

    private Task<RetrainDecision?> RetrainAsync(RetrainRequest request) =>
        new Retraining(Lake with { Clock = _clock }, Services, MonitorThresholds.Usual with { FewestDays = 6 })
            .RunAsync(request, say: null, Token);

    private Task<ModelVersion?> AliasAsync(string alias) => Services.Registry.FindByAliasAsync(Model, alias, Token);

    private async Task<int> VersionsAsync() =>
        (await Services.Registry.SearchModelVersionsAsync(SearchQuery.Everything, Token)).Items.Count;
}
