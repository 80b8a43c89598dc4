using System.Globalization;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>Compares the features of a window with those of the training.</summary>
/// <remarks>
/// The rule of thumb of the stability index holds for thousands of independent values. Hours are not: those of one day share its weather,
/// on all farms. So a feature also has to be further off than chance brings about between so many independent observations, see <see
/// cref="EffectiveSize"/>, and chance is shared by all features, for there are many (Bonferroni).
/// </remarks>
/// <param name="thresholds">From when on a check warns or fails.</param>
public sealed class InputDrift(MonitorThresholds thresholds)
{
    // What follows from the date alone cannot drift, but differs between any two windows.
    private static readonly HashSet<string> Calendar =
    [
        .. FeatureCatalogue.Default.Features.Where(feature => feature.Category == FeatureCategory.Calendar).Select(feature => feature.Name),
    ];

    /// <summary>Compares every feature but those of the calendar.</summary>
    /// <param name="baseline">What with.</param>
    /// <param name="recent">Rows of the window, with the same features.</param>
    /// <exception cref="ForecastingException">The features are others.</exception>
    public IReadOnlyList<MonitorFinding> Compare(InputBaseline baseline, ForecastRows recent)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(recent);
        var names = recent.Features.Names;
        if (!names.SequenceEqual(baseline.Rows.Features.Names, StringComparer.Ordinal))
        {
            throw new ForecastingException(
                $"The window has the features {string.Join(", ", names)}, the training {string.Join(", ", baseline.Rows.Features.Names)}; "
                + "expected the same.");
        }

        var (earlierDays, recentDays) = (InputBaseline.DaysOf(baseline.Rows), InputBaseline.DaysOf(recent));
        var findings = Enumerable.Range(0, names.Count)
            .Where(column => !Calendar.Contains(names[column]))
            .SelectMany(column => Compare(names[column], Column(baseline.Rows, column), Column(recent, column), SizesOf));
        return
        [
            .. findings.Select(finding => finding.Status == CheckStatus.Fail && !baseline.IsSameSeason
                ? finding with { Status = CheckStatus.Warn }
                : finding),
        ];

        Sizes SizesOf(double[] earlier)
        {
            var size = EffectiveSize.Of(
            [
                .. baseline.Rows.Hours.Zip(earlier, (hour, value) => (hour.FacilityCode, InputBaseline.Day(hour), Value: value))
                    .Where(known => !double.IsNaN(known.Value)),
            ]);
            return new(size.Of(earlierDays), size.Of(recentDays), 2 * names.Count);
        }
    }

    private IEnumerable<MonitorFinding> Compare(string feature, double[] earlier, double[] recent, Func<double[], Sizes> sizesOf)
    {
        var (before, now) = (MissingShare(earlier), MissingShare(recent));
        var change = Math.Abs(now - before);
        yield return new(
            MonitorCheck.Missing, feature, change, thresholds.MissingFails,
            MonitorFinding.StatusOf(change, thresholds.MissingWarns, thresholds.MissingFails),
            string.Create(CultureInfo.InvariantCulture, $"{now:P1} of the values are missing, {before:P1} in the training."));
        var (a, b) = (Known(earlier), Known(recent));
        if (a.Length == 0 || b.Length == 0)
        {
            yield break;
        }

        var sizes = sizesOf(earlier);
        var index = PopulationStabilityIndex.Of(a, b);
        var fails = Math.Max(thresholds.StabilityFails, index.Chance(sizes.Share(thresholds.ChanceOfFailure), sizes.Earlier, sizes.Recent));
        yield return new(
            MonitorCheck.Stability, feature, index.Value, fails,
            MonitorFinding.StatusOf(
                index.Value,
                Math.Max(thresholds.StabilityWarns, index.Chance(sizes.Share(thresholds.ChanceOfWarning), sizes.Earlier, sizes.Recent)),
                fails),
            string.Create(CultureInfo.InvariantCulture, $"Median {Median(b):G4}, in the training {Median(a):G4}; {index.Bins} bins."));
        var distance = KolmogorovSmirnov.Of(a, b);
        var far = KolmogorovSmirnov.Chance(sizes.Share(thresholds.ChanceOfFailure), sizes.Earlier, sizes.Recent);
        yield return new(
            MonitorCheck.Distribution, feature, distance.Distance, far <= 1 ? far : null,
            MonitorFinding.StatusOf(
                distance.Distance, KolmogorovSmirnov.Chance(sizes.Share(thresholds.ChanceOfWarning), sizes.Earlier, sizes.Recent), far),
            string.Create(
                CultureInfo.InvariantCulture,
                $"By chance with a probability of {distance.Probability(sizes.Earlier, sizes.Recent):G2}; counts as {sizes.Recent:0.#} independent "
                + $"observations, in the training {sizes.Earlier:0.#}."));
    }

    private static double[] Column(ForecastRows rows, int column) =>
        [.. Enumerable.Range(0, rows.Count).Select(row => rows.Features.Row(row)[column])];

    private static double MissingShare(double[] values) => values.Count(double.IsNaN) / (double)values.Length;

    private static double[] Known(double[] values) => Array.FindAll(values, value => !double.IsNaN(value));

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>Independent observations of both samples, and among how many comparisons chance is shared.</summary>
    private sealed record Sizes(double Earlier, double Recent, int Comparisons)
    {
        public double Share(double probability) => probability / Comparisons;
    }
}
