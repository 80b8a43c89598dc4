using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Tuning;

namespace PvLakehouse.Forecasting.Tests.Tuning;

/// <summary>Candidates are judged by later hours than those that they learn from, and never by the test.</summary>
public sealed class FoldJudgeTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_hundred_days_make_five_blocks_and_three_rounds()
    {
        var folds = BlockedFolds.Of(Start.AddHours(5), Start.AddDays(100), 3, TimeSpan.FromDays(2));

        // Blocks of almost 20 days, cut at midnight before: 20 January (day 20 at 4 o'clock is day 20), and so on.
        Assert.Equal(
            [(20, 40, 60), (40, 60, 80), (60, 80, 100)],
            folds.Select(fold => (Day(fold.Split.ValidationFrom), Day(fold.Split.TestFrom), Day(fold.To))));
        Assert.All(folds, fold => Assert.Equal(TimeSpan.FromDays(2), fold.Split.Gap));

        static int Day(DateTimeOffset instant) => (int)(instant - Start).TotalDays;
    }

    [Fact]
    public void A_round_judges_up_to_its_end()
    {
        var fold = new Fold(new(Hours.Noon.AddDays(10), Hours.Noon.AddDays(20), TimeSpan.FromDays(2)), Hours.Noon.AddDays(30));

        Assert.False(fold.IsJudged(Hours.Of(0.5, days: 21)));
        Assert.True(fold.IsJudged(Hours.Of(0.5, days: 22)));
        Assert.True(fold.IsJudged(Hours.Of(0.5, days: 30 - (1 / 24.0))));
        Assert.False(fold.IsJudged(Hours.Of(0.5, days: 30)));
    }

    [Fact]
    public void Too_few_days_are_refused()
    {
        var refused = Assert.Throws<ForecastingException>(() => BlockedFolds.Of(Start, Start.AddDays(14), 3, TimeSpan.FromDays(2)));

        Assert.Equal("14 days make 5 blocks of 2.8 days; expected blocks of 3 days or more, for each is judged without its first 2.", refused.Message);
    }

    [Fact]
    public void A_round_without_rows_is_refused()
    {
        var refused = Assert.Throws<ForecastingException>(() => Judge(Made(100, row => row % 2), hour => hour.DateHour < Start.AddDays(70)));

        Assert.Contains("Round 3 of cross-validation has 1440 rows to learn from, 192 to stop by and 0 in daylight to judge by", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forecast_of_the_mean_errs_by_the_deviation()
    {
        // 0.2 and 0.8 in turn: the mean is 0.5, the deviation 0.3. A penalty beyond all measure leaves the mean; almost none the truth.
        var judge = Judge(Made(100, row => row % 2));

        Assert.Equal(0.3, judge.Judge(Ridge("1e6"), 1, Token), tolerance: 1e-6);
        Assert.Equal(0.0, judge.Judge(Ridge("1e-9"), 1, Token), tolerance: 1e-6);
    }

    [Theory]
    [InlineData(0.001, 1)]
    [InlineData(0.002, 2)]
    [InlineData(0.01, 10)]
    public void A_share_of_the_trees_is_that_of_a_thousand(double share, int trees)
    {
        // One tree of two leaves tells 0.2 from 0.8. Of each tree 0.05 counts, so that 0.95 of the deviation of 0.3 is left, and so on.
        var settings = new LearnerSettings
        {
            Learner = "lightgbm",
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["learning_rate"] = "0.05", ["lambda_l2"] = "0", ["bagging_fraction"] = "1", ["feature_fraction"] = "1",
            },
        };

        Assert.Equal(0.3 * Math.Pow(0.95, trees), Judge(Made(100, row => row % 2)).Judge(settings, share, Token), tolerance: 1e-4);
    }

    [Theory]
    [InlineData("lightgbm")]
    [InlineData("random-forest")]
    [InlineData("ridge")]
    public void A_judgement_repeats_to_the_last_digit(string learner)
    {
        var (rows, settings) = (Made(100, row => row % 7 / 6.0, feature: row => row % 5), new LearnerSettings { Learner = learner });

        Assert.Equal(Judge(rows).Judge(settings, 0.1, Token), Judge(rows).Judge(settings, 0.1, Token));
    }

    [Fact]
    public void A_share_of_the_rows_is_drawn_from_all_the_time()
    {
        // The target is 0.2 in the first half of what is learned from in the first round, and 0.8 in the second: half of the rows still has the mean of all
        // rows, 0.5. What judges is always 0.8. In the next rounds the first 10 of 40 and of 60 days are low: means of 0.65 and 0.7.
        var rows = Made(100, row => row < 10 * 24 ? 0 : 1, feature: row => row % 2);

        var error = Judge(rows).Judge(Ridge("1e6"), 0.5, Token);

        Assert.Equal((0.3 + 0.15 + 0.1) / 3, error, tolerance: 0.01);
    }

    [Fact]
    public void Nothing_from_the_test_on_changes_a_judgement()
    {
        var rows = Made(120, row => row % 7 / 6.0, feature: row => row % 5);
        var test = Start.AddDays(100);
        var other = rows with { Hours = [.. rows.Hours.Select(hour => hour.DateHour >= test ? hour with { TargetShare = 0.99 } : hour)] };
        var earlier = rows with { Hours = [.. rows.Hours.Select(hour => hour.DateHour >= test.AddDays(-1) ? hour with { TargetShare = 0.99 } : hour)] };

        var error = Judge(rows).Judge(Ridge("0.1"), 1, Token);

        Assert.Equal(error, Judge(other).Judge(Ridge("0.1"), 1, Token));
        Assert.NotEqual(error, Judge(earlier).Judge(Ridge("0.1"), 1, Token));
    }

    private static FoldJudge Judge(ForecastRows rows, Func<ForecastHour, bool>? condition = null) => new(
        condition is null ? rows : rows.Where(condition), BlockedFolds.Of(Start, Start.AddDays(100), 3, TimeSpan.FromDays(2)));

    private static LearnerSettings Ridge(string penalty) =>
        new() { Learner = "ridge", Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["penalty"] = penalty } };

    /// <summary>An hour after the other, with a target of 0.2 where the truth is 0, of 0.8 where it is 1.</summary>
    private static ForecastRows Made(int days, Func<int, double> truth, Func<int, double>? feature = null) => new(
        [.. Enumerable.Range(0, days * 24).Select(row => Hours.Of(0.2 + (0.6 * truth(row))) with { IssuedAt = Start.AddHours(row), DateHour = Start.AddHours(row) })],
        new(["x"], [.. Enumerable.Range(0, days * 24).Select(feature ?? truth)]));
}
