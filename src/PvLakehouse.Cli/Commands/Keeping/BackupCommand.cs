using System.CommandLine;
using System.Globalization;
using PvLakehouse.Cli.Lakes;
using PvLakehouse.Cli.Output;
using PvLakehouse.Pipeline.Keeping.Backups;

namespace PvLakehouse.Cli.Commands.Keeping;

/// <summary><c>pvlake backup</c>: copies the lake, lists the copies, proves them.</summary>
internal static class BackupCommand
{
    private static readonly string[] TableColumns = ["table", "rows", "snapshots", "files", "bytes"];
    private static readonly string[] ListColumns = ["backup", "taken_at", "tables", "files", "bytes"];
    private static readonly string[] CheckColumns =
        ["table", "snapshot_id", "name", "rows", "rows_restored", "checksum", "checksum_restored", "equal"];

    /// <summary>The folder of backups.</summary>
    internal static Argument<string> Folder(string name = "DIR") => new(name)
    {
        Description = "Folder of the backups; several backups of one lake share what did not change.",
    };

    internal static Option<string?> Id() => new("--backup")
    {
        Description = "Name of the backup, as 'pvlake backup list' shows it; by default the newest.",
        HelpName = "ID",
    };

    public static Command Build()
    {
        var folder = Folder();
        folder.Arity = ArgumentArity.ZeroOrOne;
        var keep = new Option<int?>("--keep")
        {
            Description = "Keep only so many backups, this one included; by default all.",
            HelpName = "N",
        };
        keep.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int?>() < 1)
            {
                option.AddError("--keep should be 1 or more.");
            }
        });
        var command = new Command(
            "backup", "Copies the whole lake into a folder, while it may be written; what did not change is not copied again.")
        {
            folder, keep, BuildList(), BuildVerify(),
        };
        return command.Does(async (line, cancellationToken) =>
        {
            var place = line.GetValue(folder) ?? throw new LakeException("A backup needs a folder: pvlake backup DIR.");
            await using var lake = await OpenLake.ForReadingAsync(LakeConfiguration.Read(line), cancellationToken);
            var result = await new LakeBackup(await lake.KeptAsync(origin: null, cancellationToken))
                .RunAsync(place, line.GetValue(keep), cancellationToken);
            await PrintAsync(line, TableColumns, result.Manifest.Tables.Select(table => new object?[]
            {
                table.Table, table.Snapshots.FirstOrDefault(sum => sum.Name.Split(", ").Contains("main"))?.Rows ?? 0, table.Snapshots.Count,
                table.Files.Count, table.Files.Sum(file => file.Size),
            }), cancellationToken);
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Backup {result.Manifest.Id} in {Path.GetFullPath(place)}: {result.FilesCopied} files copied "
                + $"({result.BytesCopied / 1e6:0.0} MB), "
                + $"{result.Manifest.Files.Count() - result.FilesCopied} were there."));
            return 0;
        });
    }

    private static Command BuildList()
    {
        var folder = Folder();
        return new Command("list", "Lists the backups of a folder, the newest first.") { folder }.Does(async (line, cancellationToken) =>
        {
            await PrintAsync(
                line, ListColumns, (await BackupList.ReadAsync(line.GetValue(folder)!, cancellationToken)).Select(backup => new object?[]
                {
                    backup.Id, backup.TakenAt.UtcDateTime, backup.Tables.Count, backup.Files.Count(), backup.Files.Sum(file => file.Size),
                }),
                cancellationToken);
            return 0;
        });
    }

    private static Command BuildVerify()
    {
        var (folder, id) = (Folder(), Id());
        var scratch = new Option<string?>("--scratch")
        {
            Description = "Where to restore to for the comparison, with room for the whole lake; by default the system's temporary folder.",
            HelpName = "DIR",
        };
        return new Command("verify",
            "Reads a backup to the last byte, restores it into a scratch place and compares every table with what it was.")
        {
            folder, id, scratch,
        }.Does(async (line, cancellationToken) =>
        {
            var place = line.GetValue(folder)!;
            var faults = await BackupCheck.FilesAsync(place, line.GetValue(id), cancellationToken);
            foreach (var fault in faults.Take(20))
            {
                await Console.Error.WriteLineAsync(fault);
            }

            if (faults.Count > 0)
            {
                await Console.Error.WriteLineAsync($"{faults.Count} files of the backup are damaged.");
                return Faults.Failed;
            }

            var compared = await CompareAsync(place, line.GetValue(id), line.GetValue(scratch) ?? Path.GetTempPath(), cancellationToken);
            await PrintAsync(line, CheckColumns, compared.Select(pair => new object?[]
            {
                pair.Table, pair.Recorded.SnapshotId, pair.Recorded.Name, pair.Recorded.Rows, pair.Restored.Rows, pair.Recorded.Sum,
                pair.Restored.Sum, pair.IsEqual,
            }), cancellationToken);
            var different = compared.Count(pair => !pair.IsEqual);
            await Console.Error.WriteLineAsync(different == 0
                ? "The restored tables equal those of the lake at the time of the backup."
                : $"{different} restored tables differ from those of the lake at the time of the backup.");
            return different == 0 ? 0 : Faults.Failed;
        });
    }

    private static async Task<List<ComparedSnapshot>> CompareAsync(
        string place, string? id, string scratch, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetFullPath(scratch), $"pvlake-verify-{Guid.NewGuid():N}");
        try
        {
            var restore = await LakeRestore.OpenAsync(place, id, [], cancellationToken);
            await using var lake = await OpenLake.ForRestoreAsync(new LakeSettings { Folder = folder }, cancellationToken);
            var restored = await lake.KeptAsync(restore.Manifest.Origin, cancellationToken);
            await restore.RunAsync(restored, cancellationToken);
            return await BackupCheck.RowsAsync(restore.Manifest, restored, cancellationToken).ToListAsync(cancellationToken);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static Task PrintAsync(
        ParseResult line, IReadOnlyList<string> columns, IEnumerable<object?[]> rows, CancellationToken cancellationToken) =>
        new ResultPrinter(line.GetValue(CommonOptions.Format), Console.Out).PrintAsync(
            columns, rows.ToAsyncEnumerable(), cancellationToken);
}
