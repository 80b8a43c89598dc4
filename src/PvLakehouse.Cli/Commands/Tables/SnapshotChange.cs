using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary>A change of branches, tags or the current snapshot, by the library's rules.</summary>
internal static class SnapshotChange
{
    /// <summary>Commits a change; in a dry run only tries it, so that it fails where the commit would.</summary>
    /// <returns>The table as it is, or would be, afterwards.</returns>
    public static async Task<TableMetadata> RunAsync(
        Table table, Func<ManageSnapshots, ManageSnapshots> change, bool dry, CancellationToken cancellationToken)
    {
        // What is committed to a transaction reaches the table only with the transaction.
        WritableTable target = dry ? table.NewTransaction() : table;
        await change(target.ManageSnapshots()).CommitAsync(cancellationToken);
        return target.Metadata;
    }

    /// <summary>Says what happened.</summary>
    public static Task SayAsync(Table table, string sentence, bool dry) => Console.Out.WriteLineAsync(
        $"{table.Identifier}: {sentence}{(dry ? " (dry run: nothing was changed)" : "")}");
}
