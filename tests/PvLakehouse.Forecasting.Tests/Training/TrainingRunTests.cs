using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Tests.Lakes;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tests.Training;

/// <summary>From the feature table to a registered model with its scores.</summary>
public sealed class TrainingRunTests(SimulatedLake lake) : TrackedTests(lake)
{
    private static readonly TrainingRequest Ridge = new() { Horizon = Horizon.DayAheadMorning, Learner = new() { Learner = "ridge" } };

    [Fact]
    public async Task A_run_repeated_from_its_record_scores_the_same_to_the_last_digit()
    {
        foreach (var learner in (LearnerSettings[])
            [
                new() { Learner = "ridge" },
                new() { Learner = "lightgbm", Seed = 7, Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["num_iterations"] = "20" } },
            ])
        {
            var first = await TrainAsync(Ridge with { Learner = learner });

            var record = RunRecord.Read(await Services.Tracking.GetRunAsync(first.RunId, Token));
            var second = await TrainAsync(record);

            Assert.NotEqual(first.RunId, second.RunId);
            Assert.Equal(
                first.Scores.Select(score => (score.Model, score.Subset, score.By, score.Value, score.Points, score.Skill, score.Quantiles?.Pinball)),
                second.Scores.Select(score => (score.Model, score.Subset, score.By, score.Value, score.Points, score.Skill, score.Quantiles?.Pinball)));
            Assert.Equal(Metrics(await Services.Tracking.GetRunAsync(first.RunId, Token)), Metrics(await Services.Tracking.GetRunAsync(second.RunId, Token)));
        }

        // Steps are logged one by one as well; here only the newest value of each metric is compared, without when it was logged.
        static IEnumerable<(string, double)> Metrics(Run run) => run.Data.Metrics.Values.Select(metric => (metric.Key, metric.Value)).Order();
    }

    [Theory]
    [InlineData("lightgbm", "num_iterations", "10", 9)]
    [InlineData("ridge", "penalty", "0.01", 0)]
    public async Task A_registered_model_forecasts_as_the_one_that_was_trained(string learner, string parameter, string value, int levels)
    {
        var outcome = await TrainAsync(Ridge with
        {
            Learner = new() { Learner = learner, Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { [parameter] = value } },
        });
        var features = await FeatureSnapshot.FindAsync(Lake, snapshotId: null, Token);
        var rows = await features.ReadAsync(Lake, Horizon.DayAheadMorning, Token);

        using var loaded = await ForecastFiles.LoadAsync(
            (path, token) => Services.Registry.OpenFileAsync(outcome.Version.Name, outcome.Version.Version, path, token), Token);

        Assert.Equal(levels, loaded.Levels.Count);
        var split = outcome.Evaluated;
        var test = rows.Where(hour => hour.DateHour >= split.TestFrom && hour.DateHour < split.TestTo && hour.TargetShare is not null && hour.IssuedAt >= split.TestFrom.AddDays(-1));
        var forecasts = loaded.Predict(test);
        ScoredHour[] scoredHours = [.. test.Hours.Zip(forecasts).Where(pair => pair.First.IsDaylight).Select(pair => new ScoredHour(
            pair.First.FacilityCode, pair.First.IssuedAt, pair.First.DateHour, pair.First.CapacityMwh!.Value, pair.First.TargetMwh!.Value,
            pair.Second.Share * pair.First.CapacityMwh!.Value)
            { Quantiles = [.. pair.Second.Quantiles.Select(share => share * pair.First.CapacityMwh!.Value)] })];
        var scored = PointScores.Of(scoredHours);
        var known = outcome.Scores.First(score => score.Model == learner && score.By == "all" && score.Subset == ScoreSubset.Daylight);
        Assert.Equal(known.Points.Hours, scored.Hours);
        Assert.Equal(known.Points.NormalisedRmse, scored.NormalisedRmse, 12);
        Assert.Equal(known.Quantiles!.Pinball, QuantileScores.Of(scoredHours)!.Pinball, 12);
        Assert.All(forecasts, forecast => Assert.True(
            forecast.Quantiles.SequenceEqual(forecast.Quantiles.Order()) && forecast.Quantiles[0] >= 0 && forecast.Quantiles[^1] <= 1));
    }

    [Theory]
    [InlineData("{ \"horizon\": ")]
    [InlineData("null")]
    [InlineData("""{ "horizon": "intraday", "learner": "ridge", "parameters": {}, "seed": 1, "levels": [], "residuals": [[0.1]], "shifts": {} }""")]
    public async Task A_description_that_cannot_be_read_is_told(string json)
    {
        var fault = await Assert.ThrowsAsync<ForecastingException>(() => ForecastFiles.LoadAsync(
            (_, _) => Task.FromResult<Stream>(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))), Token));

        Assert.StartsWith("The model's file forecast.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scoreboard_shows_models_beside_all_references_on_the_same_hours()
    {
        await TrainAsync(Ridge);

        var board = Assert.Single(await Scoreboard.ReadAsync(Lake, ScoreSubset.Daylight, ("all", "all"), Token), board => board.Horizon == Horizon.DayAheadMorning);

        Assert.Equal(References.All.Order(StringComparer.Ordinal), board.Rows.Where(row => row.IsReference).Select(row => row.Model).Order(StringComparer.Ordinal));
        Assert.Contains(board.Rows, row => row.Model == "ridge");
        Assert.Single(board.Rows.Select(row => row.Hours).Distinct());
        Assert.Equal(board.Rows.OrderBy(row => row.NormalisedRmse), board.Rows);
        Assert.Null(board.Rows.First(row => row.Model == References.Convex).Skill);
        Assert.Contains("day_ahead_10: ", board.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_hours_are_day_and_night()
    {
        var outcome = await TrainAsync(Ridge);

        var all = outcome.Scores.First(score => score.Model == References.Persistence && score.Subset == ScoreSubset.AllHours).Points;
        // One forecast of each hour of each farm whose energy is valid, from the first to the last of the test: counted in gold.
        var hours = await Files.RowsAsync(
            $"""
            SELECT count(*) FROM iceberg.gold.fact_solar_environmental
            WHERE is_valid AND date_hour >= TIMESTAMPTZ '{outcome.Evaluated.TestFrom:yyyy-MM-dd HH:mm:ss}+00' AND date_hour < TIMESTAMPTZ '{outcome.Evaluated.TestTo:yyyy-MM-dd HH:mm:ss}+00'
            """);
        // Farms west and east see the sun at other hours, so some hours at the ends are not forecast yet or no more.
        Assert.InRange(all.Hours, long.Parse(hours[0], System.Globalization.CultureInfo.InvariantCulture) - 24, long.Parse(hours[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_run_that_fails_says_so_and_leaves_no_version()
    {
        var failed = await Assert.ThrowsAsync<ForecastingException>(() => TrainAsync(Ridge with { Split = new(Hours.Noon.AddDays(1), Hours.Noon.AddDays(40), TimeSpan.Zero) }));

        Assert.Contains("rows to learn from", failed.Message, StringComparison.Ordinal);
        var experiment = await Services.Tracking.FindExperimentAsync(TrainingRun.Experiment, Token);
        var run = Assert.Single((await Services.Tracking.SearchRunsAsync([experiment!.ExperimentId], SearchQuery.Everything, Token)).Items);
        Assert.Equal(RunStatus.Failed, run.Info.Status);
        Assert.Empty((await Services.Registry.SearchModelVersionsAsync(SearchQuery.Everything, Token)).Items);
    }

    [Fact]
    public async Task Features_that_are_gone_cannot_be_trained_on()
    {
        var refused = await Assert.ThrowsAsync<ForecastingException>(() => TrainAsync(Ridge with { FeatureSnapshot = 1 }));

        Assert.Contains("has no snapshot 1 any more", refused.Message, StringComparison.Ordinal);
    }

    private Task<TrainingOutcome> TrainAsync(TrainingRequest request) => new TrainingRun(Lake, Services).RunAsync(request, say: null, Token);
}
