using System.CommandLine;
using PvLakehouse.Iceberg.Commit;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary><c>pvlake table rollback</c>: makes an earlier snapshot the current one.</summary>
internal static class RollbackCommand
{
    public static Command Build()
    {
        var table = TableOptions.Table();
        var snapshot = TableOptions.Snapshot("The snapshot to go back to.");
        var time = TableOptions.Instant("--to", "Go back to the newest snapshot from before then.");
        var dryRun = TableOptions.DryRun();
        return new Command("rollback",
            "Makes an earlier snapshot the current one. Later snapshots stay until they expire.")
        {
            table, snapshot, time, dryRun,
        }.Does(async (line, cancellationToken) =>
        {
            Func<ManageSnapshots, ManageSnapshots> back = (line.GetValue(snapshot), line.GetValue(time)) switch
            {
                ({ } id, null) => manage => manage.RollbackTo(id),
                (null, { } instant) => manage => manage.RollbackToTime(instant),
                _ => throw new LakeException("A rollback needs either --snapshot or --to."),
            };
            var dry = line.GetValue(dryRun);
            await using var lake = await TableOptions.OpenAsync(line, toRead: dry, cancellationToken);
            var loaded = await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken);
            var after = await SnapshotChange.RunAsync(loaded, back, dry, cancellationToken);
            var current = after.CurrentSnapshot!;
            await SnapshotChange.SayAsync(
                loaded,
                $"snapshot {current.SnapshotId} of {current.Timestamp:yyyy-MM-dd'T'HH:mm:ss'Z'} is current.",
                dry);
            return 0;
        });
    }
}
