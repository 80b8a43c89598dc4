using System.CommandLine;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Pipeline.Keeping.Backups;

namespace PvLakehouse.Cli.Commands.Keeping;

/// <summary><c>pvlake restore</c>: makes a new lake of a backup.</summary>
internal static class RestoreCommand
{
    public static Command Build()
    {
        var (folder, id) = (BackupCommand.Folder(), BackupCommand.Id());
        var tables = new Option<string[]>("--table")
        {
            Description = "Restore only this table, for example gold.dim_date; may be given several times.",
            HelpName = "TABLE",
        };
        return new Command("restore", "Makes a new lake, named by --lake, of a backup; the place must be empty.") { folder, id, tables }
            .Does(async (line, cancellationToken) =>
            {
                var settings = LakeConfiguration.Read(line);
                var restore = await LakeRestore.OpenAsync(
                    line.GetValue(folder)!, line.GetValue(id), line.GetValue(tables) ?? [], cancellationToken);
                await using var lake = await OpenLake.ForRestoreAsync(settings, cancellationToken);
                await restore.RunAsync(await lake.KeptAsync(restore.Manifest.Origin, cancellationToken), cancellationToken);
                await lake.MarkAsync(restore.Manifest.Origin, cancellationToken);
                await Console.Out.WriteLineAsync(
                    $"Restored {restore.Manifest.Tables.Count} tables of backup {restore.Manifest.Id} to {lake.Name}.");
                return 0;
            });
    }
}
