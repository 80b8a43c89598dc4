using System.CommandLine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary><c>pvlake table rollback</c>: makes an earlier snapshot the current one.</summary>
internal static class RollbackCommand
{
    public static Command Build()
    {
        var table = TableOptions.Table();
        var snapshot = TableOptions.Snapshot("The snapshot to go back to.");
        var time = TableOptions.Instant("--to", "Go back to what was current then.");
        var dryRun = TableOptions.DryRun();
        return new Command("rollback",
            "Makes an earlier snapshot the current one. Later snapshots stay until they expire.")
        {
            table, snapshot, time, dryRun,
        }.Does(async (line, cancellationToken) =>
        {
            var dry = line.GetValue(dryRun);
            await using var lake = await TableOptions.OpenAsync(line, toRead: dry, cancellationToken);
            var loaded = await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken);
            var target = Target(loaded, line.GetValue(snapshot), line.GetValue(time));
            if (!dry)
            {
                await loaded.UpdateAsync(b => b.SetBranch(SnapshotRef.Main, target.SnapshotId), cancellationToken);
            }

            await Console.Out.WriteLineAsync(
                $"{loaded.Identifier}: snapshot {target.SnapshotId} of "
                + $"{target.Timestamp:yyyy-MM-dd'T'HH:mm:ss'Z'} is current."
                + (dry ? " (dry run: nothing was changed)" : ""));
            return 0;
        });
    }

    /// <exception cref="LakeException">There is no such snapshot in the history of the current one.</exception>
    private static Snapshot Target(Table table, long? snapshotId, DateTimeOffset? time)
    {
        var metadata = table.Metadata;
        if (metadata.CurrentSnapshotId is not { } current)
        {
            throw new LakeException($"Table {table.Identifier} has no snapshot to go back to.");
        }

        var ancestors = metadata.Ancestors(current).ToList();
        return (snapshotId, time) switch
        {
            ({ } id, null) => ancestors.Find(s => s.SnapshotId == id) ?? throw new LakeException(
                $"Snapshot {id} is not in the history of the current snapshot of {table.Identifier}, or has expired; "
                + "'pvlake table history' lists what is."),
            (null, { } instant) => ancestors.Find(s => s.Timestamp <= instant) ?? throw new LakeException(
                $"No snapshot of {table.Identifier} from before {instant:yyyy-MM-dd'T'HH:mm:ss'Z'} is kept."),
            _ => throw new LakeException("A rollback needs either --snapshot or --to."),
        };
    }
}
