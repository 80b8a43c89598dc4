using System.CommandLine;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary><c>pvlake table remove-orphans</c>: removes files in the table's folders that nothing leads to.</summary>
internal static class RemoveOrphansCommand
{
    private static readonly string[] Columns = ["orphan_file_location", "size_in_bytes", "last_modified"];

    public static Command Build()
    {
        var table = TableOptions.Table();
        var olderThan = TableOptions.Instant(
            "--older-than", "Only files from before then, a day ago or more; by default 3d.");
        var recent = new Option<bool>(
            "--allow-recent") { Description = "Allow less than a day. Only when nothing writes to the table." };
        var dryRun = TableOptions.DryRun();
        return new Command("remove-orphans", "Removes files in the table's folders that nothing leads to.")
        {
            table, olderThan, recent, dryRun,
        }.Does(async (line, cancellationToken) =>
        {
            var dry = line.GetValue(dryRun);
            await using var lake = await TableOptions.OpenAsync(line, toRead: dry, cancellationToken);
            var remove = (await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken))
                .RemoveOrphanFiles();
            remove = line.GetValue(olderThan) is { } instant ? remove.OlderThan(instant) : remove;
            remove = line.GetValue(recent) ? remove.AllowRecent() : remove;
            var result = dry ? null : await remove.RunAsync(cancellationToken);
            var files = result?.Removed ?? await remove.PlanAsync(cancellationToken);
            await TableOptions.PrintAsync(
                line,
                Columns,
                files.Select(f => new object?[] { f.Location, f.Size, f.LastModified.UtcDateTime }),
                cancellationToken);
            if (result is not null)
            {
                return await Failures.ReportAsync(result.FailedFilesCount, result.FirstFailure);
            }

            await Console.Error.WriteLineAsync("Dry run: nothing was removed.");
            return 0;
        });
    }
}
