using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tests.Training;

public sealed class CrossFittedMeansTests
{
    private static readonly LearnerSettings Ridge = new() { Learner = "ridge", Parameters = new Dictionary<string, string>(StringComparer.Ordinal), Seed = 1 };

    [Fact]
    public void Hours_are_forecast_by_what_was_learned_of_other_blocks()
    {
        // Four blocks of 14 days with energy 0.1, 0.2, 0.3 and 0.4, and a feature that says nothing of it. Without the first block and the two days
        // after it the mean of the others is (12 x 0.2 + 14 x 0.3 + 14 x 0.4) / 40, without the last (14 x 0.1 + 14 x 0.2 + 12 x 0.3) / 40.
        var rows = Rows(days: 56);

        var (hours, shares) = new CrossFittedMeans(Ridge).Of(rows, ForecastTrainer.Set(rows), TestContext.Current.CancellationToken);

        Assert.Equal(rows.Count, hours.Count);
        Assert.All(Of(0.1), share => Assert.Equal(0.305, share, 6));
        Assert.All(Of(0.4), share => Assert.Equal(0.195, share, 6));

        IEnumerable<double> Of(double target) => hours.Zip(shares).Where(pair => pair.First.TargetShare == target).Select(pair => pair.Second);
    }

    [Fact]
    public void Less_than_twenty_days_are_not_cut()
    {
        var rows = Rows(days: 20);

        Assert.Empty(new CrossFittedMeans(Ridge).Of(rows, ForecastTrainer.Set(rows), TestContext.Current.CancellationToken).Hours);
    }

    private static ForecastRows Rows(int days)
    {
        ForecastHour[] hours =
        [
            .. Enumerable.Range(0, days).SelectMany(day => Enumerable.Range(0, 4)
                .Select(farm => Hours.Of((1 + (day / 14)) / 10.0, days: day, farm: $"FARM{farm}"))),
        ];
        return new(hours, new(["nothing"], [.. hours.Select((_, row) => row / 4 % 2 == 0 ? 1.0 : -1.0)]));
    }
}
