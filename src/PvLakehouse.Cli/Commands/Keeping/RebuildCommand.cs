using System.CommandLine;
using PvLakehouse.Cli.Commands.Tables;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Keeping.Rebuilding;
using PvLakehouse.Pipeline.Publishing;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands.Keeping;

/// <summary><c>pvlake rebuild</c>: makes tables anew from what they were made of.</summary>
internal static class RebuildCommand
{
    private static readonly string[] Columns = ["table", "rows_now", "snapshot_id"];
    private static readonly string[] ArchiveColumns = ["table", "rows_now", "loads", "bodies", "bytes"];

    private static readonly Option<RebuildSource> From = new("--from")
    {
        Description = "bronze: silver and gold anew from bronze; archive: bronze too, from the archived answers of the sources, none of "
            + "which is asked.",
        Required = true,
    };

    public static Command Build()
    {
        var (dry, yes) = (TableOptions.DryRun(), Confirmation.Yes());
        return new Command(
            "rebuild", "Makes tables anew; the old ones stay what readers see until all new ones are complete and have passed their "
            + "checks.")
        {
            From, dry, yes,
        }.Does(async (line, cancellationToken) =>
        {
            var isDry = line.GetValue(dry);
            await using var lake = await TableOptions.OpenAsync(line, toRead: isDry, cancellationToken);
            var reporter = new StageReporter(Console.Out, lake.Lineage);
            var rebuild = line.GetValue(From) == RebuildSource.Archive
                ? await PlanArchiveAsync(line, lake, reporter, cancellationToken)
                : await PlanBronzeAsync(line, lake, reporter, cancellationToken);
            if (isDry)
            {
                await Console.Error.WriteLineAsync("Dry run: nothing was rebuilt.");
                return 0;
            }

            await Confirmation.AskAsync("These tables are to be made anew.", "rebuild", line.GetValue(yes));
            await rebuild();
            return 0;
        });
    }

    private static async Task<Func<Task>> PlanBronzeAsync(
        ParseResult line, OpenLake lake, StageReporter reporter, CancellationToken cancellationToken)
    {
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
        return () => new AuditedRun(lake.Lake).RunAsync(
            models => models.RunAllAsync(ModelMode.Full, LoadStrategy.Overwrite, reporter.RunAsync, cancellationToken),
            reporter.RunAsync, cancellationToken);
    }

    private static async Task<Func<Task>> PlanArchiveAsync(
        ParseResult line, OpenLake lake, StageReporter reporter, CancellationToken cancellationToken)
    {
        var rebuild = new ArchiveRebuild(lake.Lake, lake.Archive);
        var plans = await rebuild.PlanAsync(cancellationToken);
        var tables = new List<object?[]>();
        foreach (var plan in plans)
        {
            var head = await lake.Catalog.TableExistsAsync(plan.Table.Identifier, cancellationToken)
                ? (await lake.Catalog.LoadTableAsync(plan.Table.Identifier, cancellationToken)).CurrentSnapshot
                : null;
            tables.Add(
                [plan.Table.ToString(), head?.Summary.GetValueOrDefault("total-records"), plan.Records.Count, plan.Bodies, plan.Bytes]);
        }

        await TableOptions.PrintAsync(line, ArchiveColumns, tables, cancellationToken);
        return () => rebuild.RunAsync(plans, reporter.RunAsync, cancellationToken);
    }
}

/// <summary>What tables are rebuilt from.</summary>
internal enum RebuildSource
{
    /// <summary>Silver and gold, from bronze.</summary>
    Bronze,

    /// <summary>Everything, from the archived answers.</summary>
    Archive,
}
