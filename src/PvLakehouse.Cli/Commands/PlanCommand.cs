using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake plan</c>: what a run, or the load of one dataset, would ask.</summary>
internal static class PlanCommand
{
    private static readonly string[] Columns = ["dataset", "provider", "requests", "cost", "cost_unit", "rows", "seconds"];

    private static readonly Argument<string?> Dataset = Optional();

    public static Command Build()
    {
        var command = new Command(
            "plan", "Says what 'run' with the same options, or 'bronze' with the same dataset and options, would ask; asks and writes "
            + "nothing.")
        {
            Dataset,
            BronzeCommand.Mode,
        };
        BronzeCommand.AddSourceOptions(command);
        command.Options.Add(CommonOptions.Forecasts);
        return command.Does(RunAsync);
    }

    private static Argument<string?> Optional()
    {
        var argument = new Argument<string?>("dataset")
        {
            Description = $"One of {string.Join(", ", Datasets.Of("bronze"))}; what a run loads when left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        argument.AcceptOnlyFromAmong([.. Datasets.Of("bronze")]);
        return argument;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var settings = LakeConfiguration.Read(line);
        var dataset = line.GetValue(Dataset);
        var request = BronzeCommand.Request(line, line.GetValue(BronzeCommand.Mode), settings, needsWindow: dataset != "facilities");
        await using var source = await DataSource.StartAsync(line, cancellationToken);
        await using var lake = settings.Catalog is null && !LakeFolder.Exists(settings.Folder)
            ? null
            : await OpenLake.ForReadingAsync(settings, cancellationToken);
        var plan = await source.Planner(lake, settings).PlanAsync(
            dataset is null ? await BronzeDatasets.OfRunAsync(lake?.Lake, request, cancellationToken) : [dataset], request, cancellationToken);
        await new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out).PrintAsync(
            Columns,
            plan.Loads.Select(load => (object?[])
            [
                load.Dataset, load.Provider, (long)load.Requests, Math.Round(load.Cost, 1), PlanText.UnitOf(load.Provider), load.Rows,
                load.Duration == TimeSpan.Zero ? null : Math.Ceiling(load.Duration.TotalSeconds),
            ]).ToAsyncEnumerable(),
            cancellationToken);
        foreach (var sentence in PlanText.Sentences(plan))
        {
            // Not among the rows: whoever reads those with a program shall not stumble over a sentence.
            await Console.Error.WriteLineAsync(sentence);
        }

        return 0;
    }
}
