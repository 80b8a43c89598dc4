using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Monitoring;
using PvLakehouse.Pipeline.Expectations;

namespace PvLakehouse.Forecasting.Tests.Monitoring;

/// <summary>Features of a window beside those of a training, on made-up rows.</summary>
public sealed class InputDriftTests
{
    private static readonly string[] Names = ["forecast_temperature", "forecast_ghi", "day_of_year_sin"];

    private readonly InputDrift _drift = new(MonitorThresholds.Usual);

    [Fact]
    public void Equal_windows_of_two_years_have_no_finding()
    {
        var baseline = InputBaseline.Of(Days(0, 365), Days(366, 28));

        var findings = _drift.Compare(baseline, Days(366, 28));

        // 1 January 2025 is day 0. The window is 2 to 29 January 2026, its season 19 December to 13 February: 13 and 44 days of 2025.
        Assert.True(baseline.IsSameSeason);
        Assert.Equal(
            "57 days between 2025-01-01 and 2025-12-31 of the training: the window's season, 15 days before to 15 days after",
            baseline.Meaning);
        // Two features, three checks each: what the calendar says cannot drift.
        Assert.Equal(6, findings.Count);
        Assert.All(findings, finding => Assert.Equal(CheckStatus.Pass, finding.Status));
    }

    [Fact]
    public void A_shifted_feature_is_found_and_only_that()
    {
        var recent = Days(366, 28, temperature: 12);

        var findings = _drift.Compare(InputBaseline.Of(Days(0, 365), recent), recent);

        Assert.Equal(
            ["forecast_temperature distribution", "forecast_temperature stability index"],
            findings.Where(finding => finding.Status == CheckStatus.Fail)
                .Select(finding => $"{finding.Subject} {finding.Check}")
                .Order(StringComparer.Ordinal));
        Assert.All(findings.Where(finding => finding.Subject == "forecast_ghi"), finding => Assert.Equal(CheckStatus.Pass, finding.Status));
        // All of the window lies above all of the training: 20 to 27.6 °C became 32 to 39.6 °C.
        Assert.Equal(1, findings.Single(finding => finding is { Subject: "forecast_temperature", Check: MonitorCheck.Distribution }).Value);
    }

    [Fact]
    public void Values_that_are_missing_are_found()
    {
        var recent = Days(366, 28, missing: 4);

        var finding = _drift.Compare(InputBaseline.Of(Days(0, 365), recent), recent).First(finding => finding.Status == CheckStatus.Fail);

        // One day in four.
        Assert.Equal((MonitorCheck.Missing, "forecast_ghi", 0.25), (finding.Check, finding.Subject, finding.Value));
        Assert.Contains("25.0 % of the values are missing, 0.0 % in the training", finding.Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_season_that_was_never_learned_warns_and_does_not_fail()
    {
        // Learned from January and February, looked at in July.
        var recent = Days(181, 28, temperature: -18);
        var baseline = InputBaseline.Of(Days(0, 59), recent);

        var findings = _drift.Compare(baseline, recent);

        Assert.False(baseline.IsSameSeason);
        Assert.Contains("lacks the window's season", baseline.Meaning, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warn, findings.Max(finding => finding.Status));
        var warned = findings.Where(finding => finding.Status == CheckStatus.Warn).Select(finding => finding.Subject);
        Assert.Equal("forecast_temperature", Assert.Single(warned.Distinct()));
    }

    [Fact]
    public void What_chance_makes_of_a_few_days_does_not_fail()
    {
        // Six days, three of them among the warmest: the index is far above 0.25, but six days are no more than six observations.
        var recent = Days(366, 6, temperature: 3);

        var findings = _drift.Compare(InputBaseline.Of(Days(0, 365), recent), recent);

        var index = findings.Single(finding => finding is { Subject: "forecast_temperature", Check: MonitorCheck.Stability });
        Assert.InRange(index.Value!.Value, 0.25, 10);
        Assert.DoesNotContain(findings, finding => finding.Status == CheckStatus.Fail);
    }

    [Fact]
    public void A_feature_that_hardly_changes_from_day_to_day_counts_as_few_observations()
    {
        // The same values, now in their order, 20, 20.4 and so on, every 20 days; a window of 28 days says as little as a few days do.
        var recent = Days(366, 28, temperature: 3, step: 1);

        var distance = _drift.Compare(InputBaseline.Of(Days(0, 365, step: 1), recent), recent)
            .Single(finding => finding is { Subject: "forecast_temperature", Check: MonitorCheck.Distribution });
        var scattered = _drift.Compare(InputBaseline.Of(Days(0, 365), Days(366, 28)), Days(366, 28))
            .Single(finding => finding is { Subject: "forecast_temperature", Check: MonitorCheck.Distribution });

        Assert.Equal(CheckStatus.Pass, distance.Status);
        Assert.InRange(distance.Threshold!.Value, 2 * scattered.Threshold!.Value, 1);
    }

    [Fact]
    public void Other_features_cannot_be_compared()
    {
        var recent = new ForecastRows([Hours.Of(0.5)], new(["other"], [1]));

        var refused = Assert.Throws<ForecastingException>(() => _drift.Compare(InputBaseline.Of(Days(0, 2), Days(0, 1)), recent));

        Assert.Contains("The window has the features other, the training forecast_temperature, ", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Four hours a day whose temperatures and irradiances come in turns of 20 and 7 days, none like the day before.</summary>
    private static ForecastRows Days(int first, int count, double temperature = 0, int missing = int.MaxValue, int step = 7)
    {
        var days = Enumerable.Range(first, count).SelectMany(day => Enumerable.Repeat(day, 4)).ToArray();
        return new(
            [.. days.Select((day, row) => Hours.Of(0.5, days: day + (row % 4 / 24.0)))],
            new(Names,
            [
                .. days.SelectMany((day, row) => (double[])
                [
                    20 + temperature + (0.4 * (step * day % 20)),
                    day % missing == missing - 1 ? double.NaN : (100 * (row % 4)) + (day % 7),
                    Math.Sin(2 * Math.PI * day / 365.25),
                ]),
            ]));
    }
}
