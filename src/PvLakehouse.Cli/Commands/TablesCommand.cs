using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Cli.Commands;

/// <summary><c>pvlake tables</c>: what the lake holds.</summary>
internal static class TablesCommand
{
    private static readonly string[] Columns = ["table", "rows", "data_files", "bytes", "snapshots", "last_commit"];

    public static Command Build() =>
        new Command("tables", "Lists the lake's tables with rows, files, size and last commit.") { DescribeCommand.Build() }.Does(RunAsync);

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(LakeConfiguration.Read(line), cancellationToken);
        await new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out)
            .PrintAsync(Columns, RowsAsync(lake.Catalog, cancellationToken), cancellationToken);
        return 0;
    }

    private static async IAsyncEnumerable<object?[]> RowsAsync(
        ICatalog catalog, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var @namespace in await catalog.ListNamespacesAsync(parent: null, cancellationToken))
        {
            foreach (var identifier in await catalog.ListTablesAsync(@namespace, cancellationToken))
            {
                var metadata = (await catalog.LoadTableAsync(identifier, cancellationToken)).Metadata;
                var snapshot = metadata.CurrentSnapshot;
                yield return
                [
                    identifier.ToString(), Total("total-records"), Total("total-data-files"), Total("total-files-size"),
                    metadata.Snapshots.Count, snapshot?.Timestamp.UtcDateTime,
                ];

                // A table without a snapshot has none of anything; another writer's snapshot may lack a total.
                long? Total(string key) => snapshot is null ? 0
                    : snapshot.Summary.TryGetValue(key, out var text) ? long.Parse(text, CultureInfo.InvariantCulture)
                    : null;
            }
        }
    }
}
