using System.CommandLine;
using PvLakehouse.Cli.Commands.Tables;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands.Keeping;

/// <summary><c>pvlake rebuild</c>: makes tables anew from what they were made of.</summary>
internal static class RebuildCommand
{
    private static readonly string[] Columns = ["table", "rows_now", "snapshot_id"];

    private static readonly Option<RebuildSource> From = new("--from")
    {
        Description = "bronze: silver and gold anew from bronze; archive: bronze too, from the archived answers of the sources.",
        Required = true,
    };

    public static Command Build()
    {
        var (dry, yes) = (TableOptions.DryRun(), Confirmation.Yes());
        return new Command("rebuild", "Makes tables anew; the old ones stay what readers see until all new ones are complete and have passed their checks.")
        {
            From, dry, yes,
        }.Does(async (line, cancellationToken) =>
        {
            var isDry = line.GetValue(dry);
            await using var lake = await TableOptions.OpenAsync(line, toRead: isDry, cancellationToken);
            var tables = new List<object?[]>();
            foreach (var contract in Datasets.Contracts.Where(contract => contract.Layer is "silver" or "gold"))
            {
                if (await lake.Catalog.TableExistsAsync(contract.Identifier, cancellationToken))
                {
                    var head = (await lake.Catalog.LoadTableAsync(contract.Identifier, cancellationToken)).CurrentSnapshot;
                    tables.Add([contract.ToString(), head?.Summary.GetValueOrDefault("total-records"), head?.SnapshotId]);
                }
            }

            await TableOptions.PrintAsync(line, Columns, tables, cancellationToken);
            if (isDry)
            {
                await Console.Error.WriteLineAsync("Dry run: nothing was rebuilt.");
                return 0;
            }

            await Confirmation.AskAsync("These tables are to be made anew.", "rebuild", line.GetValue(yes));
            var reporter = new StageReporter(Console.Out, lake.Lineage);
            await new AuditedRun(lake.Lake).RunAsync(
                models => models.RunAllAsync(ModelMode.Full, LoadStrategy.Overwrite, reporter.RunAsync, cancellationToken), reporter.RunAsync, cancellationToken);
            return 0;
        });
    }
}

/// <summary>What tables are rebuilt from.</summary>
internal enum RebuildSource
{
    /// <summary>Silver and gold, from bronze.</summary>
    Bronze,
}
