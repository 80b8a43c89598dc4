using System.CommandLine;
using System.Globalization;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Forecasting;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Features;
using PvLakehouse.Forecasting.Learners;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml train</c>: trains models and scores them beside the references.</summary>
internal static class TrainCommand
{
    private static readonly Option<string[]> Learner = Learners();

    private static readonly Option<string[]> Parameter = new("--param")
    {
        Description = "A parameter of the learner, for example num_leaves=63; its parameters are listed by an unknown name.",
        HelpName = "NAME=VALUE",
    };

    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of all draws.", DefaultValueFactory = _ => 42 };

    private static readonly Option<string?> Repeat = new("--repeat")
    {
        Description = "Repeat a run from its record: same features, settings and split, same metrics.",
        HelpName = "RUN",
    };

    public static Command Build() => new Command("train", "Trains models on ml.forecast_features, scores them on later hours and registers them.")
    {
        Learner, Parameter, Seed, Repeat, MlOptions.Horizons, MlOptions.Tracking,
    }
        .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var services = await lake.TrackingAsync(MlOptions.TrackingOf(line), cancellationToken);
        IReadOnlyList<TrainingRequest> requests = line.GetValue(Repeat) is { } id
            ? [RunRecord.Read(await services.Tracking.GetRunAsync(id, cancellationToken))]
            : [.. Requests(line)];
        foreach (var request in requests)
        {
            var outcome = await new TrainingRun(lake.Lake, services).RunAsync(request, Console.Out.WriteLine, cancellationToken);
            await Console.Out.WriteLineAsync(Sentence(outcome));
        }

        return 0;
    }

    private static IEnumerable<TrainingRequest> Requests(ParseResult line)
    {
        var parameters = (line.GetValue(Parameter) ?? []).Select(text => text.Split('=', 2)).ToArray();
        if (parameters.FirstOrDefault(pair => pair.Length != 2) is { } wrong)
        {
            throw new ForecastingException($"'{wrong[0]}' is no parameter; expected NAME=VALUE, for example num_leaves=63.");
        }

        return
            from horizon in MlOptions.HorizonsOf(line)
            from learner in line.GetValue(Learner)!
            select new TrainingRequest
            {
                Horizon = horizon,
                Learner = new()
                {
                    Learner = learner,
                    Seed = line.GetValue(Seed),
                    Parameters = parameters.ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal),
                },
            };
    }

    private static string Sentence(TrainingOutcome outcome)
    {
        var score = outcome.Scores.First(score => score.Subset == ScoreSubset.Daylight && score.By == "all");
        var perfect = outcome.Evaluated.Weather == WeatherKind.Hindcast ? " Perfect prog: no accuracy of a forecast." : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.Version.Name} version {outcome.Version.Version}: daylight nMAE {score.Points.NormalisedMae:P1}, nRMSE {score.Points.NormalisedRmse:P1} of AC "
            + $"capacity, skill {score.Skill?.Skill:P1}, 80 % band covers {score.Quantiles?.Coverage:P1}; run {outcome.RunId}.{perfect}");
    }

    private static Option<string[]> Learners()
    {
        var option = new Option<string[]>("--learner")
        {
            Description = "The learners; by default the first.",
            HelpName = string.Join("|", LearnerCatalogue.All.Select(kind => kind.Name)),
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [LearnerCatalogue.All[0].Name],
        };
        option.AcceptOnlyFromAmong([.. LearnerCatalogue.All.Select(kind => kind.Name)]);
        return option;
    }
}
