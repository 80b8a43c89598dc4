using System.CommandLine;
using PvLakehouse.Cli.Commands.Tables;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Pipeline.Keeping.Exports;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Commands.Keeping;

/// <summary><c>pvlake export</c>: writes tables to files that other programs read.</summary>
internal static class ExportCommand
{
    private static readonly string[] Columns = ["table", "rows", "snapshot_id", "file", "bytes"];

    private static readonly Argument<string> Folder = new("DIR")
    {
        Description = "Where to: a folder that is new or empty, or that holds an earlier export, which is replaced.",
    };

    private static readonly Option<string[]> Layer = new("--layer")
    {
        Description = "The layers to export: bronze, silver, gold or ops; by default all.",
        HelpName = "LAYER",
    };

    private static readonly Option<string[]> Table = new("--table")
    {
        Description = "Only this table, with or without its layer; may be given several times.",
        HelpName = "TABLE",
    };

    private static readonly Option<ExportFormat> To = new("--to") { Description = "What to write.", Required = true };

    public static Command Build()
    {
        Layer.AcceptOnlyFromAmong([.. Datasets.Contracts.Select(table => table.Layer).Distinct(StringComparer.Ordinal)]);
        return new Command("export",
            "Writes tables to csv or parquet files or to a DuckDB database, all as they are at one moment.")
        {
            Folder, Layer, Table, To,
        }
            .Does(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var (layers, tables) = (line.GetValue(Layer) ?? [], line.GetValue(Table) ?? []);
        var folder = Path.GetFullPath(line.GetValue(Folder)!);
        await using var lake = await OpenLake.ForExportAsync(LakeConfiguration.Read(line), folder, cancellationToken);
        var known = await Pipeline.Keeping.TableHeads.PinAsync(lake.Catalog, cancellationToken);
        if (tables.FirstOrDefault(
            name => known.All(table => table.Identifier.ToString() != name && table.Identifier.Name != name)) is { } unknown)
        {
            throw new LakeException($"The lake has no table '{unknown}'; it has "
                + $"{string.Join(", ", known.Select(table => table.Identifier))}.");
        }

        var manifest = await new LakeExport(lake.Lake).RunAsync(
            folder,
            line.GetValue(To),
            table => (layers.Length == 0 || layers.Contains(table.Namespace.ToString()))
                && (tables.Length == 0 || tables.Contains(table.ToString()) || tables.Contains(table.Name)),
            cancellationToken);
        await TableOptions.PrintAsync(
            line,
            Columns,
            manifest.Tables.Select(table => new object?[] { table.Table, table.Rows, table.SnapshotId, table.File, table.Bytes }),
            cancellationToken);
        return 0;
    }
}
