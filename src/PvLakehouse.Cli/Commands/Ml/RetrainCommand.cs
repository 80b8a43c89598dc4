using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Monitoring;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml retrain</c>: a challenger where the champion fails, and the better of both from then on.</summary>
internal static class RetrainCommand
{
    private static readonly Option<bool> Force = new("--force") { Description = "Train a challenger although no check fails." };

    private static readonly Option<string?> Learner = LearnerOption();

    public static Command Build() => new Command(
        "retrain",
        "Trains a challenger where a check of 'pvlake ml monitor' fails; it becomes champion only when it errs less, beyond chance, on hours that "
        + "neither has seen.")
    {
        MlOptions.Horizons, MonitorCommand.Days, Force, Learner, TrainCommand.Parameter, MlOptions.Tracking,
    }
        .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var parameters = TrainCommand.ParametersOf(line);
        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var services = await lake.TrackingAsync(MlOptions.TrackingOf(line), cancellationToken);
        var retraining = new Retraining(lake.Lake, services, MonitorThresholds.Usual);
        var done = await MonitorCommand.EachAsync(
            await MlOptions.WithChampionAsync(line, services, cancellationToken),
            async horizon => await Console.Out.WriteLineAsync(Sentence(await retraining.RunAsync(
                new()
                {
                    Horizon = horizon,
                    Force = line.GetValue(Force),
                    Days = line.GetValue(MonitorCommand.Days),
                    Learner = line.GetValue(Learner),
                    Parameters = parameters,
                },
                Console.Out.WriteLine, cancellationToken))));
        return done ? 0 : Faults.Failed;
    }

    private static string Sentence(RetrainDecision? decision) => decision switch
    {
        null => "No check fails, so no challenger is needed; --force trains one nevertheless.",
        { Promoted: true } => $"{decision.ModelName} version {decision.ChallengerVersion} is champion now. {decision.Reason}",
        _ => $"{decision.ModelName} version {decision.ChampionVersion} stays champion. {decision.Reason}",
    };

    private static Option<string?> LearnerOption()
    {
        var option = new Option<string?>("--learner")
        {
            Description = "The learner of the challenger; by default that of the champion, with its parameters.",
            HelpName = string.Join("|", LearnerCatalogue.All.Select(kind => kind.Name)),
        };
        option.AcceptOnlyFromAmong([.. LearnerCatalogue.All.Select(kind => kind.Name)]);
        return option;
    }
}
