using System.CommandLine;
using PvLakehouse.Iceberg.Maintenance;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary><c>pvlake table expire</c>: forgets old snapshots and removes the files that only they lead to.</summary>
internal static class ExpireCommand
{
    private static readonly string[] PlanColumns = ["expires", "committed_at", "operation"];

    private static readonly string[] ResultColumns =
    [
        "deleted_data_files_count", "deleted_position_delete_files_count", "deleted_equality_delete_files_count",
        "deleted_manifest_files_count", "deleted_manifest_lists_count", "deleted_statistics_files_count",
    ];

    public static Command Build()
    {
        var table = TableOptions.Table();
        var olderThan = TableOptions.Instant(
            "--older-than", "Expire snapshots from before then; by default what the table says, or 5d.");
        var retainLast = new Option<int?>(
            "--retain-last") { Description = "Snapshots of a branch to keep whatever their age.", HelpName = "N" };
        var snapshots = new Option<long[]>(
            "--snapshot") { Description = "Expire this snapshot whatever its age.", HelpName = "ID" };
        var cleanMetadata = new Option<bool>("--clean-metadata")
        {
            Description = "Also forget partition specs and schemas that nothing needs any more.",
        };
        var dryRun = TableOptions.DryRun();
        retainLast.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int?>() < 1)
            {
                option.AddError("--retain-last should be 1 or more.");
            }
        });
        return new Command("expire", "Forgets old snapshots and removes the files that only they lead to.")
        {
            table, olderThan, retainLast, snapshots, cleanMetadata, dryRun,
        }.Does(async (line, cancellationToken) =>
        {
            var dry = line.GetValue(dryRun);
            await using var lake = await TableOptions.OpenAsync(line, toRead: dry, cancellationToken);
            var loaded = await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken);
            var expire = loaded.ExpireSnapshots();
            expire = line.GetValue(olderThan) is { } instant ? expire.OlderThan(instant) : expire;
            expire = line.GetValue(retainLast) is { } number ? expire.RetainLast(number) : expire;
            expire = line.GetValue(cleanMetadata) ? expire.CleanExpiredMetadata() : expire;
            foreach (var id in line.GetValue(snapshots) ?? [])
            {
                expire = expire.Snapshot(id);
            }

            return dry
                ? await PlanAsync(line, expire, cancellationToken)
                : await RunAsync(line, expire, cancellationToken);
        });
    }

    private static async Task<int> PlanAsync(
        ParseResult line, ExpireSnapshots expire, CancellationToken cancellationToken)
    {
        var plan = await expire.PlanAsync(cancellationToken);
        var rows = plan.Refs.Select(name => new object?[] { name, null, null })
            .Concat(plan.Snapshots.Select(s => new object?[] { s.SnapshotId, s.Timestamp.UtcDateTime, s.Operation }));
        await TableOptions.PrintAsync(line, PlanColumns, rows, cancellationToken);
        await Console.Error.WriteLineAsync(
            $"Dry run: nothing was changed. {plan.Files.Total} files would be removed, "
            + $"{plan.Files.DataFiles} of them data files.{Forgotten("would be", plan.SpecIds, plan.SchemaIds)}");
        return 0;
    }

    private static async Task<int> RunAsync(
        ParseResult line, ExpireSnapshots expire, CancellationToken cancellationToken)
    {
        var result = await expire.RunAsync(cancellationToken);
        var files = result.Files;
        await TableOptions.PrintAsync(
            line,
            ["expired_snapshots_count", .. ResultColumns],
            [[
                result.SnapshotIds.Count, files.DataFiles, files.PositionDeleteFiles, files.EqualityDeleteFiles,
                    files.Manifests,
                files.ManifestLists, files.StatisticsFiles,
            ]],
            cancellationToken);
        if (Forgotten("were", result.SpecIds, result.SchemaIds) is { Length: > 0 } forgotten)
        {
            await Console.Error.WriteLineAsync(forgotten.TrimStart());
        }

        return await Failures.ReportAsync(result.FailedFilesCount, result.FirstFailure);
    }

    /// <summary>A sentence about specs and schemas, with a blank before it; nothing when there are none.</summary>
    private static string Forgotten(string verb, IReadOnlyList<int> specs, IReadOnlyList<int> schemas)
    {
        string[] parts =
        [
            .. specs.Count > 0 ? [$"partition specs {string.Join(", ", specs)}"] : Array.Empty<string>(),
            .. schemas.Count > 0 ? [$"schemas {string.Join(", ", schemas)}"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "" : $" Of no use any more, {string.Join(" and ", parts)} {verb} forgotten.";
    }
}
