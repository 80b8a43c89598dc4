using Microsoft.Extensions.Time.Testing;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Monitoring;
using PvLakehouse.Forecasting.Tests.Lakes;
using PvLakehouse.Pipeline.Alerting;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Forecasting.Tests.Monitoring;

/// <summary>The champion of a lake, looked at.</summary>
public sealed class ModelMonitorTests(SimulatedLake lake) : ChampionTests(lake)
{
    [Fact]
    public async Task A_champion_on_hours_like_those_it_knows_does_not_fail()
    {
        var outcome = await ChampionAsync("ridge");

        var report = await new ModelMonitor(Lake, Services, MonitorThresholds.Usual).RunAsync(Horizon.DayAheadMorning, days: 28, Token);

        Assert.False(report.HasFailed, report.Verdict);
        // The test of the training is shorter than 28 days, so its daylight is the window: what was scored then is scored again.
        Assert.InRange(report.WindowFrom, outcome.Evaluated.TestFrom, outcome.Evaluated.TestFrom.AddHours(2));
        Assert.InRange(report.WindowTo, outcome.Evaluated.TestTo.AddHours(-2), outcome.Evaluated.TestTo);
        var scored = outcome.Scores.First(score => score is { Model: "ridge", Subset: "daylight", By: "all" });
        Assert.Equal(scored.Points.Hours, report.Hours);
        Assert.Equal(scored.Skill!.Skill, report.Findings.Single(finding => finding.Check == MonitorCheck.Skill).Value!.Value, 12);
        Assert.Equal(
            Math.Abs(scored.Quantiles!.Coverage - 0.8),
            report.Findings.Single(finding => finding.Check == MonitorCheck.Coverage).Value!.Value, 12);
        // Every feature, but for those of the calendar.
        Assert.Equal(
            FeatureCatalogue.Default.Features.Count(feature => feature.IsLearned && feature.Category != FeatureCategory.Calendar),
            report.Findings.Count(finding => finding.Check == MonitorCheck.Missing));
        Assert.Equal(scored.Points.Hours, report.Weeks.Sum(week => week.Model.Hours));
    }

    [Fact]
    public async Task What_was_found_is_kept_and_a_week_has_one_row_however_often_it_is_looked_at()
    {
        var outcome = await ChampionAsync("ridge");
        var clock = new FakeTimeProvider(new(2025, 3, 17, 1, 0, 0, TimeSpan.Zero));
        var monitor = new ModelMonitor(Lake with { Clock = clock }, Services, MonitorThresholds.Usual);

        var first = await monitor.RunAsync(Horizon.DayAheadMorning, days: 28, Token);
        clock.Advance(TimeSpan.FromHours(1));
        await monitor.RunAsync(Horizon.DayAheadMorning, days: 5, Token);

        var model = $"run_id = '{outcome.RunId}'";
        Assert.Equal(
            [$"{first.Findings.Count} {Number(CheckStatus.Pass)} {Number(CheckStatus.Warn)} {Number(CheckStatus.Info)}"],
            await Files.RowsAsync(
                $"""
                SELECT count(*), count(*) FILTER (WHERE status = 'pass'), count(*) FILTER (WHERE status = 'warn'),
                  count(*) FILTER (WHERE status = 'info')
                FROM iceberg.ml.monitor_results WHERE {model} AND hour(checked_at AT TIME ZONE 'UTC') = 1
                """));
        // The last five days, and with them the whole of the weeks that they are in, replace rows and do not shorten them.
        string[] weeks = [.. first.Weeks.Select(week => $"{week.Monday:yyyy-MM-dd} {week.Model.Hours}")];
        Assert.Equal(
            weeks,
            await Files.RowsAsync(
                $"SELECT strftime(week_from, '%Y-%m-%d'), hours FROM iceberg.ml.weekly_performance WHERE {model} ORDER BY week_from"));

        int Number(CheckStatus status) => first.Findings.Count(finding => finding.Status == status);
    }

    [Fact]
    public async Task A_champion_that_is_worth_less_than_no_model_fails_and_raises_an_alert()
    {
        await ChampionAsync("lightgbm", split: null, Hardly);
        var alerts = new Alerts();

        var report = await new ModelMonitor(Lake with { Alerts = alerts }, Services, MonitorThresholds.Usual)
            .RunAsync(Horizon.DayAheadMorning, days: 28, Token);

        Assert.True(report.HasFailed);
        Assert.Equal(CheckStatus.Fail, report.Findings[0].Status);
        Assert.Contains(report.Failed, finding => finding.Check == MonitorCheck.Skill);
        var alert = Assert.Single(alerts.Raised);
        Assert.Equal("pv-energy-day_ahead_10 drifts", alert.Title);
        Assert.Contains(report.Cause, alert.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_champion_or_hours_a_sentence_says_so()
    {
        var monitor = new ModelMonitor(Lake, Services, MonitorThresholds.Usual);

        var none = await Assert.ThrowsAsync<ForecastingException>(() => monitor.RunAsync(Horizon.DayAheadMorning, days: 28, Token));
        await ChampionAsync("ridge");
        var few = await Assert.ThrowsAsync<ForecastingException>(() => monitor.RunAsync(Horizon.DayAheadMorning, days: 3, Token));

        Assert.Contains(
            "has no champion: train one with 'pvlake ml train --horizon day_ahead_10'", none.Message, StringComparison.Ordinal);
        Assert.Contains("3 days of the window have energy", few.Message, StringComparison.Ordinal);
        Assert.Contains("expected 5 or more", few.Message, StringComparison.Ordinal);
    }

    private sealed class Alerts : IAlertSink
    {
        public List<Alert> Raised { get; } = [];

        public Task RaiseAsync(Alert alert, CancellationToken cancellationToken)
        {
            Raised.Add(alert);
            return Task.CompletedTask;
        }
    }
}
