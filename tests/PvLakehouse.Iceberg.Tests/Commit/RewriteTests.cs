using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>Operations that change files but no rows: compaction, manifests, and whole partitions written again.</summary>
public sealed class RewriteTests
{
    private static readonly string January = TestTable.Month(2025, 1).FilePath;

    [Fact]
    public async Task Rewritten_rows_may_keep_the_age_of_the_snapshot_that_was_read()
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        await table.NewAppend().Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel);
        var start = table.CurrentSnapshot!.SequenceNumber;
        var other = await Entries.ReloadAsync(table);
        await other.NewRowDelta().AddDeletes(Entries.Keys(1, "k")).CommitAsync(TestTable.Cancel);

        RewriteFiles Rewrite() => table.NewRewrite()
            .Remove(TestTable.Month(2025, 1)).Remove(TestTable.Month(2025, 1, 1)).Add(TestTable.Month(2025, 1, 2, records: 200))
            .ValidateFromSnapshot(other.Metadata.Snapshots[1].SnapshotId);
        await Assert.ThrowsAsync<CommitConflictException>(() => Rewrite().CommitAsync(TestTable.Cancel));
        var snapshot = await Rewrite().UseStartingSequenceNumber(start).CommitAsync(TestTable.Cancel);

        Assert.Equal(("replace", "200", "200"), (snapshot.Operation, snapshot.Summary["added-records"], snapshot.Summary["deleted-records"]));
        var added = (await Entries.OfAsync(table)).Single(e => e.File == "2025-01-2");

        // The snapshot that was read is number 2, the deletes 3: they still apply to the rewritten rows.
        Assert.Equal((EntryStatus.Added, 2), (added.Status, added.Age));
        Assert.Equal(["2025-01-2", "2025-02-0", "k"], await Entries.LiveAsync(table));
        var manifest = (await Entries.ManifestsAsync(table)).Single(m => m.AddedFilesCount == 1 && m.Content == ManifestContent.Data);
        Assert.Equal((4, 2), (manifest.SequenceNumber, manifest.MinSequenceNumber));
    }

    [Fact]
    public async Task A_chosen_age_survives_the_merging_of_manifests()
    {
        var table = await TestTable.CreateAsync(properties: new() { ["commit.manifest.min-count-to-merge"] = "2" });
        await table.NewFastAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.NewFastAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await table.NewRewrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1)).UseStartingSequenceNumber(1).CommitAsync(TestTable.Cancel);
        Assert.Single(await Entries.ManifestsAsync(table));
        Assert.Equal(
            [("2025-01-0", 1), ("2025-01-1", 1), ("2025-02-0", 2)], (await Entries.OfAsync(table)).Select(e => (e.File, e.Age)));
    }

    [Fact]
    public async Task A_rewrite_says_whose_rows_it_has_and_carries_what_the_writer_said_of_them()
    {
        var table = await TestTable.CreateAsync(properties: new() { ["write.summary.carried-prefix"] = "loader." });
        var loaded = await table.NewFastAppend().Add(TestTable.Month(2025, 1)).Set("loader.up-to", "17").Set("wap.id", "x").CommitAsync(TestTable.Cancel);
        var compacted = await table.NewRewrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel);
        var clustered = await table.NewRewriteManifests().CommitAsync(TestTable.Cancel);

        Assert.All([compacted, clustered], snapshot => Assert.Equal(
            (FormattableString.Invariant($"{loaded.SnapshotId}"), "17", false),
            (snapshot.Summary["same-rows-as-snapshot-id"], snapshot.Summary["loader.up-to"], snapshot.Summary.ContainsKey("wap.id"))));

        // Rows that are new are not those of before.
        var more = await table.NewFastAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        Assert.DoesNotContain(more.Summary.Keys, key => key is "same-rows-as-snapshot-id" or "loader.up-to");
    }

    [Fact]
    public async Task Positions_deleted_meanwhile_are_always_a_conflict()
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        await (await Entries.ReloadAsync(table)).NewRowDelta().AddDeletes(Entries.Positions(1, "p", January)).CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() => table.NewRewrite()
            .Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1)).UseStartingSequenceNumber(1).CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task A_rewrite_adds_no_rows_and_replaces_like_by_like()
    {
        var table = await Entries.MonthsAsync(null, 1);
        await Assert.ThrowsAsync<IcebergException>(() => table.NewRewrite()
            .Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1, records: 101)).CommitAsync(TestTable.Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => table.NewRewrite().Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel));
        await table.NewRowDelta().AddDeletes(Entries.Positions(1, "p1")).AddDeletes(Entries.Positions(1, "p2")).CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<InvalidOperationException>(() => table.NewRewrite()
            .RemoveDeletes(Entries.Positions(1, "p1")).Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel));
        var merged = await table.NewRewrite()
            .RemoveDeletes(Entries.Positions(1, "p1")).RemoveDeletes(Entries.Positions(1, "p2")).AddDeletes(Entries.Positions(1, "p3", rows: 4), sequenceNumber: 2)
            .CommitAsync(TestTable.Cancel);
        Assert.Equal(("1", "2"), (merged.Summary["added-delete-files"], merged.Summary["removed-delete-files"]));
        Assert.Equal([("2025-01-0", 1), ("p3", 2)], (await Entries.OfAsync(table)).Where(e => e.Status != EntryStatus.Deleted).Select(e => (e.File, e.Age)));
    }

    [Fact]
    public async Task Manifests_are_clustered_and_files_keep_their_age_and_origin()
    {
        var table = await TestTable.CreateAsync();
        for (var i = 0; i < 3; i++)
        {
            await table.NewFastAppend().AddRange([TestTable.Month(2025, 1, i), TestTable.Month(2025, 2, i)]).CommitAsync(TestTable.Cancel);
        }

        await table.NewDelete().Delete(TestTable.Month(2025, 1, 2)).CommitAsync(TestTable.Cancel);
        await table.NewRowDelta().AddDeletes(Entries.Keys(1, "k")).CommitAsync(TestTable.Cancel);
        var before = (await Entries.OfAsync(table)).Where(e => e.Status != EntryStatus.Deleted).Select(e => (e.File, e.Age, e.SnapshotId)).ToList();

        var snapshot = await table.NewRewriteManifests().ClusterBy(f => f.Partition[0]).CommitAsync(TestTable.Cancel);

        Assert.Equal(
            ("replace", "2", "1", "3", "5", "5"),
            (snapshot.Operation, snapshot.Summary["manifests-created"], snapshot.Summary["manifests-kept"], snapshot.Summary["manifests-replaced"],
             snapshot.Summary["entries-processed"], snapshot.Summary["total-data-files"]));
        Assert.Equal(before, (await Entries.OfAsync(table)).Select(e => (e.File, e.Age, e.SnapshotId)));
        Assert.All((await Entries.OfAsync(table)).Where(e => e.File != "k"), e => Assert.Equal(EntryStatus.Existing, e.Status));
        Assert.Equal(
            [2, 3], (await Entries.ManifestsAsync(table)).Where(m => m.Content == ManifestContent.Data).Select(m => m.ExistingFilesCount!.Value).Order());
        Assert.All(
            (await Entries.ManifestsAsync(table)).Where(m => m.Content == ManifestContent.Data),
            m => Assert.True(m.Partitions![0].LowerBound!.Value.Span.SequenceEqual(m.Partitions[0].UpperBound!.Value.Span)));
    }

    [Fact]
    public async Task Only_chosen_manifests_are_rewritten_and_those_of_others_are_kept()
    {
        var io = new InMemoryFileIO();
        var table = await TestTable.CreateAsync(io);
        for (var i = 1; i <= 3; i++)
        {
            await table.NewFastAppend().Add(TestTable.Month(2025, i)).CommitAsync(TestTable.Cancel);
        }

        var kept = (await Entries.ManifestsAsync(table))[0].Path;
        await (await Entries.ReloadAsync(table)).NewFastAppend().Add(TestTable.Month(2025, 4)).CommitAsync(TestTable.Cancel);
        var before = io.Locations;
        var snapshot = await table.NewRewriteManifests().RewriteIf(m => m.Path != kept).CommitAsync(TestTable.Cancel);

        Assert.Equal(("1", "2", "2"), (snapshot.Summary["manifests-created"], snapshot.Summary["manifests-kept"], snapshot.Summary["manifests-replaced"]));
        Assert.Equal(["2025-01-0", "2025-02-0", "2025-03-0", "2025-04-0"], await TestTable.FilesAsync(table.NewScan()));

        // The manifest was written once for both attempts.
        Assert.Single(io.Locations.Except(before), l => l.EndsWith(".avro", StringComparison.Ordinal) && !l.Contains("snap-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Manifests_that_others_replaced_meanwhile_are_rewritten_again()
    {
        var io = new InMemoryFileIO();
        var table = await TestTable.CreateAsync(io);
        await table.NewFastAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)]).CommitAsync(TestTable.Cancel);
        await (await Entries.ReloadAsync(table)).NewDelete().Delete(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.NewRewriteManifests().ClusterBy(f => f.Partition[0]).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-02-0"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal("1", table.CurrentSnapshot!.Summary["total-data-files"]);
    }

    [Fact]
    public async Task A_fast_append_merges_nothing()
    {
        var table = await TestTable.CreateAsync(properties: new() { ["commit.manifest.min-count-to-merge"] = "2" });
        for (var i = 1; i <= 3; i++)
        {
            await table.NewFastAppend().Add(TestTable.Month(2025, i)).CommitAsync(TestTable.Cancel);
        }

        Assert.Equal(3, (await Entries.ManifestsAsync(table)).Count);
        await table.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(TestTable.Cancel);
        Assert.Single(await Entries.ManifestsAsync(table));
    }

    [Fact]
    public async Task Data_and_delete_manifests_are_merged_apart()
    {
        var table = await TestTable.CreateAsync(properties: new() { ["commit.manifest.min-count-to-merge"] = "2" });
        await table.NewFastAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.NewRowDelta().AddDeletes(Entries.Keys(1, "a")).CommitAsync(TestTable.Cancel);
        await table.NewRowDelta().AddDeletes(Entries.Keys(1, "b")).CommitAsync(TestTable.Cancel);
        Assert.Equal(
            [(ManifestContent.Data, 1), (ManifestContent.Deletes, 2)],
            (await Entries.ManifestsAsync(table)).Select(m => (m.Content, m.AddedFilesCount!.Value + m.ExistingFilesCount!.Value)));
        Assert.Equal([("2025-01-0", 1), ("a", 2), ("b", 3)], (await Entries.OfAsync(table)).Select(e => (e.File, e.Age)));
    }

    [Fact]
    public async Task Partitions_that_get_new_files_are_replaced_and_a_repetition_gives_the_same()
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        await table.NewRowDelta().AddDeletes(Entries.Keys(1, "k1")).AddDeletes(Entries.Keys(2, "k2")).CommitAsync(TestTable.Cancel);
        var snapshot = await table.NewReplacePartitions().Add(TestTable.Month(2025, 1, 1)).Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        Assert.Equal(("overwrite", "true", "1", "1"), (snapshot.Operation, snapshot.Summary["replace-partitions"], snapshot.Summary["deleted-data-files"], snapshot.Summary["removed-delete-files"]));
        Assert.Equal(["2025-01-1", "2025-02-0", "2025-03-0", "k2"], await Entries.LiveAsync(table));
        await table.NewReplacePartitions().Add(TestTable.Month(2025, 1, 2)).Add(TestTable.Month(2025, 3, 2)).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-01-2", "2025-02-0", "2025-03-2", "k2"], await Entries.LiveAsync(table));
    }

    [Fact]
    public async Task A_table_without_partitions_is_replaced_whole()
    {
        var table = await TestTable.CreateAsync(spec: PartitionSpec.Unpartitioned);
        await table.NewAppend().AddRange([TestTable.File("a"), TestTable.File("b")]).CommitAsync(TestTable.Cancel);
        await table.NewReplacePartitions().Add(TestTable.File("c")).CommitAsync(TestTable.Cancel);
        Assert.Equal(["c"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task Replacing_partitions_can_insist_that_they_were_empty_or_are_unchanged()
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        var start = table.CurrentSnapshot!.SnapshotId;
        await Assert.ThrowsAsync<CommitConflictException>(() => table.NewReplacePartitions().Add(TestTable.Month(2025, 1, 1)).ValidateAppendOnly().CommitAsync(TestTable.Cancel));
        var other = await Entries.ReloadAsync(table);
        await other.NewAppend().Add(TestTable.Month(2025, 1, 7)).CommitAsync(TestTable.Cancel);
        await other.NewRowDelta().AddDeletes(Entries.Keys(2, "k")).CommitAsync(TestTable.Cancel);

        ReplacePartitions Replace(int month) => table.NewReplacePartitions().Add(TestTable.Month(2025, month, 3)).ValidateFromSnapshot(start);
        await Assert.ThrowsAsync<CommitConflictException>(() => Replace(1).ValidateNoConflictingData().CommitAsync(TestTable.Cancel));
        await Assert.ThrowsAsync<CommitConflictException>(() => Replace(2).ValidateNoConflictingDeletes().CommitAsync(TestTable.Cancel));
        await Replace(2).ValidateNoConflictingData().CommitAsync(TestTable.Cancel);
        await Replace(3).ValidateNoConflictingData().ValidateNoConflictingDeletes().ValidateAppendOnly().CommitAsync(TestTable.Cancel);
    }
}
