using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Monitoring;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Forecasting.Tests.Monitoring;

/// <summary>Errors of a window beside earlier ones, on made-up hours of a farm of 100 MW.</summary>
public sealed class ErrorDriftTests
{
    private static readonly DateTimeOffset First = new(2025, 1, 6, 2, 0, 0, TimeSpan.Zero);

    private readonly ErrorDrift _drift = new(MonitorThresholds.Usual);

    [Fact]
    public void Equal_errors_pass()
    {
        var findings = _drift.Compare(Days(day => day % 3), Days(day => day % 3));

        Assert.Equal(
            [(MonitorCheck.ErrorMean, 0.0, CheckStatus.Pass), (MonitorCheck.ErrorSpread, 1.0, CheckStatus.Pass)],
            findings.Select(finding => (finding.Check, finding.Value!.Value, finding.Status)));
    }

    [Fact]
    public void A_mean_error_that_grew_by_a_tenth_of_capacity_fails()
    {
        var mean = _drift.Compare(Days(day => day % 2 == 0 ? 1 : -1), Days(day => day % 2 == 0 ? 11 : 9)).First();

        Assert.Equal((MonitorCheck.ErrorMean, CheckStatus.Fail), (mean.Check, mean.Status));
        Assert.Equal(0.1, mean.Value!.Value, 12);
        // Standard error of both, one hour a day: 0.01 / sqrt(28); 3.29 sqrt(2) of it is 0.0088, below 0.05.
        Assert.Equal(0.05, mean.Threshold);
    }

    [Fact]
    public void A_mean_error_within_what_days_differ_by_passes()
    {
        // Days err by 40 % of capacity up or down; the mean changes by 0.4 * 2 / 28 = 0.029 when one day changes sides.
        var mean = _drift.Compare(Days(day => day % 2 == 0 ? 40 : -40), Days(day => day % 2 == 0 || day == 1 ? 40 : -40)).First();

        Assert.Equal(0.8 / 28, mean.Value!.Value, 12);
        // 0.4 / sqrt(28) = 0.0756 each (a little less for 15 to 13): 3.29 * 0.0756 * sqrt(2) = 0.3517.
        Assert.Equal(0.3514, mean.Threshold!.Value, 3e-4);
        Assert.Equal(CheckStatus.Pass, mean.Status);
    }

    [Theory]
    [InlineData(1.2, CheckStatus.Pass)]
    [InlineData(1.3, CheckStatus.Warn)]
    [InlineData(2, CheckStatus.Fail)]
    public void Errors_that_spread_more_are_found(double factor, CheckStatus expected)
    {
        var spread = _drift.Compare(Days(day => day % 2 == 0 ? 5 : -5), Days(day => factor * (day % 2 == 0 ? 5 : -5))).Last();

        Assert.Equal((MonitorCheck.ErrorSpread, expected), (spread.Check, spread.Status));
        Assert.Equal(factor, spread.Value!.Value, 12);
    }

    [Theory]
    // Of 28 days 22 in the band are 78.6 %, 20 are 71.4 %, 14 are 50 %.
    [InlineData(22, CheckStatus.Pass)]
    [InlineData(20, CheckStatus.Warn)]
    [InlineData(14, CheckStatus.Fail)]
    public void A_band_that_covers_too_little_is_found(int inside, CheckStatus expected)
    {
        ScoredHour[] hours =
        [
            .. Days(_ => 0).Select((hour, day) => hour with
            {
                Quantiles = [.. QuantileLevels.All.Select(level => hour.ActualMwh + (100 * level) - (day < inside ? 50 : 200))],
            }),
        ];

        var finding = Assert.Single(_drift.Coverage(hours));

        Assert.Equal(expected, finding.Status);
        Assert.Equal(Math.Abs((inside / 28.0) - 0.8), finding.Value!.Value, 12);
    }

    [Fact]
    public void A_model_that_errs_more_than_the_reference_fails_and_its_weeks_warn()
    {
        var (model, reference) = (Days(day => day < 7 ? 5 : 20), Days(_ => 10));

        var findings = _drift.Skill(model, reference, WeekPerformance.Of(model, reference)).ToArray();

        // Squares 7 x 25 + 21 x 400 of 28 x 100: 1 - sqrt(8575 / 2800).
        Assert.Equal(1 - Math.Sqrt(8575 / 2800.0), findings[0].Value!.Value, 12);
        Assert.Equal(CheckStatus.Fail, findings[0].Status);
        // 6 January 2025 was a Monday.
        Assert.Equal(
            [
                ("2025-01-06", 0.5, CheckStatus.Pass), ("2025-01-13", -1.0, CheckStatus.Warn), ("2025-01-20", -1.0, CheckStatus.Warn),
                ("2025-01-27", -1.0, CheckStatus.Warn),
            ],
            findings.Skip(1).Select(week => (week.Subject, Math.Round(week.Value!.Value, 12), week.Status)));
    }

    [Fact]
    public void A_week_of_few_days_does_not_warn()
    {
        // The last three days of a window, on which chance decides.
        var (model, reference) = (Days(_ => 20)[25..], Days(_ => 10)[25..]);

        var week = _drift.Skill(model, reference, WeekPerformance.Of(model, reference)).Last();

        Assert.Equal((MonitorCheck.WeeklySkill, CheckStatus.Info), (week.Check, week.Status));
        Assert.Contains("3 hours of 3 days", week.Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_without_an_error_tells_no_skill()
    {
        var finding = Assert.Single(_drift.Skill(Days(_ => 1), Days(_ => 0), []));

        Assert.Equal((CheckStatus.Info, null), (finding.Status, finding.Value));
    }

    [Fact]
    public void Too_few_days_before_the_window_are_said()
    {
        Assert.All(_drift.Compare([.. Days(_ => 1).Take(4)], Days(_ => 30)), finding =>
        {
            Assert.Equal((CheckStatus.Info, null), (finding.Status, finding.Value));
            Assert.Contains(
                "4 days that the model was not trained on lie before the window; expected 5 or more", finding.Meaning, StringComparison.Ordinal);
        });
    }

    private static ScoredHour[] Days(Func<int, double> error) =>
    [
        .. Enumerable.Range(0, 28).Select(
            day => new ScoredHour("AVLSF", First.AddDays(day).AddHours(-1), First.AddDays(day), 100, 50, 50 + error(day))),
    ];
}
