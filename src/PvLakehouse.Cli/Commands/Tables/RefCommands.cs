using System.CommandLine;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Cli.Commands.Tables;

/// <summary>
/// <c>pvlake table branch</c> and <c>pvlake table tag</c>: lists, makes, drops and moves names of snapshots.
/// </summary>
internal static class RefCommands
{
    public static Command BuildBranch()
    {
        var table = TableOptions.Table();
        return new Command("branch", "Lists branches, or changes them.")
        {
            table, Create(table, SnapshotRefKind.Branch), Drop(table, SnapshotRefKind.Branch), FastForward(table),
        }.Does((line, cancellationToken) => ListAsync(line, table, SnapshotRefKind.Branch, cancellationToken));
    }

    public static Command BuildTag()
    {
        var table = TableOptions.Table();
        return new Command("tag", "Lists tags, or changes them.")
        {
            table, Create(table, SnapshotRefKind.Tag), Drop(table, SnapshotRefKind.Tag),
        }.Does((line, cancellationToken) => ListAsync(line, table, SnapshotRefKind.Tag, cancellationToken));
    }

    private static Command Create(Argument<string> table, SnapshotRefKind kind)
    {
        var name = Name($"Name of the new {Word(kind)}.");
        var snapshot = TableOptions.Snapshot("The snapshot to name; by default the current one.");
        var keep = new Option<int?>(
            "--retain-last") { Description = "Snapshots of the branch to keep whatever their age.", HelpName = "N" };
        keep.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int?>() < 1)
            {
                option.AddError("--retain-last should be 1 or more.");
            }
        });
        var command = new Command("create", $"Makes a {Word(kind)}.") { name, snapshot };
        if (kind == SnapshotRefKind.Branch)
        {
            command.Options.Add(keep);
        }

        return Changes(command, table, line =>
        {
            var (made, id) = (line.GetValue(name)!, line.GetValue(snapshot));
            return (Make, after => $"{Word(kind)} '{made}' names snapshot {after.Refs[made].SnapshotId}.");

            ManageSnapshots Make(ManageSnapshots manage)
            {
                if (kind == SnapshotRefKind.Tag)
                {
                    return manage.CreateTag(made, id);
                }

                var branch = manage.CreateBranch(made, id);
                return line.GetValue(keep) is { } count ? branch.SetMinSnapshotsToKeep(made, count) : branch;
            }
        });
    }

    private static Command Drop(Argument<string> table, SnapshotRefKind kind)
    {
        var name = Name($"Name of the {Word(kind)}.");
        var command = new Command("drop", $"Drops a {Word(kind)}; its snapshots stay until they expire.") { name };
        return Changes(command, table, line =>
        {
            var dropped = line.GetValue(name)!;
            return dropped == SnapshotRef.Main && kind == SnapshotRefKind.Branch
                ? throw new LakeException("The branch 'main' is the table itself and cannot be dropped.")
                : (
                    manage => kind == SnapshotRefKind.Branch ? manage.RemoveBranch(dropped) : manage.RemoveTag(dropped),
                    _ => $"{Word(kind)} '{dropped}' is dropped.");
        });
    }

    private static Command FastForward(Argument<string> table)
    {
        var name = Name("Name of the branch, for example main.");
        var to = new Argument<string>("to") { Description = "The branch or tag to move it to." };
        var command = new Command("fast-forward", "Moves a branch to where another goes on from it.") { name, to };
        return Changes(command, table, line =>
        {
            var (moved, target) = (line.GetValue(name)!, line.GetValue(to)!);
            return (
                manage => manage.FastForwardBranch(moved, target),
                _ => $"branch '{moved}' names what '{target}' does.");
        });
    }

    /// <summary>Gives a command the option of a dry run and lets it change branches and tags.</summary>
    private static Command Changes(
        Command command,
        Argument<string> table,
        Func<ParseResult, (Func<ManageSnapshots, ManageSnapshots> Change, Func<TableMetadata, string> Sentence)> decide)
    {
        var dryRun = TableOptions.DryRun();
        command.Options.Add(dryRun);
        return command.Does(async (line, cancellationToken) =>
        {
            var dry = line.GetValue(dryRun);
            var (change, sentence) = decide(line);
            await using var lake = await TableOptions.OpenAsync(line, toRead: dry, cancellationToken);
            var loaded = await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken);
            var after = await SnapshotChange.RunAsync(loaded, change, dry, cancellationToken);
            await SnapshotChange.SayAsync(loaded, sentence(after), dry);
            return 0;
        });
    }

    private static async Task<int> ListAsync(
        ParseResult line, Argument<string> table, SnapshotRefKind kind, CancellationToken cancellationToken)
    {
        await using var lake = await TableOptions.OpenAsync(line, toRead: true, cancellationToken);
        var metadata = (await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken)).Metadata;
        await TableOptions.PrintAsync(
            line,
            [Word(kind), "snapshot_id", "committed_at"],
            metadata.Refs.Where(r => r.Value.Kind == kind).OrderBy(r => r.Key, StringComparer.Ordinal).Select(
                r => new object?[]
            {
                r.Key, r.Value.SnapshotId, metadata.FindSnapshot(r.Value.SnapshotId)?.Timestamp.UtcDateTime,
            }),
            cancellationToken);
        return 0;
    }

    private static Argument<string> Name(string description)
    {
        var name = new Argument<string>("name") { Description = description };
        name.Validators.Add(argument =>
        {
            if (argument.GetValueOrDefault<string>() is { Length: 0 })
            {
                argument.AddError("A branch or tag needs a name.");
            }
        });
        return name;
    }

    private static string Word(SnapshotRefKind kind) => kind == SnapshotRefKind.Branch ? "branch" : "tag";
}
