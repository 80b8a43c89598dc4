using System.Globalization;
using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Forecasting.Plots;

/// <summary>
/// What the forecasts of one run look like: a week of them, how reliable they are, when they err, and what they are made of.
/// </summary>
/// <param name="model">Name of what forecast.</param>
/// <param name="horizon">The class of forecasts.</param>
/// <param name="hours">The hours that judge, all with known energy and capacity.</param>
/// <param name="forecasts">The forecasts, in their order.</param>
/// <param name="scores">The scores of the model and of the references.</param>
internal sealed class ForecastPlots(
    string model, Horizon horizon, IReadOnlyList<ForecastHour> hours, IReadOnlyList<Forecast> forecasts,
    IReadOnlyCollection<ForecastScore> scores)
{
    /// <summary>The folder among the artifacts of a run.</summary>
    public const string Folder = "plots";

    private const int MostBars = 20;

    // What is drawn by the clock is drawn by that of the larger market, so that daylight is in the middle.
    private static readonly TimeSpan Clock = NetworkClock.Nem.Offset;

    /// <summary>Draws all that there is something to draw of.</summary>
    /// <param name="importances">What the features are worth; null where there are no features.</param>
    /// <returns>Files by name.</returns>
    public IEnumerable<(string Name, byte[] Content)> Draw(IReadOnlyList<FeatureImportance>? importances)
    {
        yield return ("forecast.svg", Fan().ToBytes());
        yield return ("error_by_hour.svg", ErrorByHour().ToBytes());
        yield return ("error_by_lead.svg", ErrorByLead().ToBytes());
        if (scores.Any(score => score.Model == model && score.Quantiles is not null))
        {
            yield return ("reliability.svg", Reliability().ToBytes());
        }

        if (importances is { Count: > 0 })
        {
            yield return ("importance.svg", Importance(importances).ToBytes());
        }
    }

    /// <summary>Draws, and keeps the files as artifacts of a run.</summary>
    public async Task UploadAsync(
        ITrackingStore tracking, string run, IReadOnlyList<FeatureImportance>? importances, CancellationToken cancellationToken)
    {
        foreach (var (name, content) in Draw(importances))
        {
            using var file = new MemoryStream(content);
            await tracking.UploadArtifactAsync(run, $"{Folder}/{name}", file, cancellationToken);
        }
    }

    /// <summary>The last week of the farm whose error is in the middle: neither the best nor the worst is put on show.</summary>
    private SvgPlot Fan()
    {
        var farms = Scores("facility").OrderBy(score => score.Points.NormalisedRmse)
            .ThenBy(score => score.Value, StringComparer.Ordinal).ToArray();
        var farm = farms[farms.Length / 2].Value;
        var last = hours.Where(hour => hour.FacilityCode == farm).Max(hour => hour.DateHour);
        // Of the forecasts of an hour the newest.
        var week = hours.Zip(forecasts, (hour, forecast) => (Hour: hour, Forecast: forecast))
            .Where(pair => pair.Hour.FacilityCode == farm && pair.Hour.DateHour > last.AddDays(-7))
            .GroupBy(pair => pair.Hour.DateHour).Select(of => of.MaxBy(pair => pair.Hour.IssuedAt))
            .OrderBy(pair => pair.Hour.DateHour).ToArray();
        var most = week.Max(pair => Math.Max(
            pair.Hour.TargetMwh!.Value, Mwh(pair.Hour, pair.Forecast.Quantiles.Append(pair.Forecast.Share).Max())));
        var first = week[0].Hour.DateHour.ToOffset(Clock).Date;
        var days = (int)(last.ToOffset(Clock).Date - first).TotalDays + 1;
        var plot = new SvgPlot(
            $"{farm}: {model} for {horizon.Meaning}",
            new("UTC+10", 0, 24 * days, [.. Enumerable.Range(0, days + 1).Select(day => (24.0 * day, Day(first.AddDays(day))))]),
            Axis.OfNumbers("energy of the hour, MWh", 0, most));
        for (var level = 0; level < QuantileLevels.All.Count / 2 && week.All(pair => pair.Forecast.Quantiles.Count > 0); level++)
        {
            var (low, high) = (level, QuantileLevels.All.Count - 1 - level);
            plot.Band(
                string.Create(CultureInfo.InvariantCulture, $"{100 * QuantileLevels.All[low]:0}–{100 * QuantileLevels.All[high]:0} %"),
                [.. week.Select(pair => (At(pair.Hour), Quantile(pair, low), Quantile(pair, high)))],
                SvgPlot.Blue, 0.14 + (0.06 * level), gap: 1);
        }

        return plot
            .Line("forecast", [.. week.Select(pair => (At(pair.Hour), Mwh(pair.Hour, pair.Forecast.Share)))], SvgPlot.Blue, gap: 1)
            .Line("actual", [.. week.Select(pair => (At(pair.Hour), pair.Hour.TargetMwh!.Value))], SvgPlot.Black, gap: 1);

        // An hour's energy is drawn in its middle.
        double At(ForecastHour hour) => (hour.DateHour.ToOffset(Clock).DateTime - first).TotalHours + 0.5;

        static double Mwh(ForecastHour hour, double share) => share * hour.CapacityMwh!.Value;

        static double Quantile((ForecastHour Hour, Forecast Forecast) pair, int level) => Mwh(pair.Hour, pair.Forecast.Quantiles[level]);

        static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>How often energy was at or below each quantile: the diagonal is right.</summary>
    private SvgPlot Reliability()
    {
        (double, string)[] percent = [.. Enumerable.Range(0, 6).Select(tick => (20.0 * tick, $"{20 * tick}"))];
        var plot = new SvgPlot(
            $"Reliability: {model} for {horizon.Meaning}, daylight",
            new("level of the quantile, %", 0, 100, percent), new("hours at or below the quantile, %", 0, 100, percent));
        foreach (var (index, farm) in Scores("facility").Where(score => score.Quantiles is not null).Index())
        {
            plot.Line(farm.Value, Points(farm), SvgPlot.Grey, legend: index == 0 ? "each farm" : "");
        }

        return plot
            .Line("right", [(0, 0), (100, 100)], SvgPlot.Black, dashed: true)
            .Line("all farms", Points(Scores("all").Single()), SvgPlot.Blue);

        static (double, double)[] Points(ForecastScore score) =>
            [.. QuantileLevels.All.Zip(score.Quantiles!.Reliability, (level, share) => (100 * level, 100 * share))];
    }

    /// <summary>The error by the hour of the day.</summary>
    private SvgPlot ErrorByHour()
    {
        var errors = hours.Zip(forecasts, (hour, forecast) => (Hour: hour, Error: forecast.Share - hour.TargetShare!.Value))
            .Where(pair => pair.Hour.IsDaylight)
            .GroupBy(pair => pair.Hour.DateHour.ToOffset(Clock).Hour).OrderBy(hour => hour.Key)
            .Select(hour => (
                X: (double)hour.Key,
                Rmse: 100 * Math.Sqrt(hour.Average(pair => pair.Error * pair.Error)),
                Bias: 100 * hour.Average(pair => pair.Error)))
            .ToArray();
        var (from, to) = (errors[0].X, errors[^1].X);
        return new SvgPlot(
            $"Error by hour of the day: {model} for {horizon.Meaning}, daylight",
            new(
                "start of the hour, UTC+10", from - 0.5, to + 0.5,
                [.. errors.Select(error => (error.X, error.X.ToString("00", CultureInfo.InvariantCulture)))]),
            Axis.OfNumbers("share of AC capacity, %", Math.Min(0, errors.Min(error => error.Bias)), errors.Max(error => error.Rmse)))
            .Line("nRMSE", [.. errors.Select(error => (error.X, error.Rmse))], SvgPlot.Blue)
            .Line("nMBE (above 0 too much was forecast)", [.. errors.Select(error => (error.X, error.Bias))], SvgPlot.Orange);
    }

    /// <summary>The error by lead, beside the reference of all skill scores.</summary>
    private SvgPlot ErrorByLead()
    {
        var own = Scores("lead").OrderBy(score => LeadOrder(score.Value)).ToArray();
        var leads = own.Select(score => score.Value).ToArray();
        var reference = scores.Where(score => score is { Model: References.Convex, Subset: ScoreSubset.Daylight, By: "lead" })
            .ToDictionary(score => score.Value, score => score.Points.NormalisedRmse, StringComparer.Ordinal);
        return new SvgPlot(
            $"Error by lead: {model} for {horizon.Meaning}, daylight",
            Axis.OfWords("from the issue to the end of the hour", leads),
            Axis.OfNumbers(
                "nRMSE, % of AC capacity", 0, 100 * own.Max(score => Math.Max(score.Points.NormalisedRmse, reference[score.Value]))))
            .Line(model, [.. own.Select((score, at) => ((double)at, 100 * score.Points.NormalisedRmse))], SvgPlot.Blue)
            .Line(References.Convex, [.. leads.Select((lead, at) => ((double)at, 100 * reference[lead]))], SvgPlot.Grey, dashed: true);
    }

    /// <summary>The features that matter most.</summary>
    private SvgPlot Importance(IReadOnlyList<FeatureImportance> importances)
    {
        var best = importances.OrderByDescending(importance => importance.Permutation)
            .ThenBy(importance => importance.Feature, StringComparer.Ordinal).Take(MostBars).ToArray();
        return new SvgPlot(
            $"The {best.Length} most important of {importances.Count} features: {model} for {horizon.Meaning}",
            Axis.OfNumbers(
                "rise of nRMSE when the feature is dealt out anew, % of AC capacity",
                100 * Math.Min(0, best[^1].Permutation), 100 * Math.Max(0, best[0].Permutation)),
            // The first on top.
            Axis.OfWords("", [.. best.Select(importance => importance.Feature)]).Reversed())
            .Bars(
                "permutation importance",
                [.. best.Select(importance => (100 * importance.Permutation, Meaning(importance)))],
                SvgPlot.Blue);

        static string Meaning(FeatureImportance importance) =>
            string.Create(CultureInfo.InvariantCulture, $"{importance.Feature}: {100 * importance.Permutation:0.###}");
    }

    private IEnumerable<ForecastScore> Scores(string by) =>
        scores.Where(score => score.Model == model && score.Subset == ScoreSubset.Daylight && score.By == by);

    /// <summary>Hours before days, and few before many.</summary>
    private static (bool InDays, int Number) LeadOrder(string lead) =>
        (lead.EndsWith('d'), int.Parse(lead.AsSpan(0, lead.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture));
}
