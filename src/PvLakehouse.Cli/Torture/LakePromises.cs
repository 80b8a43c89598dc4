using System.Runtime.InteropServices;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Engine;
using PvLakehouse.Forecasting;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Pipeline.Expectations;
using PvLakehouse.Pipeline.Keeping;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Torture;

/// <summary>Looks at a lake that was killed in the middle of something, for promises that it broke.</summary>
internal sealed class LakePromises(LakeSettings settings)
{
    /// <summary>Every table as readers see it.</summary>
    public async Task<IReadOnlyDictionary<string, TableState>> StatesAsync(CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(settings, cancellationToken);
        var states = new Dictionary<string, TableState>(StringComparer.Ordinal);
        await using var session = await lake.Lake.Engine.OpenSessionAsync(cancellationToken);
        foreach (var table in await TablesAsync(lake, cancellationToken))
        {
            // Every column of every file is read, not only their counts.
            var rows = (await RowChecksum.OfAsync(session, table.Identifier, snapshotId: null, cancellationToken)).Rows;
            states.Add(table.Identifier.ToString(), new(rows, table.Metadata.CurrentSnapshotId));
        }

        return states;
    }

    /// <summary>What contradicts the tables' contracts, one sentence each; what is half published would.</summary>
    public async Task<IReadOnlyList<string>> ContradictionsAsync(CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(settings, cancellationToken);
        var results = await new LakeCheck(lake.Lake).FindAsync(ForecastTables.WithPipeline, cancellationToken);
        return
        [
            .. results.Where(result => result.Status == CheckStatus.Fail)
                .Select(result => $"{result.Table} {result.Check}: {result.Violations} violations, for example {result.Sample}"),
        ];
    }

    /// <summary>A checksum of the rows of every silver and gold table, without the instants of their writing.</summary>
    public async Task<IReadOnlyDictionary<string, RowChecksum>> ChecksumsAsync(CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(settings, cancellationToken);
        var sums = new Dictionary<string, RowChecksum>(StringComparer.Ordinal);
        await using var session = await lake.Lake.Engine.OpenSessionAsync(cancellationToken);
        foreach (var contract in Datasets.Contracts.Where(contract => contract.Layer is "silver" or "gold"))
        {
            string[] instants = ["created_at", "updated_at", "effective_from", "effective_to"];
            var columns = contract.Columns
                .Select(column => column.Name).Except(instants, StringComparer.Ordinal).Select(column => $"\"{column}\"");
            await session.BindAsync("compared", new TableAt(contract.Identifier), cancellationToken);
            sums.Add(contract.ToString(),
                await RowChecksum.OfAsync(session, $"SELECT {string.Join(", ", columns)} FROM compared", cancellationToken));
        }

        return sums;
    }

    /// <summary>Snapshots of the tables that readers see, to tell whether anything was written.</summary>
    public async Task<IReadOnlyDictionary<string, long?>> HeadsAsync(CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(settings, cancellationToken);
        return (await TablesAsync(lake, cancellationToken)).ToDictionary(
            table => table.Identifier.ToString(), table => table.Metadata.CurrentSnapshotId, StringComparer.Ordinal);
    }

    /// <summary>Names of the tables that there are.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(settings, cancellationToken);
        return [.. (await TablesAsync(lake, cancellationToken)).Select(table => table.Identifier.ToString())];
    }

    /// <summary>Files in the tables' folders that nothing leads to, whatever their age: nobody may write meanwhile.</summary>
    public async Task<IReadOnlyList<string>> OrphansAsync(CancellationToken cancellationToken)
    {
        await using var lake = await OpenLake.ForReadingAsync(settings, cancellationToken);
        var orphans = new List<string>();
        foreach (var table in await TablesAsync(lake, cancellationToken))
        {
            var files = await table.RemoveOrphanFiles()
                .OlderThan(TimeProvider.System.GetUtcNow()).AllowRecent().PlanAsync(cancellationToken);
            orphans.AddRange(files.Select(file => file.Location));
        }

        return orphans;
    }

    private static async Task<IReadOnlyList<Table>> TablesAsync(OpenLake lake, CancellationToken cancellationToken)
    {
        var tables = new List<Table>();
        foreach (var contract in Datasets.Contracts)
        {
            if (await lake.Catalog.TableExistsAsync(contract.Identifier, cancellationToken))
            {
                tables.Add(await lake.Catalog.LoadTableAsync(contract.Identifier, cancellationToken));
            }
        }

        return tables;
    }
}

/// <summary>What a reader sees of a table.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Head">Its snapshot, null before the first.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TableState(long Rows, long? Head);
