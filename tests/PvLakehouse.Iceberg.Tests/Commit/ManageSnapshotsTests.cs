using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>Branches, tags, going back, and publishing what was staged.</summary>
public sealed class ManageSnapshotsTests
{
    [Fact]
    public async Task Branches_and_tags_are_made_kept_renamed_and_removed()
    {
        var (table, ids) = await HistoryAsync(1, 2);
        await table.ManageSnapshots()
            .CreateTag("first", ids[0]).CreateBranch("audit").CreateBranch("old", ids[0])
            .SetMinSnapshotsToKeep("audit", 3).SetMaxSnapshotAge("audit", TimeSpan.FromDays(1)).SetMaxRefAge("first", TimeSpan.FromHours(1))
            .RenameBranch("old", "older")
            .CommitAsync(TestTable.Cancel);
        var refs = table.Metadata.Refs;
        Assert.Equal(["audit", "first", "main", "older"], refs.Keys.Order());
        Assert.Equal(new SnapshotRef(ids[0], SnapshotRefKind.Tag) { MaxRefAgeMs = 3_600_000 }, refs["first"]);
        Assert.Equal(new SnapshotRef(ids[1], SnapshotRefKind.Branch) { MinSnapshotsToKeep = 3, MaxSnapshotAgeMs = 86_400_000 }, refs["audit"]);
        Assert.Equal(ids[0], refs["older"].SnapshotId);
        Assert.Equal(3, table.Metadata.MetadataLog.Count);

        await table.ManageSnapshots().ReplaceTag("first", ids[1]).ReplaceBranch("audit", ids[0]).ReplaceBranch("older", "main").SetMinSnapshotsToKeep("audit", null).CommitAsync(TestTable.Cancel);
        Assert.Equal((ids[1], ids[0], ids[1]), (table.Metadata.Refs["first"].SnapshotId, table.Metadata.Refs["audit"].SnapshotId, table.Metadata.Refs["older"].SnapshotId));
        Assert.Equal((null, 86_400_000L), (table.Metadata.Refs["audit"].MinSnapshotsToKeep, table.Metadata.Refs["audit"].MaxSnapshotAgeMs));
        await table.ManageSnapshots().RemoveTag("first").RemoveBranch("audit").RemoveBranch("older").CommitAsync(TestTable.Cancel);
        Assert.Equal(["main"], table.Metadata.Refs.Keys);
    }

    [Fact]
    public async Task Names_and_snapshots_must_fit()
    {
        var (table, ids) = await HistoryAsync(1);
        await table.ManageSnapshots().CreateTag("t").CreateBranch("b").CommitAsync(TestTable.Cancel);
        ManageSnapshots New() => table.ManageSnapshots();
        ManageSnapshots[] refused =
        [
            New().RemoveTag("b"), New().RemoveBranch("t"), New().RemoveTag("none"), New().ReplaceTag("b", ids[0]), New().ReplaceBranch("t", ids[0]),
            New().ReplaceTag("t", 99), New().CreateTag("x", 99), New().SetMinSnapshotsToKeep("t", 1), New().SetMaxRefAge("none", null), New().FastForwardBranch("b", "none"),
            New().RollbackTo(99), New().SetCurrentSnapshot(99), New().SetCurrentSnapshot("none"), New().Cherrypick(99),
        ];
        foreach (var change in refused)
        {
            await Assert.ThrowsAsync<IcebergException>(() => change.CommitAsync(TestTable.Cancel));
        }

        await Assert.ThrowsAsync<AlreadyExistsException>(() => New().CreateTag("b").CommitAsync(TestTable.Cancel));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => New().RenameBranch("b", "t").CommitAsync(TestTable.Cancel));
        Assert.Throws<ArgumentException>(() => New().RemoveBranch("main"));
        Assert.Throws<ArgumentException>(() => New().RenameBranch("main", "x"));
        Assert.Throws<ArgumentException>(() => New().SetMaxRefAge("main", TimeSpan.FromDays(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => New().SetMinSnapshotsToKeep("b", 0));
        await Assert.ThrowsAsync<IcebergException>(() => table.NewAppend().ToBranch("t").CommitAsync(TestTable.Cancel));
        var empty = await TestTable.CreateAsync();
        await Assert.ThrowsAsync<IcebergException>(() => empty.ManageSnapshots().CreateBranch("b").CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task A_table_goes_back_to_an_ancestor_and_forth_to_any_snapshot()
    {
        var (table, ids) = await HistoryAsync(1, 2, 3);
        await table.ManageSnapshots().RollbackTo(ids[0]).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan()));
        await Assert.ThrowsAsync<IcebergException>(() => table.ManageSnapshots().RollbackTo(ids[2]).CommitAsync(TestTable.Cancel));
        await table.ManageSnapshots().SetCurrentSnapshot(ids[2]).CommitAsync(TestTable.Cancel);
        Assert.Equal([.. ids, ids[0], ids[2]], table.Metadata.SnapshotLog.Select(e => e.SnapshotId));

        // Snapshots are a minute apart: the second is the newest that is older than the third.
        var third = table.Metadata.FindSnapshot(ids[2])!.Timestamp;
        await table.ManageSnapshots().RollbackToTime(third).CommitAsync(TestTable.Cancel);
        Assert.Equal(ids[1], table.CurrentSnapshot!.SnapshotId);
        await Assert.ThrowsAsync<IcebergException>(() => table.ManageSnapshots().RollbackToTime(third.AddHours(-1)).CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task A_branch_is_written_to_read_as_of_a_time_and_moved_forward_to()
    {
        var (table, ids) = await HistoryAsync(1);
        await table.ManageSnapshots().CreateBranch("audit").CommitAsync(TestTable.Cancel);
        var second = await table.NewAppend().Add(TestTable.Month(2025, 2)).ToBranch("audit").CommitAsync(TestTable.Cancel);
        Wait(table);
        var third = await table.NewAppend().Add(TestTable.Month(2025, 3)).ToBranch("audit").CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal(
            (second.SnapshotId, third.SnapshotId, null),
            (table.Metadata.SnapshotAsOf(third.Timestamp.AddMilliseconds(-1), "audit")?.SnapshotId, table.Metadata.SnapshotAsOf(third.Timestamp, "audit")?.SnapshotId,
             table.Metadata.SnapshotAsOf(table.Metadata.FindSnapshot(ids[0])!.Timestamp.AddMilliseconds(-1), "audit")?.SnapshotId));
        Assert.Equal(["2025-01-0", "2025-02-0"], await TestTable.FilesAsync(table.NewScan().AsOf(second.Timestamp, "audit")));
        Assert.Throws<ArgumentException>(() => table.NewScan().AsOf(second.Timestamp.AddDays(-1), "audit"));
        await table.ManageSnapshots().FastForwardBranch("main", "audit").CommitAsync(TestTable.Cancel);
        Assert.Equal(third.SnapshotId, table.CurrentSnapshot!.SnapshotId);
        await table.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() => table.ManageSnapshots().FastForwardBranch("main", "audit").CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task A_staged_append_is_published_once()
    {
        var (table, ids) = await HistoryAsync(1);
        var staged = await table.NewAppend().Add(TestTable.Month(2025, 2)).Set("wap.id", "w1").StageOnly().CommitAsync(TestTable.Cancel);
        var same = await table.NewAppend().Add(TestTable.Month(2025, 2, 1)).Set("wap.id", "w1").StageOnly().CommitAsync(TestTable.Cancel);
        Assert.Equal(ids[0], table.CurrentSnapshot!.SnapshotId);
        var last = await table.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);

        await table.ManageSnapshots().Cherrypick(staged.SnapshotId).CommitAsync(TestTable.Cancel);
        var published = table.CurrentSnapshot!;
        Assert.Equal(["2025-01-0", "2025-02-0", "2025-03-0"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal(
            ("append", $"{staged.SnapshotId}", "w1", last.SnapshotId, "300"),
            (published.Operation, published.Summary["source-snapshot-id"], published.Summary["published-wap-id"], published.ParentSnapshotId, published.Summary["total-records"]));
        await Assert.ThrowsAsync<CommitConflictException>(() => table.ManageSnapshots().Cherrypick(staged.SnapshotId).CommitAsync(TestTable.Cancel));
        await Assert.ThrowsAsync<CommitConflictException>(() => table.ManageSnapshots().Cherrypick(same.SnapshotId).CommitAsync(TestTable.Cancel));
        await Assert.ThrowsAsync<CommitConflictException>(() => table.ManageSnapshots().Cherrypick(last.SnapshotId).CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task A_staged_snapshot_that_comes_next_becomes_main_itself_whatever_it_did()
    {
        var (table, _) = await HistoryAsync(1, 2);
        var staged = await table.NewDelete().Delete(TestTable.Month(2025, 1)).StageOnly().CommitAsync(TestTable.Cancel);
        await table.ManageSnapshots().Cherrypick(staged.SnapshotId).CommitAsync(TestTable.Cancel);
        Assert.Equal(staged.SnapshotId, table.CurrentSnapshot!.SnapshotId);
        var other = await table.NewDelete().Delete(TestTable.Month(2025, 2)).StageOnly().CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() => table.ManageSnapshots().Cherrypick(other.SnapshotId).CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task Replaced_partitions_are_published_unless_somebody_changed_them()
    {
        var (table, _) = await HistoryAsync(1, 2);
        var first = await table.NewReplacePartitions().Add(TestTable.Month(2025, 1, 1)).StageOnly().CommitAsync(TestTable.Cancel);
        var second = await table.NewReplacePartitions().Add(TestTable.Month(2025, 2, 1)).StageOnly().CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 2, 7)).CommitAsync(TestTable.Cancel);
        await table.ManageSnapshots().Cherrypick(first.SnapshotId).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-01-1", "2025-02-0", "2025-02-7"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal("overwrite", table.CurrentSnapshot!.Operation);
        await Assert.ThrowsAsync<CommitConflictException>(() => table.ManageSnapshots().Cherrypick(second.SnapshotId).CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task References_are_changed_on_top_of_what_others_commit_in_a_transaction_too()
    {
        var (table, ids) = await HistoryAsync(1);
        await using var transaction = table.NewTransaction();
        var added = await transaction.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await transaction.ManageSnapshots().CreateTag("release").CommitAsync(TestTable.Cancel);
        await (await Entries.ReloadAsync(table)).NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        await transaction.CommitAsync(TestTable.Cancel);
        Assert.Equal(added.SnapshotId, table.Metadata.Refs["release"].SnapshotId);
        Assert.Equal(["2025-01-0", "2025-02-0", "2025-03-0"], await TestTable.FilesAsync(table.NewScan().UseRef("release")));
        Assert.Equal(3, table.Metadata.Snapshots.Count);
        Assert.NotNull(table.Metadata.FindSnapshot(ids[0]));
    }

    private static void Wait(Table table) => ((MinuteTime)table.Context.Time).Pass();

    private static async Task<(Table Table, List<long> Ids)> HistoryAsync(params int[] months)
    {
        var time = new MinuteTime();
        var table = await TestTable.CreateAsync(context: new CommitContext(time, new IdSource(5)));
        var ids = new List<long>();
        foreach (var month in months)
        {
            time.Pass();
            ids.Add((await table.NewAppend().Add(TestTable.Month(2025, month)).CommitAsync(TestTable.Cancel)).SnapshotId);
        }

        time.Pass();
        return (table, ids);
    }

    private sealed class MinuteTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Pass() => _now += TimeSpan.FromMinutes(1);

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
