using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake bronze</c>: loads one dataset from its source.</summary>
internal static class BronzeCommand
{
    internal static Option<IngestMode> Mode { get; } = new("--mode")
    {
        Description = "backfill: the days of a window that the lake lacks; incremental: what is new up to yesterday.",
        DefaultValueFactory = _ => IngestMode.Incremental,
    };

    private static readonly Argument<string> Dataset = DatasetArgument.Of("bronze");

    public static Command Build()
    {
        var command = new Command("bronze", "Loads one dataset from its source into bronze.") { Dataset, Mode };
        AddSourceOptions(command);
        return command.Does(RunAsync);
    }

    /// <summary>The options of every command that asks a source.</summary>
    internal static void AddSourceOptions(Command command)
    {
        command.Options.Add(CommonOptions.Source);
        command.Options.Add(CommonOptions.Replay);
        command.Options.Add(CommonOptions.Fault);
        command.Options.Add(CommonOptions.Facilities);
        command.Options.Add(CommonOptions.Start);
        command.Options.Add(CommonOptions.End);
        command.Options.Add(CommonOptions.Refresh);
        command.Options.Add(CommonOptions.Lookback);
        command.Options.Add(CommonOptions.Interval);
    }

    /// <summary>What a command line and the lake's settings ask a loader for.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="mode">Backfill or incremental.</param>
    /// <param name="settings">The lake's settings.</param>
    /// <param name="needsWindow">Whether a backfill must have a window; the register has no days, so its does not.</param>
    /// <exception cref="PipelineException">A backfill without window.</exception>
    internal static IngestRequest Request(ParseResult line, IngestMode mode, LakeSettings settings, bool needsWindow = true)
    {
        var window = CommonOptions.Window(line);
        return needsWindow && mode == IngestMode.Backfill && window is null
            ? throw new PipelineException("A backfill needs a window: --date-start and --date-end, whole days, both included.")
            : new IngestRequest
            {
                Mode = mode,
                Facilities = line.GetValue(CommonOptions.Facilities)!,
                Window = window,
                Refresh = line.GetValue(CommonOptions.Refresh),
                LookbackDays = line.GetValue(CommonOptions.Lookback) ?? settings.LookbackDays,
                WithForecasts = line.GetValue(CommonOptions.Forecasts),
                Interval = line.GetValue(CommonOptions.Interval) ?? settings.Interval,
            };
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var (dataset, mode) = (line.GetValue(Dataset)!, line.GetValue(Mode));
        var settings = LakeConfiguration.Read(line);
        var request = Request(line, mode, settings, needsWindow: dataset != "facilities");
        await using var source = await DataSource.StartAsync(line, cancellationToken);
        await using var lake = await OpenLake.ForIngestAsync(settings, source.Origin, cancellationToken);
        var reporter = new StageReporter(Console.Out, lake.Lineage);
        await Console.Out.WriteLineAsync(source.Description);
        await PlanText.WriteAsync(await source.Planner(lake, settings).PlanAsync([dataset], request, cancellationToken), Console.Out);
        await reporter.RunAsync(dataset, () => source.Feed(lake).BronzeAsync(dataset, request, cancellationToken));
        return 0;
    }
}
