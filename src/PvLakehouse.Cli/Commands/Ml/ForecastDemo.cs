using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Scoring;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary>The end of <c>pvlake demo</c>: a champion, tomorrow's forecast of each farm, and the scoreboard.</summary>
internal static class ForecastDemo
{
    /// <summary>Days that are needed to train, to decide, and to judge by more than a few.</summary>
    public const int FewestDays = 30;

    private static readonly Horizon Tomorrow = Horizon.DayAheadMorning;

    // The first becomes the champion, the second stands beside it on the scoreboard.
    private static readonly string[] Learners = ["lightgbm", "ridge"];

    /// <summary>Trains when nothing was trained yet, forecasts the newest issue, and prints both.</summary>
    public static async Task RunAsync(OpenLake lake, TimeProvider clock, ResultPrinter printer, OutputFormat format, CancellationToken cancellationToken)
    {
        var timed = lake.Lake with { Clock = clock };
        await using var services = await lake.TrackingAsync(TrackingAddress.Resolve(null, Environment.GetEnvironmentVariable), cancellationToken);
        await Console.Out.WriteLineAsync($"\nForecasts of {Tomorrow.Meaning}");
        if (await ForecastIssuer.ChampionAsync(services.Registry, Tomorrow, cancellationToken) is null)
        {
            await new FeatureBuilder(timed, FeatureCatalogue.Default).WriteAsync(new() { Horizons = [Tomorrow] }, cancellationToken);
            foreach (var learner in Learners)
            {
                var outcome = await new TrainingRun(timed, services).RunAsync(
                    new() { Horizon = Tomorrow, Learner = new() { Learner = learner } }, Console.Out.WriteLine, cancellationToken);
                await Console.Out.WriteLineAsync(TrainCommand.Sentence(outcome));
            }
        }

        var issuer = new ForecastIssuer(timed, services);
        var at = await issuer.KnownUpToAsync(cancellationToken);
        var issued = await issuer.RunAsync(new() { Horizon = Tomorrow, Issued = IssueWindow.Newest(Tomorrow, at) }, cancellationToken);
        await new LakeModels(timed).RunForecastsAsync(cancellationToken);
        await Console.Out.WriteLineAsync(
            $"\nForecast by {issued.Version.Name} version {issued.Version.Version}, MWh of the day; low and high sum the 10 % and 90 % quantiles of its hours");
        await PrintTomorrowAsync(timed, issued.Version.RunId!, printer, cancellationToken);
        await Console.Out.WriteLineAsync();
        foreach (var board in await Scoreboard.ReadAsync(timed, ScoreSubset.Daylight, ("all", "all"), cancellationToken))
        {
            await ScoreboardCommand.PrintAsync(board, ScoreSubset.Daylight, printer, format, cancellationToken);
        }
    }

    private static async Task PrintTomorrowAsync(Lake lake, string run, ResultPrinter printer, CancellationToken cancellationToken)
    {
        await using var session = await lake.Engine.OpenSessionAsync(cancellationToken);
        await using var result = await session.QueryAsync(
            """
            SELECT d.facility_code AS farm, d.facility_name AS name, CAST(min(f.local_date_hour) AS DATE) AS day,
              round(sum(f.predicted_energy_mwh), 1) AS forecast, round(sum(f.q10_energy_mwh), 1) AS low, round(sum(f.q90_energy_mwh), 1) AS high,
              round(100 * max(f.predicted_energy_mwh / f.ac_capacity_mw), 1) AS peak_pct
            FROM iceberg.gold.fact_solar_forecast_regression f
            JOIN iceberg.gold.dim_facility d ON d.facility_key = f.facility_key
            JOIN iceberg.gold.dim_model_version v ON v.model_version_id = f.model_version_id
            WHERE v.run_id = $run
            GROUP BY d.facility_code, d.facility_name, f.issued_at
            QUALIFY f.issued_at = max(f.issued_at) OVER (PARTITION BY d.facility_code)
            ORDER BY farm
            """,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["run"] = run }, cancellationToken);
        await printer.PrintAsync([.. result.Columns.Select(column => column.Name)], result.ReadAsync(), cancellationToken);
    }
}
