using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Bronze;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake run</c>: every stage in order.</summary>
internal static class RunCommand
{
    public static Command Build()
    {
        var command = new Command("run", "Loads all datasets and makes all silver and gold tables, in order.") { BronzeCommand.Mode };
        BronzeCommand.AddSourceOptions(command);
        command.Options.Add(CommonOptions.Forecasts);
        return command.Does(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var settings = LakeConfiguration.Read(line);
        var request = BronzeCommand.Request(line, line.GetValue(BronzeCommand.Mode), settings);
        await using var source = await DataSource.StartAsync(line, cancellationToken);
        await using var lake = await OpenLake.ForIngestAsync(settings, source.Origin, cancellationToken);
        await Console.Out.WriteLineAsync(source.Description);
        var reporter = new StageReporter(Console.Out, lake.Lineage);
        await PlanText.WriteAsync(
            await source.Planner(lake, settings).PlanAsync(
                await BronzeDatasets.OfRunAsync(lake.Lake, request, cancellationToken), request, cancellationToken),
            Console.Out);
        await source.Feed(lake).RunAsync(request, reporter.RunAsync, cancellationToken);
        return 0;
    }
}
