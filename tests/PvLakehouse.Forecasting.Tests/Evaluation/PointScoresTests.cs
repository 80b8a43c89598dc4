using PvLakehouse.Forecasting.Evaluation;

namespace PvLakehouse.Forecasting.Tests.Evaluation;

public sealed class PointScoresTests
{
    private static readonly DateTimeOffset Noon = new(2025, 1, 1, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Errors_are_shares_of_capacity_and_energies_stay_energies()
    {
        // Errors of +10 and -30 MWh at a farm of 100 MW: 0.1 and -0.3. Squares 0.01 + 0.09 = 0.1, mean 0.05, root 0.2236.
        // Actual 50 and 30 have the mean 40 and the variation 100 + 100; squared errors 100 + 900: 1 - 1000 / 200 = -4.
        var scores = PointScores.Of([Hour(50, 60), Hour(30, 0)]);

        Assert.Equal((2, 0.2, -0.1, 20.0), (scores.Hours, Round(scores.NormalisedMae), Round(scores.NormalisedMbe), Round(scores.MaeMwh)));
        Assert.Equal((0.2236, 22.3607, -4.0), (Round(scores.NormalisedRmse), Round(scores.RmseMwh), Round(scores.RSquared!.Value)));
    }

    [Fact]
    public void A_small_farm_weighs_as_much_as_a_large_one()
    {
        // 5 of 10 MW and 50 of 100 MW are half of the capacity each.
        var scores = PointScores.Of([Hour(5, 10, capacity: 10), Hour(50, 100)]);

        Assert.Equal((0.5, 27.5), (scores.NormalisedMae, scores.MaeMwh));
    }

    [Fact]
    public void Nothing_is_explained_where_nothing_varies() => Assert.Null(PointScores.Of([Hour(50, 60), Hour(50, 40)]).RSquared);

    [Fact]
    public void No_hour_and_a_farm_without_capacity_are_refused()
    {
        Assert.Equal("Expected at least one hour to score. (Parameter 'hours')", Assert.Throws<ArgumentException>(() => PointScores.Of([])).Message);
        Assert.StartsWith(
            "AVLSF has an AC capacity of 0 MW at 2025-01-01 02:00:00Z; expected one above 0.",
            Assert.Throws<ArgumentException>(() => PointScores.Of([Hour(1, 1, capacity: 0)])).Message, StringComparison.Ordinal);
    }

    private static ScoredHour Hour(double actual, double predicted, double capacity = 100) =>
        new("AVLSF", Noon.AddDays(-1), Noon, capacity, actual, predicted);

    private static double Round(double value) => Math.Round(value, 4);
}
