using System.Globalization;
using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Expectations;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Forecasting.Monitoring;

/// <summary>
/// Looks at the champion of a class of forecasts: whether its inputs are still those it has learned from, and whether it still is what it
/// was.
/// </summary>
/// <remarks>
/// The window is of hours that the model was neither trained nor decided by. Its inputs are compared with those of the training, its errors
/// with those of the held-out hours before it, and with the reference.
/// </remarks>
/// <param name="lake">The lake.</param>
/// <param name="services">Tracking and registry.</param>
/// <param name="thresholds">From when on a check warns or fails.</param>
public sealed class ModelMonitor(Lake lake, TrackingServices services, MonitorThresholds thresholds)
{
    /// <summary>Days of the window unless said otherwise.</summary>
    public const int UsualDays = 28;

    /// <summary>Checks the champion, keeps what was found, and raises an alert when a check fails.</summary>
    /// <param name="horizon">The class of forecasts.</param>
    /// <param name="days">Days of the window, 1 or more; it begins no earlier than the hours that first judged the model.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ForecastingException">There is no champion, or there are too few hours to tell anything.</exception>
    /// <exception cref="TrackingException">Tracking or the registry failed.</exception>
    public async Task<MonitorReport> RunAsync(Horizon horizon, int days, CancellationToken cancellationToken)
    {
        var report = await CheckAsync(horizon, days, cancellationToken);
        await using (var workspace = await LakeWorkspace.OpenAsync(lake, cancellationToken))
        {
            await workspace.MergeAsync(MonitorTables.Results, MonitorTables.ResultRows(report), cancellationToken);
            await workspace.MergeAsync(MonitorTables.Weeks, MonitorTables.WeekRows(report), cancellationToken);
        }

        if (report.HasFailed)
        {
            await lake.Alerts.RaiseAsync(
                new Alert(
                    report.CheckedAt, $"{report.Version.Name} drifts",
                    $"{report.Verdict} 'pvlake ml monitor --horizon {horizon}' shows the checks, 'pvlake ml retrain --horizon {horizon}' trains a "
                    + "challenger."),
                cancellationToken);
        }

        return report;
    }

    /// <summary>Checks the champion; writes nothing.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<MonitorReport> CheckAsync(Horizon horizon, int days, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(horizon);
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        using var champion = await RegisteredForecast.ChampionAsync(services, horizon, cancellationToken);
        var learnedFrom = await FeatureSnapshot.FindAsync(lake, champion.Record.FeatureSnapshot, cancellationToken);
        var newest = await FeatureSnapshot.FindAsync(lake, snapshotId: null, cancellationToken);
        var then = await champion.RowsAsync(lake, learnedFrom, cancellationToken);
        var now = newest.SnapshotId == learnedFrom.SnapshotId ? then : await champion.RowsAsync(lake, newest, cancellationToken);
        return Check(champion, then, now, days);
    }

    private MonitorReport Check(RegisteredForecast champion, ForecastRows then, ForecastRows now, int days)
    {
        var split = champion.Record.Split!;
        var unseen = now.Where(hour => split.IsTest(hour) && HeldOut.IsScored(hour));
        RequireDays(unseen, split);
        var to = unseen.Hours.Max(hour => hour.DateHour).AddHours(1);
        var first = unseen.Hours.Min(hour => hour.DateHour);
        var start = new DateTimeOffset(to.AddHours(-1).UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - days);
        var from = start > first ? start : first;
        RequireDays(unseen.Where(hour => hour.DateHour >= from), split);
        var training = then.Where(split.IsTraining);
        var references = References.Fit(training.Hours);

        // Whole weeks, so that the row of a week never gets worse by a shorter window.
        var monday = new DateTimeOffset(WeekPerformance.MondayOf(from).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        var weekly = unseen.Where(hour => hour.DateHour >= monday);
        var (all, allReference) = (HeldOut.Scored(champion, weekly), Reference(references, weekly));
        int[] window = [.. Enumerable.Range(0, all.Length).Where(row => all[row].TargetHour >= from)];
        ScoredHour[] recent = [.. window.Select(row => all[row])];
        ScoredHour[] reference = [.. window.Select(row => allReference[row])];
        var held = then.Where(hour => hour.DateHour < from && (split.IsValidation(hour) || split.IsTest(hour)) && HeldOut.IsScored(hour));
        var inputs = now.Where(hour => split.IsTest(hour) && hour.DateHour >= from && hour.DateHour < to);
        var baseline = InputBaseline.Of(training, inputs);
        var weeks = WeekPerformance.Of(all, allReference);
        var errors = new ErrorDrift(thresholds);
        MonitorFinding[] findings =
        [
            .. errors.Skill(recent, reference, weeks),
            .. errors.Compare(HeldOut.Scored(champion, held), recent),
            .. errors.Coverage(recent),
            .. new InputDrift(thresholds).Compare(baseline, inputs),
        ];
        return new(Instants.ToMicroseconds(lake.Clock.GetUtcNow()), champion.Version, champion.Record.Horizon, champion.Weather)
        {
            WindowFrom = from,
            WindowTo = to,
            Hours = recent.Length,
            InputBaseline = baseline.Meaning,
            ErrorBaseline = held.Count == 0 ? "no held-out hour before the window" : string.Create(
                CultureInfo.InvariantCulture,
                $"{InputBaseline.DaysOf(held)} held-out days before the window, {held.Hours.Min(hour => hour.DateHour):yyyy-MM-dd} to "
                + $"{held.Hours.Max(hour => hour.DateHour):yyyy-MM-dd}"),
            Findings =
            [
                .. findings.OrderByDescending(
                    finding => finding.Status is CheckStatus.Warn or CheckStatus.Fail ? finding.Status : CheckStatus.Pass),
            ],
            Weeks = weeks,
        };
    }

    private void RequireDays(ForecastRows rows, TimeSplit split)
    {
        if (InputBaseline.DaysOf(rows) is var found && found < thresholds.FewestDays)
        {
            throw new ForecastingException(string.Create(
                CultureInfo.InvariantCulture,
                $"{found} days of the window have energy that the model has not seen, which is from {split.TestFrom + split.Gap:yyyy-MM-dd} on; "
                + $"expected {thresholds.FewestDays} or more. Run 'pvlake run' and 'pvlake ml features' when more is known, or look at more days."));
        }
    }

    private static ScoredHour[] Reference(References references, ForecastRows rows) =>
        [.. rows.Hours.Select(hour => ForecastScorer.Scored(hour, references.Of(References.Convex, hour), []))];
}
