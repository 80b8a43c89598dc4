using System.CommandLine;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Maintenance;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary><c>pvlake table compact</c>: writes data files of unfit size, or with many deletes, anew.</summary>
internal static class CompactCommand
{
    private static readonly string[] PlanColumns = ["partition", "files", "rows", "bytes"];

    private static readonly string[] ResultColumns =
    [
        "rewritten_data_files_count", "added_data_files_count", "rewritten_bytes_count", "failed_data_files_count",
        "removed_delete_files_count",
    ];

    public static Command Build()
    {
        var table = TableOptions.Table();
        var target = new Option<long?>(
            "--target-size") { Description = "Size that files should have; by default what the table says.",
                HelpName = "BYTES" };
        var minimum = new Option<int>("--min-input-files")
        {
            Description = "Small files of a partition from which on they are rewritten.",
            HelpName = "N",
            DefaultValueFactory = _ => new RewriteDataFilesOptions().MinInputFiles,
        };
        var all = new Option<bool>("--all") { Description = "Rewrite every file whatever its size." };
        var where = new Option<string?>("--where")
        {
            Description = "Only files that may hold rows of this condition, for example \"date_hour >= '2025-01-01'\".",
            HelpName = "CONDITION",
        };
        var sort = new Option<string[]>("--sort", "--sort-by")
        {
            Description = "Sort the rows, for example by \"facility_code, date_hour DESC\".",
            HelpName = "COLUMNS",
            AllowMultipleArgumentsPerToken = true,
        };
        var partial = new Option<bool>("--partial-progress") { Description = "Commit some groups of files at a time." };
        var dryRun = TableOptions.DryRun();
        return new Command("compact", "Writes data files of unfit size, or with many deletes, anew.")
        {
            table, where, target, minimum, all, sort, partial, dryRun,
        }.Does(async (line, cancellationToken) =>
        {
            var dry = line.GetValue(dryRun);
            await using var lake = await TableOptions.OpenAsync(line, toRead: dry, cancellationToken);
            var loaded = await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken);
            await using var session = await lake.Lake.Engine.OpenSessionAsync(cancellationToken);
            var rewrite = loaded.RewriteDataFiles(new RewriteDataFilesOptions
            {
                Filter = line.GetValue(where) is { } condition
                    ? await session.FilterAsync(loaded.Identifier, condition, cancellationToken)
                    : Expression.True,
                TargetFileSizeBytes = line.GetValue(target),
                MinInputFiles = line.GetValue(minimum),
                RewriteAll = line.GetValue(all),
                SortOrder = line.GetValue(sort) is [_, ..] columns
                    ? SortText.Read(loaded.Schema, string.Join(", ", columns))
                    : null,
                PartialProgress = line.GetValue(partial),
            });
            return dry
                ? await PlanAsync(line, rewrite, cancellationToken)
                : await RunAsync(line, session, rewrite, cancellationToken);
        });
    }

    private static async Task<int> PlanAsync(
        ParseResult line, RewriteDataFiles rewrite, CancellationToken cancellationToken)
    {
        var plan = await rewrite.PlanAsync(cancellationToken);
        await TableOptions.PrintAsync(
            line,
            PlanColumns,
            plan.Groups.Select(g => new object?[] { g.Partition, g.Files.Count, g.RecordCount, g.SizeBytes }),
            cancellationToken);
        await Console.Error.WriteLineAsync(
            $"Dry run: nothing was changed. {plan.FilesCount} files of {plan.SizeBytes} bytes would be rewritten.");
        return 0;
    }

    private static async Task<int> RunAsync(
        ParseResult line, ISqlSession session, RewriteDataFiles rewrite, CancellationToken cancellationToken)
    {
        var result = await rewrite.RunAsync(session, cancellationToken);
        await TableOptions.PrintAsync(
            line,
            ResultColumns,
            [[
                result.RewrittenDataFilesCount, result.AddedDataFilesCount, result.RewrittenBytesCount,
                    result.FailedDataFilesCount,
                result.RemovedDeleteFilesCount,
            ]],
            cancellationToken);
        if (result.FailedDataFilesCount == 0)
        {
            return 0;
        }

        await Console.Error.WriteLineAsync(
            $"{result.FailedDataFilesCount} files stay as they were. {result.FirstFailure}");
        return Faults.Failed;
    }
}
