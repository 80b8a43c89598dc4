using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Scoring;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml models promote</c>: a person's decision on what forecasts are made with.</summary>
internal static class PromoteCommand
{
    private static readonly Option<int> Version = new("--model-version")
    {
        Description = "Number of the version that becomes champion; 'pvlake ml models' lists them.",
        HelpName = "N",
        Required = true,
    };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why; kept with the version.",
        HelpName = "TEXT",
        Required = true,
    };

    public static Command Build() => new Command("promote", "Makes a version the champion of its class of forecasts, also to go back to an earlier one.")
    {
        MlOptions.OneHorizon, Version, Reason, MlOptions.Tracking,
    }
        .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var reason = line.GetValue(Reason)!;
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new LakeException("--reason is empty; expected why the version becomes champion.");
        }

        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var services = await lake.TrackingAsync(MlOptions.TrackingOf(line), cancellationToken);
        var model = TrainingRun.ModelName(Horizon.Of(line.GetValue(MlOptions.OneHorizon)!));
        var version = await services.Registry.GetModelVersionAsync(model, line.GetValue(Version), cancellationToken);

        // What cannot be loaded could not forecast.
        using (await RegisteredForecast.LoadAsync(services, version, cancellationToken))
        {
        }

        await services.Registry.PromoteAsync(model, version.Version, ModelAlias.Champion, reason, cancellationToken);
        await new ModelDescriptions(lake.Lake, services).WriteAsync(model, cancellationToken);
        await new LakeModels(lake.Lake).RunForecastsAsync(cancellationToken);
        await Console.Out.WriteLineAsync($"{model} version {version.Version} is champion now.");
        return 0;
    }
}
