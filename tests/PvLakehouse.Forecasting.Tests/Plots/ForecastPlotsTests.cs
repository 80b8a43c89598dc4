using System.Xml.Linq;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Plots;
using PvLakehouse.Forecasting.Tests.Lakes;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Forecasting.Tests.Plots;

/// <summary>A training leaves its plots among its artifacts.</summary>
public sealed class ForecastPlotsTests(SimulatedLake lake) : TrackedTests(lake)
{
    [Fact]
    public async Task A_training_leaves_five_plots_of_what_it_scored()
    {
        var outcome = await new TrainingRun(Lake, Services).RunAsync(
            new() { Horizon = Horizon.Intraday, Learner = new() { Learner = "ridge" } }, say: null, Token);

        Assert.Equal(
            ["plots/error_by_hour.svg", "plots/error_by_lead.svg", "plots/forecast.svg", "plots/importance.svg", "plots/reliability.svg"],
            (await Services.Tracking.ListArtifactsAsync(outcome.RunId, "plots", Token)).Select(file => file.Path).Order(StringComparer.Ordinal));
        var daylight = outcome.Scores.Where(score => score is { Model: "ridge", Subset: ScoreSubset.Daylight }).ToArray();

        // Of three farms the one whose error is in the middle; four bands, the forecast and what happened.
        var fan = await PlotAsync(outcome.RunId, "forecast");
        var middle = daylight.Where(score => score.By == "facility").OrderBy(score => score.Points.NormalisedRmse).ElementAt(1).Value;
        Assert.Equal($"{middle}: ridge for 1 to 6 hours ahead, issued every hour", fan.Elements().First().Value);
        Assert.Equal(["10–90 %", "20–80 %", "30–70 %", "40–60 %", "forecast", "actual"], Labels(fan));
        Assert.Contains("energy of the hour, MWh", Texts(fan));
        Assert.Contains("2025-03-16", Texts(fan));
        // The last 168 hours begin in the daylight of one day and end in that of another: eight stretches of daylight, or nine where an hour has no valid energy.
        Assert.InRange(SvgPlotTests.Series(fan).Last().Elements().Last().Attribute("d")!.Value.Count(letter => letter == 'M'), 7, 12);

        var reliability = await PlotAsync(outcome.RunId, "reliability");
        Assert.Equal([SimulatedLake.Nem, SimulatedLake.OtherNem, SimulatedLake.Wem, "right", "all farms"], Labels(reliability));

        Assert.Equal(["nRMSE", "nMBE (above 0 too much was forecast)"], Labels(await PlotAsync(outcome.RunId, "error_by_hour")));

        var leads = await PlotAsync(outcome.RunId, "error_by_lead");
        Assert.Equal(["ridge", "convex combination"], Labels(leads));
        Assert.Equal(["1 h", "2 h", "3 h", "4 h", "5 h", "6 h"], Texts(leads).Where(text => text.EndsWith(" h", StringComparison.Ordinal)));

        var importance = await PlotAsync(outcome.RunId, "importance");
        Assert.Equal(20, Assert.Single(SvgPlotTests.Series(importance)).Elements().Count(element => element.Name.LocalName == "rect"));
    }

    [Fact]
    public void The_most_important_feature_is_on_top_and_there_is_no_band_without_quantiles()
    {
        ForecastHour[] hours = [.. Enumerable.Range(0, 3).Select(day => Hours.Of(0.5, days: day))];
        Forecast[] forecasts = [.. hours.Select(_ => new Forecast(0.75, []))];
        ScoredHour[] scored = [.. hours.Select(hour => new ScoredHour(hour.FacilityCode, hour.IssuedAt, hour.DateHour, 100, 50, 75))];
        ForecastScore[] scores =
        [
            .. from model in (string[])["theirs", "convex combination"]
               from grouped in (string[])["all", "facility", "lead"]
               select new ForecastScore(model, ScoreSubset.Daylight, grouped, grouped switch { "all" => "all", "lead" => "1 h", _ => "NYNGAN" }, PointScores.Of(scored)),
        ];

        var files = new ForecastPlots("theirs", Horizon.DayAheadMorning, hours, forecasts, scores)
            .Draw([new("little", null, 0.01), new("much", null, 0.04)]).ToDictionary(file => file.Name, file => file.Content, StringComparer.Ordinal);

        Assert.Equal(["error_by_hour.svg", "error_by_lead.svg", "forecast.svg", "importance.svg"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["forecast", "actual"], Labels(Read(files["forecast.svg"])));
        // 0.75 was said of 0.5, always: 25 % of capacity, an hour of noon in the east.
        Assert.Contains("12", Texts(Read(files["error_by_hour.svg"])));
        Assert.Equal(["much: 4", "little: 1"], SvgPlotTests.Series(Read(files["importance.svg"])).Single().Elements().Skip(1).Select(bar => bar.Value));
    }

    private static IEnumerable<string> Labels(XElement svg) => SvgPlotTests.Series(svg).Select(series => series.Elements().First().Value);

    private static IEnumerable<string> Texts(XElement svg) => svg.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value);

    private static XElement Read(byte[] content)
    {
        using var bytes = new MemoryStream(content);
        return XDocument.Load(bytes).Root!;
    }

    private async Task<XElement> PlotAsync(string run, string name)
    {
        await using var file = await Services.Tracking.OpenArtifactAsync(run, $"plots/{name}.svg", Token);
        return (await XDocument.LoadAsync(file, LoadOptions.None, Token)).Root!;
    }
}
