using System.CommandLine;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary>
/// <c>pvlake table rewrite-manifests</c>: makes few manifests of many, each of neighbouring partitions.
/// </summary>
internal static class RewriteManifestsCommand
{
    private static readonly string[] PlanColumns = ["path", "length", "added_snapshot_id"];
    private static readonly string[] ResultColumns = ["rewritten_manifests_count", "added_manifests_count"];

    public static Command Build()
    {
        var table = TableOptions.Table();
        var dryRun = TableOptions.DryRun();
        return new Command("rewrite-manifests", "Makes few manifests of many, each of neighbouring partitions.")
        {
            table, dryRun,
        }.Does(async (line, cancellationToken) =>
        {
            var dry = line.GetValue(dryRun);
            await using var lake = await TableOptions.OpenAsync(line, toRead: dry, cancellationToken);
            var loaded = await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken);
            if (!dry)
            {
                var result = await loaded.RewriteManifests().RunAsync(cancellationToken);
                await TableOptions.PrintAsync(
                    line,
                    ResultColumns,
                    [[result.RewrittenManifestsCount, result.AddedManifestsCount]],
                    cancellationToken);
                return 0;
            }

            var plan = await loaded.RewriteManifests().PlanAsync(cancellationToken);
            await TableOptions.PrintAsync(
                line,
                PlanColumns,
                plan.Manifests.Select(m => new object?[] { m.Path, m.Length, m.AddedSnapshotId }),
                cancellationToken);
            await Console.Error.WriteLineAsync(
                $"Dry run: nothing was changed. {plan.Manifests.Count} manifests would become "
                + $"{plan.TargetManifestsCount}.");
            return 0;
        });
    }
}
