using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;

namespace PvLakehouse.Forecasting.Training;

/// <summary>Forecasts of hours that are learned from, each by a model that has not seen it: what a learner misses by in every season.</summary>
/// <remarks>
/// The days are cut into blocks; the hours of a block are forecast by a model of all others but the days next to it. The weeks that decide would
/// know of their own season only. Source: R. Barber, E. Candès, A. Ramdas and R. Tibshirani, "Predictive inference with the jackknife+", Annals of
/// Statistics 49, 2021 (CV+).
/// </remarks>
/// <param name="settings">What the learner is made of.</param>
internal sealed class CrossFittedMeans(LearnerSettings settings)
{
    private const int Blocks = 4;
    private static readonly TimeSpan ShortestBlock = TimeSpan.FromDays(5);

    /// <summary>Forecasts what can be forecast so.</summary>
    /// <param name="rows">Rows with known energy, in the order of their issue.</param>
    /// <param name="later">Later rows, which say when to stop.</param>
    /// <param name="cancellationToken">Stops the work between steps.</param>
    /// <returns>Rows and their forecasts as shares of AC capacity; none when the blocks are shorter than five days.</returns>
    public (IReadOnlyList<ForecastHour> Hours, IReadOnlyList<double> Shares) Of(ForecastRows rows, TrainingSet later, CancellationToken cancellationToken)
    {
        var (from, to) = (rows.Hours[0].IssuedAt, rows.Hours[^1].IssuedAt);
        var block = (to - from) / Blocks;
        var (hours, shares) = (new List<ForecastHour>(), new List<double>());
        if (block < ShortestBlock)
        {
            return (hours, shares);
        }

        for (var number = 0; number < Blocks; number++)
        {
            var (first, end) = (from + (block * number), number == Blocks - 1 ? DateTimeOffset.MaxValue : from + (block * (number + 1)));
            var judged = rows.Where(hour => hour.IssuedAt >= first && hour.IssuedAt < end);
            var (lastHour, gap) = (judged.Hours.Max(hour => hour.DateHour), TimeSplit.UsualGap);
            var others = rows.Where(hour => hour.DateHour < first - gap || hour.IssuedAt > lastHour + gap);
            try
            {
                using var model = LearnerCatalogue.Create(settings).Train(ForecastTrainer.Set(others), later, progress: null, cancellationToken);
                hours.AddRange(judged.Hours);
                shares.AddRange(TrainedForecast.Limited(judged, model.Predict(judged.Features)));
            }
            catch (ForecastingException)
            {
                // Without this block there is nothing to learn, of a feature that begins in it for example: other blocks speak for it.
            }
        }

        return (hours, shares);
    }
}
