using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Cli.Commands.Ml;

/// <summary><c>pvlake ml models</c>: the registered models.</summary>
internal static class ModelsCommand
{
    private static readonly string[] Columns = ["model", "version", "aliases", "made", "run", "description", "promoted_because"];

    public static Command Build() => new Command("models", "Lists registered models and their versions.")
    {
        MlOptions.Tracking, PromoteCommand.Build(),
    }
        .Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(LakeConfiguration.Read(line), cancellationToken);
        await using var services = await lake.TrackingAsync(MlOptions.TrackingOf(line), cancellationToken);
        await new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out).PrintAsync(Columns, Rows(services.Registry, cancellationToken), cancellationToken);
        return 0;
    }

    private static async IAsyncEnumerable<object?[]> Rows(
        IModelRegistry registry, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = SearchQuery.Everything;
        do
        {
            var page = await registry.SearchModelVersionsAsync(query, cancellationToken);
            foreach (var version in page.Items)
            {
                yield return
                [
                    version.Name, version.Version, string.Join(", ", version.Aliases), version.CreationTimestamp.UtcDateTime, version.RunId, version.Description,
                    version.Tags.GetValueOrDefault($"pvlake.{ModelAlias.Champion}.reason"),
                ];
            }

            query = query with { PageToken = page.NextPageToken };
        }
        while (query.PageToken is not null);
    }
}
