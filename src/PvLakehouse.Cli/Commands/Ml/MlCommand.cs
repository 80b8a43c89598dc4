using System.CommandLine;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml</c>: forecasts of energy, from their features to their scores.</summary>
internal static class MlCommand
{
    public static Command Build() => new("ml", "Forecasts energy: features, models, scores.")
    {
        FeaturesCommand.Build(),
        TrainCommand.Build(),
        TuneCommand.Build(),
        EvaluateCommand.Build(),
        ScoreboardCommand.Build(),
        PredictCommand.Build(),
        RunsCommand.Build(),
        ModelsCommand.Build(),
        MonitorCommand.Build(),
        RetrainCommand.Build(),
    };
}
