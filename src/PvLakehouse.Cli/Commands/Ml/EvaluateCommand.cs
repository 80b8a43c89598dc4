using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml evaluate</c>: scores predictions of others like our own.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string> PredictionsFile = new("--file")
    {
        Description = "Predictions as CSV: facility_code, issued_at, date_hour (ISO 8601, UTC), predicted_energy_mwh, "
            + "and q10 to q90 when there are quantiles.",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string> Name = new("--name")
    {
        Description = "The name under which the scores stand on the scoreboard.",
        HelpName = "NAME",
        Required = true,
    };

    public static Command Build() => new Command(
        "evaluate", "Scores predictions of others beside the references, on hours of ml.forecast_features.")
    {
        PredictionsFile, MlOptions.OneHorizon, Name, MlOptions.Tracking,
    }
        .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var services = await lake.TrackingAsync(MlOptions.TrackingOf(line), cancellationToken);
        var request = new EvaluationRequest(line.GetValue(PredictionsFile)!, Horizon.Of(line.GetValue(MlOptions.OneHorizon)!), line.GetValue(Name)!);
        var outcome = await new EvaluationRun(lake.Lake, services).RunAsync(request, Console.Out.WriteLine, cancellationToken);
        await Console.Out.WriteLineAsync(ScoreSentence.Of(request.Name, outcome.Scores, outcome.Evaluated));
        return 0;
    }
}
