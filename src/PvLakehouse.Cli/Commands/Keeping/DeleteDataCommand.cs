using System.CommandLine;
using System.Globalization;
using PvLakehouse.Cli.Commands.Tables;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Forecasting;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Keeping.Removal;

namespace PvLakehouse.Cli.Commands.Keeping;

/// <summary><c>pvlake delete-data</c>: deletes rows by a condition, or what bronze and models hold of a farm and its days.</summary>
internal static class DeleteDataCommand
{
    private static readonly string[] Columns = ["table", "rows", "of", "data_files", "snapshots", "condition"];

    private static readonly Option<string?> Table = new("--table") { Description = "The table, with --where.", HelpName = "TABLE" };

    private static readonly Option<string?> Where = new("--where")
    {
        Description = "Which rows, in SQL over the table's columns, for example \"facility_code = 'AVLSF'\".",
        HelpName = "CONDITION",
    };

    private static readonly Option<string?> Facility = new("--facility")
    {
        Description = "A farm: its rows in all tables of bronze and of models, in the window --start to --end or all of them.",
        HelpName = "CODE",
    };

    private static readonly Option<bool> Erase = new("--erase")
    {
        Description = "Also remove all earlier snapshots of the tables and their files, so that the rows are really gone.",
    };

    public static Command Build()
    {
        var (dry, yes) = (TableOptions.DryRun(), Confirmation.Yes());
        return new Command("delete-data", "Deletes rows of a table, or what bronze and models hold of a farm.")
        {
            Table, Where, Facility, CommonOptions.Start, CommonOptions.End, Erase, dry, yes,
        }.Does(async (line, cancellationToken) =>
        {
            Check(line);
            var isDry = line.GetValue(dry);
            await using var lake = await TableOptions.OpenAsync(line, toRead: isDry, cancellationToken);
            var removal = new RowRemoval(lake.Lake);
            var plans = new List<RemovalPlan>();
            foreach (var (table, condition) in await ConditionsAsync(line, lake, cancellationToken))
            {
                if (await lake.Catalog.TableExistsAsync(table, cancellationToken))
                {
                    plans.Add(await removal.PlanAsync(table, condition, mayBeAll: line.GetValue(Facility) is not null, cancellationToken));
                }
            }

            await TableOptions.PrintAsync(line, Columns, plans.Select(plan => new object?[]
            {
                plan.Table.ToString(), plan.Rows, plan.AllRows, plan.Files, plan.Snapshots, plan.Condition,
            }), cancellationToken);
            var rows = plans.Sum(plan => plan.Rows);
            if (isDry || rows == 0)
            {
                await Console.Error.WriteLineAsync(
                    isDry ? "Dry run: nothing was deleted." : "No row meets the condition; nothing was deleted.");
                return 0;
            }

            await Confirmation.AskAsync(
                string.Create(CultureInfo.InvariantCulture, $"{rows} rows are to be deleted."), "delete", line.GetValue(yes));
            await RunAsync(removal, plans, line.GetValue(Erase), cancellationToken);
            return 0;
        });
    }

    private static async Task RunAsync(RowRemoval removal, List<RemovalPlan> plans, bool erase, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        foreach (var plan in plans.Where(plan => plan.Rows > 0))
        {
            deleted += await removal.RunAsync(plan, cancellationToken);
            if (erase)
            {
                await removal.EraseHistoryAsync(plan.Table, cancellationToken);
            }
        }

        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{deleted} rows deleted."));
        if (!erase)
        {
            await Console.Error.WriteLineAsync(
                "Earlier snapshots still hold them; --erase removes those too, and 'pvlake table expire' those that are old.");
        }

        if (plans.Any(plan => plan.Table.Namespace.ToString() == "bronze"))
        {
            await Console.Error.WriteLineAsync(
                "Silver and gold still show what was made of them until 'pvlake rebuild --from bronze --yes'. "
                + "The archive of response bodies and backups hold them too.");
        }
        else
        {
            await Console.Error.WriteLineAsync("The next full run or rebuild makes these rows again from bronze, if bronze has them.");
        }
    }

    private static async Task<IReadOnlyList<(TableIdentifier Table, string Condition)>> ConditionsAsync(
        ParseResult line, OpenLake lake, CancellationToken cancellationToken) => line.GetValue(Facility) is { } code
            ? await FacilityRows.ConditionsAsync(
                lake.Lake, code.ToUpperInvariant(), ForecastTables.All, CommonOptions.Window(line), cancellationToken)
            : [((await TableOptions.LoadAsync(lake, line.GetValue(Table)!, cancellationToken)).Identifier, line.GetValue(Where)!)];

    private static void Check(ParseResult line)
    {
        var (table, where, facility) = (line.GetValue(Table), line.GetValue(Where), line.GetValue(Facility));
        if (facility is not null && (table ?? where) is not null)
        {
            throw new LakeException("--facility chooses rows of all tables of bronze and of models; it does not go with --table and --where.");
        }

        if (facility is null && (string.IsNullOrWhiteSpace(table) || string.IsNullOrWhiteSpace(where)))
        {
            throw new LakeException("Say which rows: --table TABLE --where CONDITION, or --facility CODE with or without --start and "
                + "--end.");
        }

        if (facility is null && CommonOptions.Window(line) is not null)
        {
            throw new LakeException("--start and --end go with --facility; a condition names its own times.");
        }
    }
}
