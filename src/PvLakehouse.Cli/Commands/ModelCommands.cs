using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake silver</c> and <c>pvlake gold</c>: make one table from the layer below.</summary>
internal static class ModelCommands
{
    private static readonly Option<ModelMode> Mode = new("--mode")
    {
        Description = "full: all rows; incremental: those that new source rows touch.",
        DefaultValueFactory = _ => ModelMode.Incremental,
    };

    private static readonly Option<LoadStrategy> Strategy = new("--load-strategy")
    {
        Description = "merge: new and changed rows by key; overwrite: the whole table, with --mode full.",
        DefaultValueFactory = _ => LoadStrategy.Merge,
    };

    public static Command BuildSilver() =>
        Build("silver", "Makes one silver table from bronze.", (models, dataset, mode, strategy, token) =>
            models.SilverAsync(dataset, mode, strategy, token));

    public static Command BuildGold() =>
        Build("gold", "Makes one gold table from silver.", (models, dataset, mode, strategy, token) =>
            models.GoldAsync(dataset, mode, strategy, token));

    private static Command Build(
        string layer, string description, Func<LakeModels, string, ModelMode, LoadStrategy, CancellationToken, Task<StageResult>> make)
    {
        var dataset = DatasetArgument.Of(layer);
        return new Command(layer, description) { dataset, Mode, Strategy }.Does(async (line, cancellationToken) =>
        {
            await using var lake = await OpenLake.ForWritingAsync(LakeConfiguration.Read(line), cancellationToken);
            var name = line.GetValue(dataset)!;
            var reporter = new StageReporter(Console.Out, lake.Lineage);
            await new AuditedRun(lake.Lake).RunAsync(
                models => reporter.RunAsync(
                    name, () => make(models, name, line.GetValue(Mode), line.GetValue(Strategy), cancellationToken)),
                reporter.RunAsync, cancellationToken);
            return 0;
        });
    }
}
