using PvLakehouse.Forecasting.Evaluation;

namespace PvLakehouse.Forecasting.Tests.Evaluation;

public sealed class QuantileScoresTests
{
    private static readonly DateTimeOffset Noon = new(2025, 1, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly double[] Tens = [10, 20, 30, 40, 50, 60, 70, 80, 90];

    [Fact]
    public void The_loss_of_nine_levels_by_hand()
    {
        // Levels 0.1 to 0.9 said 10 to 90 and 50 happened: 0.1 x 40 + 0.2 x 30 + 0.3 x 20 + 0.4 x 10 + 0, and the same again above.
        // 40 in all, 40 / 9 on average, 0.0444 of a capacity of 100.
        var scores = QuantileScores.Of([Hour(50, Tens)])!;

        Assert.Equal((0.0444, 0.0889, 1.0, 0.8), (Math.Round(scores.Pinball, 4), Math.Round(scores.Crps, 4), scores.Coverage, scores.Width));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 1], scores.Reliability);
    }

    [Fact]
    public void What_happens_as_often_as_was_said_is_reliable()
    {
        // 5, 15 to 95 fall each into one of the ten gaps between the levels: eight of ten within the outermost, tenths below each level.
        var scores = QuantileScores.Of(Enumerable.Range(0, 10).Select(i => Hour(5 + (10 * i), Tens)))!;

        Assert.Equal(0.8, scores.Coverage, precision: 12);
        Assert.Equal(QuantileLevels.All.Select(level => Math.Round(level, 12)), scores.Reliability.Select(share => Math.Round(share, 12)));
    }

    [Fact]
    public void The_loss_is_least_where_the_level_says()
    {
        // Of 1 to 99 the value that 30 % lie below is 30.
        double Loss(double said) => Enumerable.Range(1, 99).Average(happened => QuantileScores.Loss(0.3, said, happened));

        Assert.Equal(30, Enumerable.Range(1, 99).MinBy(said => Loss(said)));
    }

    [Fact]
    public void Point_forecasts_have_no_such_score_and_disordered_quantiles_are_refused()
    {
        Assert.Null(QuantileScores.Of([Hour(50, [])]));
        Assert.StartsWith("The forecast of AVLSF for 2025-01-01 02:00:00Z has 1 quantiles; expected 9.",
            Assert.Throws<ArgumentException>(() => QuantileScores.Of([Hour(50, [1])])).Message, StringComparison.Ordinal);
        Assert.Contains("are 10, 20, 30, 40, 50, 60, 70, 80, 5; expected them ascending.",
            Assert.Throws<ArgumentException>(() => QuantileScores.Of([Hour(50, [.. Tens[..8], 5])])).Message, StringComparison.Ordinal);
    }

    private static ScoredHour Hour(double actual, IReadOnlyList<double> quantiles) =>
        new("AVLSF", Noon.AddDays(-1), Noon, 100, actual, 50) { Quantiles = quantiles };
}
