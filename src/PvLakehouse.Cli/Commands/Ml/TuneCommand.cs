using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Forecasting;
using PvLakehouse.Forecasting.Tuning;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml tune</c>: searches the settings of a learner and trains the best.</summary>
internal static class TuneCommand
{
    private static readonly Option<int> Candidates = new("--candidates")
    {
        Description = "How many settings are drawn; a third of them goes on from rung to rung.",
        DefaultValueFactory = _ => 27,
    };

    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "Budget of each search; the training of the winner comes on top.",
        DefaultValueFactory = _ => 10,
    };

    public static Command Build() =>
        new Command("tune", "Searches settings of learners by cross-validation before the test, trains the best and registers it.")
        {
            MlOptions.Learners, MlOptions.Horizons, Candidates, Minutes, MlOptions.Seed, MlOptions.Tracking,
        }
        .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var services = await lake.TrackingAsync(MlOptions.TrackingOf(line), cancellationToken);
        foreach (var horizon in MlOptions.HorizonsOf(line))
        {
            foreach (var learner in line.GetValue(MlOptions.Learners)!)
            {
                var outcome = await new TuningRun(lake.Lake, services).RunAsync(
                    new()
                    {
                        Horizon = horizon,
                        Learner = learner,
                        Candidates = line.GetValue(Candidates),
                        Budget = Budget(line.GetValue(Minutes)),
                        Seed = line.GetValue(MlOptions.Seed),
                    },
                    Console.Out.WriteLine,
                    cancellationToken);
                await Console.Out.WriteLineAsync(TrainCommand.Sentence(outcome.Training));
            }
        }

        return 0;
    }

    private static TimeSpan Budget(double minutes) => Math.Abs(minutes) <= 1e6
        ? TimeSpan.FromMinutes(minutes)
        : throw new ForecastingException(
            $"A budget of that many minutes is none; expected up to {TuningRequest.LongestBudget.TotalMinutes}, a week.");
}
