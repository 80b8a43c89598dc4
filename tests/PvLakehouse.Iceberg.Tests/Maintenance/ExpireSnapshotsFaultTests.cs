using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

/// <summary>Expiry while others commit, and when a step of it fails.</summary>
public sealed class ExpireSnapshotsFaultTests
{
    [Fact]
    public async Task A_tag_that_somebody_makes_meanwhile_keeps_its_snapshot()
    {
        HookedFileIO? hook = null;
        var lake = await Warehouse.CreateAsync(io => hook = new HookedFileIO(io));
        var first = await lake.AppendAsync("a");
        var second = await lake.ReplaceAsync("a", "b");
        lake.Days(6);
        await lake.AppendAsync("c");
        var other = await lake.Table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);

        // The catalog has read the base of the commit and is about to write the next metadata file.
        hook!.BeforeCreate = () => other.UpdateAsync(
            b => b.SetRef("eoy", new SnapshotRef(first.SnapshotId, SnapshotRefKind.Tag)), TestTable.Cancel);
        var result = await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);

        Assert.Equal([second.SnapshotId], result.SnapshotIds);
        Assert.Equal(["a"], await lake.ReadAsync(first.SnapshotId));
        Assert.Equal(first.SnapshotId, lake.Table.Metadata.Refs["eoy"].SnapshotId);
    }

    [Fact]
    public async Task A_rollback_that_somebody_makes_meanwhile_keeps_its_snapshot()
    {
        HookedFileIO? hook = null;
        var lake = await Warehouse.CreateAsync(io => hook = new HookedFileIO(io));
        var first = await lake.AppendAsync("a");
        await lake.ReplaceAsync("a", "b");
        lake.Days(6);
        await lake.AppendAsync("c");
        var other = await lake.Table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);

        hook!.BeforeCreate = () => other.UpdateAsync(b => b.SetBranch("main", first.SnapshotId), TestTable.Cancel);
        await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);

        Assert.Equal(first.SnapshotId, lake.Table.CurrentSnapshot?.SnapshotId);
        Assert.Equal(["a"], await lake.ReadAsync(first.SnapshotId));
    }

    [Fact]
    public async Task A_commit_that_comes_in_between_keeps_its_files()
    {
        HookedFileIO? hook = null;
        var lake = await Warehouse.CreateAsync(io => hook = new HookedFileIO(io));
        await lake.AppendAsync("a");
        await lake.ReplaceAsync("a", "b");
        lake.Days(6);
        var other = await lake.Table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);

        // The name of the file that expires is used again: after the commit it belongs to the table.
        var a = TestTable.File("a") with { FilePath = $"{lake.Table.Locations.DataRoot}/a.parquet" };
        hook!.BeforeCreate = () => other.NewAppend().Add(a).CommitAsync(TestTable.Cancel);
        var result = await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);

        Assert.Single(result.SnapshotIds);
        Assert.Equal(0, result.Files.DataFiles);
        Assert.Equal(["a", "b"], await lake.ReadAsync(lake.Table.CurrentSnapshot!.SnapshotId));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_failure_at_any_step_leaves_every_kept_snapshot_whole_and_orphans_at_worst(
        bool after, bool killed)
    {
        var failed = new HashSet<string>(StringComparer.Ordinal);
        for (var step = 0; ; step++)
        {
            FaultyFileIO? faulty = null;
            var lake = await Warehouse.CreateAsync(
                io => faulty = new FaultyFileIO(io) { After = after, StayDead = killed });
            await lake.AppendAsync("a");
            await lake.ReplaceAsync("a", "b");
            var tagged = await lake.ReplaceAsync("b", "c");
            await lake.RefAsync("eoy", tagged.SnapshotId, SnapshotRefKind.Tag);
            var head = await lake.ReplaceAsync("c", "d");
            lake.Days(6);

            faulty!.Restart(step);
            try
            {
                await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);
            }
            catch (Exception e) when (e is IOException or IcebergException)
            {
                // Reported; what matters is what is left.
            }

            var triggered = faulty.Triggered;
            if (triggered)
            {
                failed.Add(faulty.FailedStep!);
            }

            faulty.Restart(-1);
            Assert.Equal(["c"], await lake.ReadAsync(tagged.SnapshotId));
            Assert.Equal(["d"], await lake.ReadAsync(head.SnapshotId));
            await lake.Table.RefreshAsync(TestTable.Cancel);
            foreach (var snapshot in lake.Table.Metadata.Snapshots)
            {
                await lake.ReadAsync(snapshot.SnapshotId);
            }

            // Doing both again cleans up whatever the failure left.
            await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);
            lake.Days(1);
            await lake.Table.RemoveOrphanFiles().OlderThan(lake.Time.GetUtcNow()).AllowRecent().RunAsync(
                TestTable.Cancel);
            Assert.Equal(["c", "d"], lake.DataFiles());
            if (!triggered)
            {
                break;
            }
        }

        Assert.Contains($"{(after ? "after" : "before")} delete many", failed);
        Assert.Contains($"{(after ? "after" : "before")} read", failed);
    }

    [Fact]
    public async Task Files_that_cannot_be_removed_are_counted()
    {
        FaultyFileIO? faulty = null;
        var lake = await Warehouse.CreateAsync(io => faulty = new FaultyFileIO(io) { StayDead = true });
        await lake.AppendAsync("a");
        await lake.ReplaceAsync("a", "b");
        lake.Days(6);
        faulty!.FailOn = "delete many";

        var result = await lake.Table.ExpireSnapshots().RunAsync(TestTable.Cancel);

        // The data file, its manifest, its list; each kind is a batch of its own.
        Assert.Equal((0L, 3L), (result.Files.Total, result.FailedFilesCount));
        Assert.StartsWith("Injected failure", result.FirstFailure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_after_the_commit_leaves_orphans_and_nothing_worse()
    {
        HookedFileIO? hook = null;
        var lake = await Warehouse.CreateAsync(io => hook = new HookedFileIO(io));
        await lake.AppendAsync("a");
        var head = await lake.ReplaceAsync("a", "b");
        lake.Days(6);
        using var source = new CancellationTokenSource();
        hook!.BeforeDelete = source.CancelAsync;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => lake.Table.ExpireSnapshots().RunAsync(source.Token));

        await lake.Table.RefreshAsync(TestTable.Cancel);
        Assert.Equal([head.SnapshotId], lake.Table.Metadata.Snapshots.Select(s => s.SnapshotId));
        Assert.Equal(["b"], await lake.ReadAsync(head.SnapshotId));
        Assert.Equal(["a", "b"], lake.DataFiles());
    }

    [Fact]
    public async Task An_unknown_outcome_removes_nothing()
    {
        var (memory, catalog, table) = await ScriptedAsync();
        var before = memory.Locations;
        catalog.Script.Enqueue(ScriptedCatalog.Step.FailAndForget);

        await Assert.ThrowsAsync<CommitStateUnknownException>(() => table.ExpireSnapshots()
            .OlderThan(DateTimeOffset.MaxValue).RunAsync(TestTable.Cancel));

        Assert.Empty(before.Except(memory.Locations));
    }

    [Theory]
    [InlineData(ScriptedCatalog.Step.HappenAndForget)]
    [InlineData(ScriptedCatalog.Step.HappenAndGoSilent)]
    public async Task A_conflict_is_decided_anew_and_a_lost_answer_is_looked_up(object answer)
    {
        var (memory, catalog, table) = await ScriptedAsync();
        var first = table.Metadata.Snapshots[0];
        catalog.Script.Enqueue(ScriptedCatalog.Step.Lose);
        catalog.Script.Enqueue((ScriptedCatalog.Step)answer);

        var result = await table.ExpireSnapshots().OlderThan(DateTimeOffset.MaxValue).RunAsync(TestTable.Cancel);

        Assert.Equal([first.SnapshotId], result.SnapshotIds);
        Assert.DoesNotContain(first.ManifestList!, memory.Locations);
    }

    /// <summary>A table of two appends in a catalog whose answers are scripted.</summary>
    private static async Task<(InMemoryFileIO Memory, ScriptedCatalog Catalog, Table Table)> ScriptedAsync()
    {
        var memory = new InMemoryFileIO();
        var catalog = new ScriptedCatalog(memory, new CommitContext(new InstantTime(), new IdSource(1)));
        var creation = new TableCreation { Schema = TestTable.Schema, Spec = PartitionSpec.Unpartitioned };
        var table = await catalog.CreateTableAsync(TestTable.Name, creation, TestTable.Cancel);
        await table.NewAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.File("b")).CommitAsync(TestTable.Cancel);
        return (memory, catalog, table);
    }
}
