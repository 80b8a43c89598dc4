using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Forecasting;
using PvLakehouse.Forecasting.Training;
using PvLakehouse.Solar.Time;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml train</c>: trains models and scores them beside the references.</summary>
internal static class TrainCommand
{
    private static readonly Option<DateOnly?> ValidationFrom = Day(
        "--validation-from", "First day (NEM) of the hours that decide; those before it are learned from. By default after 70 % of the days.");

    private static readonly Option<DateOnly?> TestFrom = Day(
        "--test-from", "First day (NEM) of the hours that judge; two days between stay unused. By default after 85 % of the days.");

    private static readonly Option<string?> Repeat = new("--repeat")
    {
        Description = "Repeat a run from its record: same features, settings and split, same metrics.",
        HelpName = "RUN",
    };

    public static Option<string[]> Parameter { get; } = new("--param")
    {
        Description = "A parameter of the learner, for example num_leaves=63; its parameters are listed by an unknown name.",
        HelpName = "NAME=VALUE",
    };

    /// <summary>The parameters of a command line.</summary>
    /// <exception cref="ForecastingException">One is no pair of name and value.</exception>
    public static IReadOnlyDictionary<string, string> ParametersOf(ParseResult line)
    {
        var parameters = (line.GetValue(Parameter) ?? []).Select(text => text.Split('=', 2)).ToArray();
        return parameters.FirstOrDefault(pair => pair.Length != 2) is { } wrong
            ? throw new ForecastingException($"'{wrong[0]}' is no parameter; expected NAME=VALUE, for example num_leaves=63.")
            : parameters.ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    public static Command Build() => new Command("train", "Trains models on ml.forecast_features, scores them on later hours and registers them.")
    {
        MlOptions.Learners, Parameter, MlOptions.Seed, ValidationFrom, TestFrom, Repeat, MlOptions.Horizons, MlOptions.Tracking,
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
        var parameters = ParametersOf(line);
        var split = Split(line);
        return
            from horizon in MlOptions.HorizonsOf(line)
            from learner in line.GetValue(MlOptions.Learners)!
            select new TrainingRequest
            {
                Horizon = horizon,
                Split = split,
                Learner = new()
                {
                    Learner = learner,
                    Seed = line.GetValue(MlOptions.Seed),
                    Parameters = parameters,
                },
            };
    }

    private static TimeSplit? Split(ParseResult line) => (line.GetValue(ValidationFrom), line.GetValue(TestFrom)) switch
    {
        (null, null) => null,
        ({ } validation, { } test) when validation < test =>
            new(NetworkClock.Nem.StartOf(validation), NetworkClock.Nem.StartOf(test), TimeSplit.UsualGap),
        _ => throw new ForecastingException(
            "--validation-from and --test-from go together, the first before the second: what is learned from, what decides and what judges "
            + "follow each other."),
    };

    private static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "YYYY-MM-DD",
        CustomParser = CommonOptions.Day,
    };

    /// <summary>What a training brought, in a sentence.</summary>
    internal static string Sentence(TrainingOutcome outcome) =>
        ScoreSentence.Of($"{outcome.Version.Name} version {outcome.Version.Version}", outcome.Scores, outcome.Evaluated);
}
