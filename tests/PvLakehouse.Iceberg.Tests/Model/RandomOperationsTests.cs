using CsCheck;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Model;

/// <summary>
/// Random operations against a plain model of which rows each branch, tag and snapshot holds: what a scan plans, with
/// its deletes and with and without pruning, gives those rows after every step.
/// </summary>
public sealed class RandomOperationsTests
{
    private const int Iterations = 40;

    private static readonly Gen<(int Kind, int[] Numbers, ModelFilter[] Filters)> Step =
        Gen.Select(Gen.Int[0, 23], Gen.Int[0, 10_000].Array[12], ModelFilter.Any.Array[2]);

    private readonly SortedDictionary<string, int> _done = new(StringComparer.Ordinal);

    [Fact]
    public async Task Scans_give_the_rows_of_the_model()
    {
        var (pruned, planned, deletes) = (0, 0, 0);
        await Gen.Select(Gen.Int[1, 1000], Gen.Bool, Step.Array[1, 30]).SampleAsync(
            async (seed, merging, steps) =>
            {
                var model = await ModelTable.CreateAsync(seed, new(StringComparer.Ordinal)
                {
                    ["commit.manifest.min-count-to-merge"] = merging ? "2" : "100",
                    ["write.metadata.metrics.default"] = "full",
                });
                try
                {
                    foreach (var (kind, numbers, filters) in steps)
                    {
                        await StepAsync(model, kind, new Dice(numbers));
                        await model.CheckAsync(filters);
                    }

                    await model.CheckHistoryAsync();
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"{e.Message} After:\n{string.Join('\n', model.Log)}", e);
                }

                (pruned, planned, deletes) =
                    (pruned + model.Pruned, planned + model.Planned, deletes + model.Deletes);
            },
            iter: Iterations,
            threads: 1,
            print: run => $"{run.Item3.Length} steps of seed {run.Item1}");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{pruned} files pruned, {planned} planned, {deletes} deletes; "
            + string.Join(", ", _done.Select(d => $"{d.Key} {d.Value}")));

        // Each kind was done, and each refusal met.
        Assert.True(pruned > planned / 4, $"{pruned} files pruned, {planned} planned");
        Assert.True(deletes > 1000, $"{deletes} deletes");
        Assert.True(_done.Count > 35, $"{_done.Count} kinds");
    }

    private Task StepAsync(ModelTable model, int kind, Dice dice) => kind switch
    {
        <= 11 => ChangeAsync(model, dice, Branch(model, dice)),
        <= 13 => TransactionAsync(model, dice, Branch(model, dice)),
        14 => SchemaAsync(model, dice),
        15 => SpecAsync(model, dice),
        16 or 17 => RefAsync(model, dice),
        18 => FastForwardAsync(model, dice),
        19 => RollbackAsync(model, dice),
        20 or 21 => StageAsync(model, dice),
        22 => CherryPickAsync(model, dice),
        _ => ExpireAsync(model, dice),
    };

    /// <summary>One operation, sometimes by a table object that does not know what another writer just did.</summary>
    private async Task ChangeAsync(ModelTable model, Dice dice, string branch)
    {
        var (table, known) = (await model.LoadAsync(), model.Of(branch));
        var change = Changes(model, table, known, branch).Any(dice);
        var other = dice.OneIn(3) ? await OtherAsync(model, dice, branch) : null;
        var expected = change.Apply(model.Of(branch));

        // What cannot be done to the table as the writer knows it is refused before anybody looks at what is new.
        var made = await TryAsync(
            $"{change.Name}{(other is null ? "" : " on what another did")}",
            () => change.Run(table),
            expected is not null,
            mayBeRefused: change.Apply(known) is null || (change.MindsDeletes && other is { DeletesRows: true }));
        if (made is not null)
        {
            model.Made(made, branch, expected!, change);
        }
    }

    private static async Task<ModelChange> OtherAsync(ModelTable model, Dice dice, string branch)
    {
        var table = await model.LoadAsync();
        var other = Changes(model, table, model.Of(branch), branch).Other(dice);
        var after = other.Apply(model.Of(branch))!;
        model.Made(await other.Run(table), branch, after, other);
        return other;
    }

    private async Task TransactionAsync(ModelTable model, Dice dice, string branch)
    {
        var table = await model.LoadAsync();
        await using var transaction = table.NewTransaction();
        var state = model.Of(branch);
        var parts = new List<(ModelChange Change, long SnapshotId)>();
        for (var i = 0; i < 3; i++)
        {
            var change = Changes(model, transaction, state, branch).Part(dice);
            var after = change.Apply(state);
            var staged = await TryAsync(
                $"{change.Name} in a transaction",
                () => change.Run(transaction),
                after is not null,
                mayBeRefused: false);
            if (staged is not null)
            {
                state = after!;
                parts.Add((change, staged.SnapshotId));
                await model.CheckAsync(transaction.NewScan().UseRef(branch), state, []);
            }
        }

        var other = dice.OneIn(3) ? await OtherAsync(model, dice, branch) : null;
        var states = new List<ModelState?> { model.Of(branch) };
        parts.ForEach(p => states.Add(states[^1] is { } before ? p.Change.Apply(before) : null));
        var committed = await TryAsync(
            $"transaction{(other is null ? "" : " on what another did")}",
            () => transaction.CommitAsync(TestTable.Cancel),
            states[^1] is not null,
            mayBeRefused: false);
        if (committed is null)
        {
            return;
        }

        foreach (var ((change, id), after) in parts.Zip(states.Skip(1)))
        {
            model.Made(committed.Metadata.FindSnapshot(id)!, branch, after!, change);
        }
    }

    private async Task SchemaAsync(ModelTable model, Dice dice)
    {
        var table = await model.LoadAsync();
        var extra = model.Columns.Where(c => c.StartsWith('c')).ToList();
        switch (dice.Next(3))
        {
            case 0 when extra.Count > 0:
                var dropped = dice.Of(extra);
                await table.UpdateSchema().DropColumn(dropped).CommitAsync(TestTable.Cancel);
                model.Columns.Remove(dropped);
                Count("column dropped");
                break;
            case 1:
                var renamed = model.V == "v" ? "w" : "v";
                await table.UpdateSchema().RenameColumn(model.V, renamed).CommitAsync(TestTable.Cancel);
                model.Columns[model.Columns.IndexOf(model.V)] = renamed;
                model.V = renamed;
                Count("column renamed");
                break;
            default:
                var added = $"c{table.Metadata.LastColumnId + 1}";
                await table.UpdateSchema().AddColumn(added, IcebergType.String).CommitAsync(TestTable.Cancel);
                model.Columns.Add(added);
                Count("column added");
                break;
        }
    }

    private async Task SpecAsync(ModelTable model, Dice dice)
    {
        var table = await model.LoadAsync();
        var (name, transform) = dice.OneIn(2) ? ("p_two", Transform.Truncate(2)) : ("p_one", Transform.Identity);
        var update = table.UpdateSpec();
        var there = table.Spec.Fields.Any(f => f.Name == name);
        await (there ? update.RemoveField(name) : update.AddField("p", transform, name)).CommitAsync(TestTable.Cancel);
        Count(there ? "partition field removed" : "partition field added");
    }

    private async Task RefAsync(ModelTable model, Dice dice)
    {
        if (model.Snapshots.Count == 0)
        {
            return;
        }

        var table = await model.LoadAsync();
        var (isTag, id) = (dice.OneIn(2), dice.Of([.. model.Snapshots.Keys]));
        var name = $"{(isTag ? "t" : "b")}{dice.Next(2)}";
        var manage = table.ManageSnapshots();
        var drop = model.Refs.ContainsKey(name);
        await ((isTag, drop) switch
        {
            (true, true) => manage.RemoveTag(name),
            (true, false) => manage.CreateTag(name, id),
            (false, true) => manage.RemoveBranch(name),
            (false, false) => manage.CreateBranch(name, id),
        }).CommitAsync(TestTable.Cancel);
        Count($"{(isTag ? "tag" : "branch")} {(drop ? "dropped" : "made")}");
        model.Log.Add($"{(drop ? "drop" : "make")} {name} at {ModelTable.Short(id)}");
        if (drop)
        {
            model.Refs.Remove(name);
        }
        else
        {
            model.Refs[name] = (id, isTag);
        }
    }

    private async Task FastForwardAsync(ModelTable model, Dice dice)
    {
        if (model.Refs.Count == 0)
        {
            return;
        }

        var table = await model.LoadAsync();
        var (branch, to) = (Branch(model, dice), dice.Of([.. model.Refs.Keys]));
        var target = model.Refs[to].SnapshotId;
        var possible = !model.Refs.TryGetValue(branch, out var head)
            || model.Ancestors(target).Contains(head.SnapshotId);
        if (await TryAsync(
            "fast-forward",
            async () =>
            {
                await table.ManageSnapshots().FastForwardBranch(branch, to).CommitAsync(TestTable.Cancel);
                return table;
            },
            possible,
            mayBeRefused: false) is not null)
        {
            model.Refs[branch] = (target, false);
            model.Log.Add($"{branch} forward to {ModelTable.Short(target)}");
        }
    }

    private async Task RollbackAsync(ModelTable model, Dice dice)
    {
        if (model.Snapshots.Count == 0 || !model.Refs.TryGetValue(SnapshotRef.Main, out var main))
        {
            return;
        }

        var table = await model.LoadAsync();
        var id = dice.Of([.. model.Snapshots.Keys]);
        var back = dice.OneIn(2);
        if (await TryAsync(
            back ? "rollback" : "set current snapshot",
            async () =>
            {
                var manage = table.ManageSnapshots();
                await (back ? manage.RollbackTo(id) : manage.SetCurrentSnapshot(id)).CommitAsync(TestTable.Cancel);
                return table;
            },
            !back || model.Ancestors(main.SnapshotId).Contains(id),
            mayBeRefused: false) is not null)
        {
            model.Refs[SnapshotRef.Main] = (id, false);
            model.Log.Add($"main is {ModelTable.Short(id)}");
        }
    }

    private async Task StageAsync(ModelTable model, Dice dice)
    {
        var table = await model.LoadAsync();
        var file = model.NewFile(dice.Next(4), [(dice.Next(10), null)]);
        var state = model.Of(SnapshotRef.Main).Add([file]);
        var staged = await table.NewAppend().Add(file.File).StageOnly().CommitAsync(TestTable.Cancel);
        model.Made(staged, branch: null, state, new ModelChange("stage", _ => Task.FromResult(staged), s => s));
        Count("stage");
    }

    private async Task CherryPickAsync(ModelTable model, Dice dice)
    {
        if (model.Snapshots.Count == 0)
        {
            return;
        }

        // Rather one that nobody has seen yet.
        var seen = model.Refs.Values.SelectMany(r => model.Ancestors(r.SnapshotId)).ToHashSet();
        var unseen = model.Snapshots.Keys.Where(s => !seen.Contains(s)).ToList();
        var id = dice.Of(unseen.Count > 0 ? unseen : [.. model.Snapshots.Keys]);
        var (picked, main) = (model.Snapshots[id], model.Of(SnapshotRef.Main));
        var head = model.HeadOf(SnapshotRef.Main);
        var published = model.Ancestors(head).Any(a => a == id || model.Snapshots[a].Source == id);
        var known = picked.Added.Any(f =>
            main.Files.ContainsKey(f.Path) || f.Rows.Any(r => main.Dead.Contains(r.Id)));
        if (known && !published)
        {
            // The snapshot that published it has expired, so the table cannot know that it was.
            return;
        }

        var moves = picked.Parent == head;
        var replaces = picked is { ReplacesPartitions: true, Parent: { } parent }
            && model.Ancestors(head).Contains(parent);
        var table = await model.LoadAsync();
        if (await TryAsync(
            "cherry-pick",
            async () =>
            {
                await table.ManageSnapshots().Cherrypick(id).CommitAsync(TestTable.Cancel);
                return table;
            },
            !published && (moves || picked.IsAppend || replaces),
            mayBeRefused: !published && !moves && picked.ReplacesPartitions) is null)
        {
            return;
        }

        if (moves)
        {
            model.Refs[SnapshotRef.Main] = (id, false);
            model.Log.Add($"main moves to {ModelTable.Short(id)}");
            return;
        }

        var after = main.Remove(picked.Removed.Select(f => f.Path)).Add(picked.Added);
        model.Made(table.CurrentSnapshot!, SnapshotRef.Main, after, change: null, source: id);
    }

    private async Task ExpireAsync(ModelTable model, Dice dice)
    {
        var free = model.Snapshots.Keys.Where(id => model.Refs.Values.All(r => r.SnapshotId != id)).ToList();
        if (free.Count == 0)
        {
            return;
        }

        var table = await model.LoadAsync();
        var chosen = dice.Some(free, 3);
        var expire = table.ExpireSnapshots();
        chosen.ForEach(id => expire.Snapshot(id));
        var result = await expire.RunAsync(TestTable.Cancel);
        Assert.Equal(chosen.Order(), result.SnapshotIds.Order());
        chosen.ForEach(id => model.Snapshots.Remove(id));
        model.Log.Add($"expire {string.Join(' ', chosen.Select(id => ModelTable.Short(id)))}");
        Count("expire");
    }

    private static ModelChanges Changes(ModelTable model, WritableTable table, ModelState state, string branch)
    {
        var head = model.HeadOf(branch) is { } id ? table.Metadata.FindSnapshot(id) : null;
        return new ModelChanges(model, table, state, head, branch);
    }

    private static string Branch(ModelTable model, Dice dice) =>
        dice.OneIn(4) ? $"b{dice.Next(2)}" : SnapshotRef.Main;

    /// <summary>Does something that must be done, must be refused, or may be refused.</summary>
    private async Task<T?> TryAsync<T>(string name, Func<Task<T>> run, bool possible, bool mayBeRefused)
        where T : class
    {
        try
        {
            var done = await run();
            Assert.True(possible, $"{name} should have been refused");
            Count(name);
            return done;
        }
        catch (IcebergException) when (!possible || mayBeRefused)
        {
            Count($"{name} refused");
            return null;
        }
    }

    private void Count(string name) => _done[name] = _done.GetValueOrDefault(name) + 1;
}
