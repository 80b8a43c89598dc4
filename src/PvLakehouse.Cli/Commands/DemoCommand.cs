using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using PvLakehouse.Cli.Commands.Ml;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Bronze;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake demo</c>: two years of eight farms from the sandbox to gold, one more day, what came of it, and forecasts of tomorrow.</summary>
internal static class DemoCommand
{
    private static readonly DayRange DefaultWindow = new(new DateOnly(2024, 1, 1), new DateOnly(2025, 12, 22));

    public static Command Build()
    {
        var command = new Command("demo", "Builds a lake from the sandbox: two years, three sources, eight farms; one more day; forecasts of the next.");
        BronzeCommand.AddSourceOptions(command);
        return command.Does(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var output = Console.Out;
        var window = CommonOptions.Window(line) ?? DefaultWindow;
        var settings = LakeConfiguration.Read(line);
        var request = BronzeCommand.Request(line, IngestMode.Backfill, settings, needsWindow: false) with { Window = window };
        await using var source = await DataSource.StartAsync(line, cancellationToken);
        // What was recorded has no forecasts of the weather, and a model of a few days would say nothing.
        var isForecasting = source.Origin != "replay" && window.Days >= ForecastDemo.FewestDays;
        request = request with { WithForecasts = isForecasting };
        await using var lake = await OpenLake.ForIngestAsync(settings, source.Origin, cancellationToken);
        await output.WriteLineAsync($"Lake: {lake.Name}");
        await output.WriteLineAsync(source.Description);

        var pipeline = source.Feed(lake);
        var reporter = new StageReporter(output, lake.Lineage);
        await output.WriteLineAsync($"\nBackfill {window}");
        await PlanText.WriteAsync(
            await source.Planner(lake, settings).PlanAsync(
                await BronzeDatasets.OfRunAsync(lake.Lake, request, cancellationToken), request, cancellationToken),
            output);
        await pipeline.RunAsync(request, reporter.RunAsync, cancellationToken);
        var next = window.Last.AddDays(1);
        await output.WriteLineAsync($"\nOne day more, {next.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}");
        await pipeline.RunAsync(request with { Mode = IngestMode.Incremental, Window = new DayRange(next, next) }, reporter.RunAsync,
            cancellationToken);

        var format = line.GetValue(CommonOptions.Format);
        var printer = new ResultPrinter(format, output);
        await new LakeSummary(lake.Lake, printer, output).PrintAsync(cancellationToken);
        await output.WriteLineAsync(reporter.Results.All(stage => stage.NothingNew)
            ? "\nNothing new was written: the lake already had all of it."
            : "");
        if (isForecasting)
        {
            await ForecastDemo.RunAsync(lake, source.Clock, printer, format, cancellationToken);
        }

        using var process = Process.GetCurrentProcess();
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Done in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s with at most {process.PeakWorkingSet64 / 1e6:0} MB of "
            + $"memory."));
        await output.WriteLineAsync($"Ask it: pvlake sql {lake.Arguments} \"SELECT * FROM iceberg.gold.dim_facility\"");
        return 0;
    }
}
