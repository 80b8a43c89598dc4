using System.CommandLine;
using PvLakehouse.Cli.Commands.Tables;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Keeping;
using PvLakehouse.Pipeline.Keeping.Removal;

namespace PvLakehouse.Cli.Commands.Keeping;

/// <summary><c>pvlake purge</c>: removes a table, or all, with every file.</summary>
internal static class PurgeCommand
{
    private static readonly string[] Columns = ["table", "rows", "snapshots", "files", "bytes"];

    private static readonly Argument<string?> Table = new("table")
    {
        Description = "The table, for example gold.dim_date; without it all tables.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Archive = new("--archive")
    {
        Description = "Also remove the archive of response bodies; bronze can then not be rebuilt without the sources.",
    };

    public static Command Build()
    {
        var (dry, yes) = (TableOptions.DryRun(), Confirmation.Yes());
        return new Command("purge", "Removes a table, or all, with all snapshots and files.") { Table, Archive, dry, yes }
            .Does(async (line, cancellationToken) =>
            {
                var (name, isDry) = (line.GetValue(Table), line.GetValue(dry));
                if (name is not null && line.GetValue(Archive))
                {
                    throw new LakeException("--archive goes with the purge of all tables: the archive does not know tables.");
                }

                await using var lake = await TableOptions.OpenAsync(line, toRead: isDry, cancellationToken);
                var kept = await lake.KeptAsync(origin: null, cancellationToken);
                var removal = new TableRemoval(lake.Lake, kept.Io);
                var plans = new List<TableRemovalPlan>();
                foreach (var table in await TablesAsync(lake, name, cancellationToken))
                {
                    plans.Add(await removal.PlanAsync(table, cancellationToken));
                }

                await TableOptions.PrintAsync(
                    line,
                    Columns,
                    plans.Select(plan => new object?[] { plan.Table.ToString(), plan.Rows, plan.Snapshots, plan.Files, plan.Bytes }),
                    cancellationToken);
                if (isDry)
                {
                    await Console.Error.WriteLineAsync("Dry run: nothing was removed.");
                    return 0;
                }

                await Confirmation.AskAsync(
                    $"{(name is null ? $"All {plans.Count} tables" : plans[0].Table)} of {lake.Name} with all history are to be removed "
                    + "for good.",
                    plans is [var only] ? only.Table.ToString() : "purge", line.GetValue(yes));
                foreach (var plan in plans)
                {
                    await removal.RunAsync(plan.Table, cancellationToken);
                }

                if (line.GetValue(Archive))
                {
                    await kept.Io.DeleteManyAsync(
                        await kept.Io.ListAsync(kept.Archive, cancellationToken)
                            .Select(file => file.Location).ToListAsync(cancellationToken),
                        cancellationToken);
                }

                await Console.Error.WriteLineAsync($"{plans.Count} tables removed. Backups still hold them.");
                return 0;
            });
    }

    /// <summary>One table, or all with those first that are made of others.</summary>
    private static async Task<IReadOnlyList<TableIdentifier>> TablesAsync(OpenLake lake, string? name, CancellationToken cancellationToken)
    {
        if (name is not null)
        {
            return [(await TableOptions.LoadAsync(lake, name, cancellationToken)).Identifier];
        }

        string[] order = ["gold", "silver", "bronze"];
        return
        [
            .. (await TableHeads.PinAsync(lake.Catalog, cancellationToken)).Select(table => table.Identifier)
                .OrderBy(table => Array.IndexOf(order, table.Namespace.ToString())),
        ];
    }
}
