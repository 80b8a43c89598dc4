using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Forecasting.Evaluation;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Forecasting.Training;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml runs</c>: the trainings that tracking knows.</summary>
internal static class RunsCommand
{
    private static readonly string[] Columns = ["run", "name", "status", "started", "learner", "horizon", "weather", "nmae", "nrmse", "skill"];

    private static readonly Option<string?> Filter = new("--filter")
    {
        Description = "Which runs, in MLflow's filter language, for example \"metrics.`test.daylight.nmae` < 0.1 and params.learner = 'ridge'\".",
        HelpName = "FILTER",
    };

    public static Command Build() =>
        new Command("runs", "Lists trainings, the newest first.") { Filter, MlOptions.Tracking }.Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var services = await lake.TrackingAsync(MlOptions.TrackingOf(line), cancellationToken);
        var experiment = await services.Tracking.FindExperimentAsync(TrainingRun.Experiment, cancellationToken);
        await new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out).PrintAsync(
            Columns,
            experiment is null
                ? AsyncEnumerable.Empty<object?[]>()
                : Rows(services.Tracking, experiment.ExperimentId, line.GetValue(Filter), cancellationToken),
            cancellationToken);
        return 0;
    }

    private static async IAsyncEnumerable<object?[]> Rows(
        ITrackingStore tracking, string experiment, string? filter,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new SearchQuery { Filter = filter };
        do
        {
            var page = await tracking.SearchRunsAsync([experiment], query, cancellationToken);
            foreach (var run in page.Items)
            {
                yield return
                [
                    run.Info.RunId, run.Info.RunName, run.Info.Status.ToString(), run.Info.StartTime.UtcDateTime,
                    run.Data.Params.GetValueOrDefault(RunRecord.Learner), run.Data.Params.GetValueOrDefault(RunRecord.Horizon),
                    run.Data.Params.GetValueOrDefault(RunRecord.Weather), Value("nmae"), Value("nrmse"), Value("skill"),
                ];

                double? Value(string metric) => run.Data.Metrics.TryGetValue(ScoreStore.DaylightMetric(metric), out var found)
                    ? Math.Round(found.Value, 4)
                    : null;
            }

            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null);
    }
}
