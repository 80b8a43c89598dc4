using CsCheck;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

/// <summary>
/// Random histories of appends, replacements, branches, tags and rollbacks against a plain list of what each snapshot
/// holds: whatever expires, every snapshot that is left reads as it did, and every file that no snapshot holds is gone.
/// </summary>
public sealed class RandomHistoryTests
{
    private static readonly Gen<(int Kind, int Pick, int Days)[]> Histories =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 100], Gen.Int[0, 3]).Array[1, 25];

    [Fact]
    public Task Every_snapshot_that_is_kept_reads_as_before_and_no_other_file_is_left() => Gen.Select(
        Histories, Gen.Int[0, 12], Gen.Int[1, 4], Gen.Bool).SampleAsync(
        async (history, days, retain, failing) =>
        {
            var lake = await Warehouse.CreateAsync();
            var model = new Dictionary<long, List<string>>();
            foreach (var (kind, pick, pause) in history)
            {
                await StepAsync(lake, model, kind, pick);
                lake.Days(pause);
            }

            var expired = await lake.Table.ExpireSnapshots()
                .OlderThan(lake.Time.GetUtcNow().AddDays(-days)).RetainLast(retain).RunAsync(TestTable.Cancel);

            Assert.DoesNotContain(lake.Table.Metadata.Snapshots, s => expired.SnapshotIds.Contains(s.SnapshotId));
            await CheckAsync(lake, model);

            // A write that failed leaves a file; then everything but the live files must go.
            if (failing)
            {
                await lake.DataAsync("lost");
            }

            lake.Days(0.1);
            await lake.Table.RemoveOrphanFiles().OlderThan(lake.Time.GetUtcNow()).AllowRecent().RunAsync(
                TestTable.Cancel);
            await CheckAsync(lake, model);
            var live = lake.Table.Metadata.Snapshots.SelectMany(s => model[s.SnapshotId]).Distinct().Order(
                StringComparer.Ordinal);
            Assert.Equal(live, lake.DataFiles());

            // Removed by the expiry already: removing orphans had only the lost file, and what failed commits left, to
            // take.
            var reachable = await ReachableFiles.ReadAsync(lake.Table, TestTable.Cancel)
                .Select(f => f.Location).ToHashSetAsync(StringComparer.Ordinal, TestTable.Cancel);
            Assert.DoesNotContain(lake.Files.Locations, l => !reachable.Contains(l));
        },
        iter: 150,
        threads: 1);

    private static async Task CheckAsync(Warehouse lake, Dictionary<long, List<string>> model)
    {
        foreach (var snapshot in lake.Table.Metadata.Snapshots)
        {
            Assert.Equal(model[snapshot.SnapshotId], await lake.ReadAsync(snapshot.SnapshotId));
        }
    }

    private static async Task StepAsync(Warehouse lake, Dictionary<long, List<string>> model, int kind, int pick)
    {
        var table = lake.Table;
        var name = $"f{model.Count}";
        var snapshots = table.Metadata.Snapshots;
        var chosen = snapshots.Count == 0 ? null : snapshots[pick % snapshots.Count];
        var head = table.CurrentSnapshot is { } current ? model[current.SnapshotId] : [];
        switch (kind)
        {
            case 0 or 1:
                Put(await lake.AppendAsync(name), [.. head, name]);
                break;
            case 2 when head.Count > 0:
                var old = head[pick % head.Count];
                Put(await lake.ReplaceAsync(old, name), [.. head.Where(f => f != old), name]);
                break;
            case 3 when chosen is not null:
                await lake.RefAsync($"tag{pick % 3}", chosen.SnapshotId, SnapshotRefKind.Tag);
                break;
            case 4 when chosen is not null:
                await lake.RefAsync($"branch{pick % 2}", chosen.SnapshotId, SnapshotRefKind.Branch, r => pick % 4 == 0
                    ? r with { MinSnapshotsToKeep = 2, MaxSnapshotAgeMs = 1 }
                    : r);
                break;
            case 5 when table.Metadata.FindRef("branch0") is { } branch:
                Put(await lake.AppendAsync(name, "branch0"), [.. model[branch.SnapshotId], name]);
                break;
            case 6 when chosen is not null:
                await table.UpdateAsync(b => b.SetBranch("main", chosen.SnapshotId), TestTable.Cancel);
                break;
            case 7 when table.Metadata.Refs.ContainsKey("tag0"):
                await table.UpdateAsync(b => b.RemoveRef("tag0"), TestTable.Cancel);
                break;
        }

        void Put(Snapshot snapshot, List<string> files)
        {
            files.Sort(StringComparer.Ordinal);
            model[snapshot.SnapshotId] = files;
        }
    }
}
