using System.CommandLine;
using PvLakehouse.Iceberg.Catalog;
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
        var command = new Command("create", $"Makes a {Word(kind)}.") { name, snapshot };
        if (kind == SnapshotRefKind.Branch)
        {
            command.Options.Add(keep);
        }

        return Changes(command, table, (loaded, line) =>
        {
            var metadata = loaded.Metadata;
            var made = line.GetValue(name)!;
            if (metadata.Refs.TryGetValue(made, out var taken))
            {
                throw new LakeException($"Table {loaded.Identifier} has a {Word(taken.Kind)} '{made}' already.");
            }

            var id = line.GetValue(snapshot) ?? metadata.CurrentSnapshotId
                ?? throw new LakeException($"Table {loaded.Identifier} has no snapshot that could be named.");
            if (metadata.FindSnapshot(id) is null)
            {
                throw new LakeException($"Table {loaded.Identifier} has no snapshot {id}, or no longer.");
            }

            var reference = new SnapshotRef(id, kind)
            {
                MinSnapshotsToKeep = kind == SnapshotRefKind.Branch ? line.GetValue(keep) : null,
            };
            return (b => b.SetRef(made, reference), $"{Word(kind)} '{made}' names snapshot {id}.");
        });
    }

    private static Command Drop(Argument<string> table, SnapshotRefKind kind)
    {
        var name = Name($"Name of the {Word(kind)}.");
        return Changes(new Command("drop", $"Drops a {Word(kind)}; its snapshots stay until they expire.") { name },
            table, (loaded, line) =>
        {
            var dropped = line.GetValue(name)!;
            Find(loaded, dropped, kind);
            return dropped == SnapshotRef.Main
                ? throw new LakeException("The branch 'main' is the table itself and cannot be dropped.")
                : (b => b.RemoveRef(dropped), $"{Word(kind)} '{dropped}' is dropped.");
        });
    }

    private static Command FastForward(Argument<string> table)
    {
        var name = Name("Name of the branch, for example main.");
        var to = new Argument<string>("to") { Description = "The branch or tag to move it to." };
        return Changes(new Command("fast-forward", "Moves a branch to where another goes on from it.") { name, to },
            table, (loaded, line) =>
        {
            var (moved, target) = (line.GetValue(name)!, line.GetValue(to)!);
            Find(loaded, moved, SnapshotRefKind.Branch);
            return (b => b.FastForward(moved, target), $"branch '{moved}' names what '{target}' does.");
        });
    }

    /// <summary>Gives a command the option of a dry run and lets it change references.</summary>
    private static Command Changes(
        Command command,
        Argument<string> table,
        Func<Table, ParseResult, (Action<TableMetadataBuilder> Change, string Sentence)> decide)
    {
        var dryRun = TableOptions.DryRun();
        command.Options.Add(dryRun);
        return command.Does(async (line, cancellationToken) =>
        {
            var dry = line.GetValue(dryRun);
            await using var lake = await TableOptions.OpenAsync(line, toRead: dry, cancellationToken);
            var loaded = await TableOptions.LoadAsync(lake, line.GetValue(table)!, cancellationToken);
            var (change, sentence) = decide(loaded, line);
            if (dry)
            {
                // Fails where the commit would.
                change(TableMetadataBuilder.From(loaded.Metadata));
            }
            else
            {
                await loaded.UpdateAsync(change, cancellationToken);
            }

            var note = dry ? " (dry run: nothing was changed)" : "";
            await Console.Out.WriteLineAsync($"{loaded.Identifier}: {sentence}{note}");
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

    private static void Find(Table table, string name, SnapshotRefKind kind)
    {
        if (!table.Metadata.Refs.TryGetValue(name, out var found) || found.Kind != kind)
        {
            throw new LakeException(
                $"Table {table.Identifier} has no {Word(kind)} '{name}'; its branches and tags are: "
                + $"{InspectCommands.RefNames(table)}.");
        }
    }

    private static Argument<string> Name(string description) => new("name") { Description = description };

    private static string Word(SnapshotRefKind kind) => kind == SnapshotRefKind.Branch ? "branch" : "tag";
}
