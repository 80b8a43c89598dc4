using System.Globalization;
using PvLakehouse.Forecasting.Baselines;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Tests.Lakes;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tests.Evaluation;

/// <summary>Predictions of others, scored like our own.</summary>
public sealed class EvaluationRunTests(SimulatedLake lake) : TrackedTests(lake)
{
    private static readonly DateTimeOffset From = new(2025, 3, 5, 0, 0, 0, TimeSpan.Zero);

    private string Predictions => Path.Combine(Folder, "them.csv");

    [Fact]
    public async Task Ten_per_cent_of_capacity_too_much_is_an_error_of_ten_per_cent()
    {
        // 10 % of capacity more than what happened, and quantiles 5 % of capacity apart: 7.5 and 2.5 % below what happened, then 2.5 to 32.5 % above.
        var hours = await WriteAsync(
            hour => Line(
                hour, hour.TargetMwh!.Value + (0.1 * hour.CapacityMwh!.Value), (level, mwh) => mwh + ((level - 4.5) * 0.05 * hour.CapacityMwh!.Value)),
            quantiles: true);
        // The first issue after midnight of 5 March is that of 16:00 in the east: 06:00 UTC.
        var said = new List<string>();

        var outcome = await RunAsync("theirs", said.Add);

        var score = outcome.Scores.First(score => score.Model == "theirs" && score is { Subset: ScoreSubset.Daylight, By: "all" });
        Assert.Equal(hours.Count(hour => hour.IsDaylight), score.Points.Hours);
        Assert.Equal(0.1, score.Points.NormalisedMae, tolerance: 1e-12);
        Assert.Equal(0.1, score.Points.NormalisedRmse, tolerance: 1e-12);
        Assert.Equal(0.1, score.Points.NormalisedMbe, tolerance: 1e-12);
        Assert.Equal(1.0, score.Quantiles!.Coverage);
        Assert.Equal(0.4, score.Quantiles.Width, tolerance: 1e-12);
        Assert.Equal([0.0, 0, 1, 1, 1, 1, 1, 1, 1], score.Quantiles.Reliability);
        Assert.All(References.All, name => Assert.Contains(outcome.Scores, each => each.Model == name));
        Assert.EndsWith("to 2025-03-05, all before the first of them was issued.", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_tracked_and_stands_on_the_scoreboard()
    {
        var hours = await WriteAsync(hour => Line(hour, hour.TargetMwh!.Value));

        var outcome = await RunAsync("the other ones");

        var run = await Services.Tracking.GetRunAsync(outcome.RunId, Token);
        Assert.Equal(RunStatus.Finished, run.Info.Status);
        Assert.Equal("the other ones", run.Data.Params[EvaluationRun.Name]);
        Assert.Equal(0.0, run.Data.Metrics["test.daylight.nmae"].Value, tolerance: 1e-12);
        using var kept = new StreamReader(await Services.Tracking.OpenArtifactAsync(outcome.RunId, "predictions.csv", Token));
        Assert.Equal(await File.ReadAllTextAsync(Predictions, Token), await kept.ReadToEndAsync(Token));
        var board = Assert.Single(await Scoreboard.ReadAsync(Lake, ScoreSubset.Daylight, ("all", "all"), Token), board => board.Horizon == Horizon.DayAheadAfternoon);
        Assert.Equal("the other ones", board.Rows[0].Model);
        Assert.Equal(hours.Count(hour => hour.IsDaylight), board.Rows[0].Hours);
        Assert.Equal(1.0, board.Rows[0].Skill!.Value, tolerance: 1e-9);
        Assert.Null(board.Rows[0].Coverage);
    }

    [Fact]
    public async Task Farms_and_hours_that_there_are_none_of_are_refused_with_their_line()
    {
        var hours = await HoursAsync();
        var (one, noon) = (hours[0], hours[0].DateHour.Date.AddHours(14));

        Assert.Equal(
            $"{Predictions}:2 names the farm 'NOSUCH', of which ml.forecast_features has no hours of day_ahead_16; it has AVLSF, LIMOSF2, MERSOLAR.",
            await RefusalAsync(Line(one with { FacilityCode = "NOSUCH" }, 1)));
        // 14:00 UTC is midnight in the east: no sun.
        Assert.Equal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Predictions}:3 predicts an hour that ml.forecast_features does not have for day_ahead_16: {one.FacilityCode}, issued {one.IssuedAt:yyyy-MM-dd HH:mm}Z, for "
                + $"{noon:yyyy-MM-dd HH:mm}Z; expected forecasts of the next day, issued at 16:00 of the market's clock, for hours with some sun."),
            await RefusalAsync(Line(one, 1), Line(one with { DateHour = new(noon, TimeSpan.Zero) }, 1)));
        Assert.Contains(":2 predicts an hour", await RefusalAsync(Line(one with { IssuedAt = one.IssuedAt.AddHours(1) }, 1)), StringComparison.Ordinal);
        Assert.Null(await Services.Tracking.FindExperimentAsync(TrainingRun.Experiment, Token));
    }

    [Fact]
    public async Task The_first_hours_of_all_have_no_past_to_fit_references_on()
    {
        var first = (await HoursAsync(_ => true)).First(hour => hour.IsDaylight);

        Assert.Contains("No hour with energy lies before", await RefusalAsync(Line(first, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dusk_alone_cannot_be_scored()
    {
        var dusk = (await HoursAsync()).First(hour => !hour.IsDaylight);

        Assert.Equal(
            $"None of the 1 predictions of {Predictions} is of an hour in daylight (sun above 5°) with valid energy, so nothing can be scored.", await RefusalAsync(Line(dusk, 1)));
    }

    [Theory]
    [InlineData("lightgbm", "is a learner or reference here")]
    [InlineData("Climatology", "is a learner or reference here")]
    [InlineData("", "expected a name of 1 to 100 characters")]
    [InlineData(" x", "expected a name of 1 to 100 characters")]
    public async Task A_name_that_would_mislead_is_refused(string name, string sentence)
    {
        var refused = await Assert.ThrowsAsync<ForecastingException>(() => RunAsync(name));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    private static string Line(ForecastHour hour, double mwh, Func<int, double, double>? quantile = null) => string.Join(
        ',',
        [
            hour.FacilityCode, Text(hour.IssuedAt), Text(hour.DateHour), mwh.ToString("R", CultureInfo.InvariantCulture),
            .. quantile is null ? [] : Enumerable.Range(1, 9).Select(level => quantile(level, mwh).ToString("R", CultureInfo.InvariantCulture)),
        ]);

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<ForecastHour>> HoursAsync(Func<ForecastHour, bool>? condition = null)
    {
        var features = await FeatureSnapshot.FindAsync(Lake, snapshotId: null, Token);
        var rows = await features.ReadAsync(Lake, Horizon.DayAheadAfternoon, Token);
        return [.. rows.Hours.Where(hour => hour.TargetShare is not null && (condition is null ? hour.IssuedAt >= From : condition(hour)))];
    }

    private async Task<IReadOnlyList<ForecastHour>> WriteAsync(Func<ForecastHour, string> line, bool quantiles = false)
    {
        var hours = await HoursAsync();
        await WriteAsync([.. hours.Select(line)], quantiles);
        return hours;
    }

    private Task WriteAsync(string[] lines, bool quantiles) => File.WriteAllLinesAsync(
        Predictions,
        [$"facility_code,issued_at,date_hour,predicted_energy_mwh{(quantiles ? ",q10,q20,q30,q40,q50,q60,q70,q80,q90" : "")}", .. lines], Token);

    private async Task<string> RefusalAsync(params string[] lines)
    {
        await WriteAsync(lines, quantiles: false);
        return (await Assert.ThrowsAsync<ForecastingException>(() => RunAsync("theirs"))).Message;
    }

    private Task<EvaluationOutcome> RunAsync(string name, Action<string>? say = null) =>
        new EvaluationRun(Lake, Services).RunAsync(new(Predictions, Horizon.DayAheadAfternoon, name), say, Token);
}
