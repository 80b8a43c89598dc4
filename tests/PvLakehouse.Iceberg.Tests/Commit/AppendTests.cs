using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

public sealed class AppendTests
{
    [Fact]
    public async Task The_first_append_makes_a_snapshot_with_counts_and_totals()
    {
        var table = await TestTable.CreateAsync();
        var snapshot = await table.NewAppend()
            .Add(TestTable.Month(2025, 1, records: 100)).Add(TestTable.Month(2025, 2, records: 50))
            .Set("pvlake.batch", "b-1")
            .CommitAsync(TestTable.Cancel);

        Assert.Equal((1L, null, "append"), (snapshot.SequenceNumber, snapshot.ParentSnapshotId, snapshot.Operation));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["operation"] = "append", ["pvlake.batch"] = "b-1", ["added-data-files"] = "2", ["added-records"] = "150",
                ["added-files-size"] = "1500", ["changed-partition-count"] = "2", ["total-records"] = "150", ["total-files-size"] = "1500",
                ["total-data-files"] = "2", ["total-delete-files"] = "0", ["total-position-deletes"] = "0",
                ["total-equality-deletes"] = "0", ["manifests-created"] = "1", ["manifests-kept"] = "0", ["manifests-replaced"] = "0",
            },
            snapshot.Summary);
        Assert.Equal(snapshot, table.CurrentSnapshot);
        Assert.Equal(["2025-01-0", "2025-02-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_later_append_keeps_earlier_manifests_and_carries_totals_on()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().Add(TestTable.Month(2025, 1, records: 100)).CommitAsync(TestTable.Cancel);
        var second = await table.NewAppend().Add(TestTable.Month(2025, 2, records: 50)).CommitAsync(TestTable.Cancel);

        Assert.Equal(("150", "2", "1", "1"), (second.Summary["total-records"], second.Summary["total-data-files"], second.Summary["manifests-created"], second.Summary["manifests-kept"]));
        var list = await ManifestListReader.ReadAsync(table.Io, table.Metadata, second, TestTable.Cancel);
        Assert.Equal([(2L, 2L), (1L, 1L)], list.Select(m => (m.SequenceNumber, m.MinSequenceNumber)));
        await foreach (var task in table.NewScan().PlanFilesAsync(TestTable.Cancel))
        {
            Assert.Equal(task.File.FilePath.Contains("2025-01", StringComparison.Ordinal) ? 1 : 2, task.SequenceNumber);
        }
    }

    [Fact]
    public async Task An_append_without_files_still_records_the_writers_properties()
    {
        var table = await TestTable.CreateAsync();
        var snapshot = await table.NewAppend().Set("pvlake.watermark", "7").CommitAsync(TestTable.Cancel);
        Assert.Equal(("7", "0"), (snapshot.Summary["pvlake.watermark"], snapshot.Summary["total-records"]));
        Assert.Empty(await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task Total_that_the_parent_lacks_is_left_out_and_not_invented()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var odd = table.CurrentSnapshot! with
        {
            SnapshotId = 5, ParentSnapshotId = table.CurrentSnapshot!.SnapshotId, SequenceNumber = 2,
            Summary = new Dictionary<string, string> { ["operation"] = "append", ["total-data-files"] = "1" },
        };
        await table.UpdateAsync(b => b.AddSnapshot(odd).SetBranch("main", 5), TestTable.Cancel);
        var next = await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        Assert.Equal("2", next.Summary["total-data-files"]);
        Assert.False(next.Summary.ContainsKey("total-records"));
    }

    [Fact]
    public async Task Two_appends_from_the_same_state_are_both_there()
    {
        var table = await TestTable.CreateAsync();
        var other = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        await other.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var second = await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);

        Assert.Equal(other.CurrentSnapshot!.SnapshotId, second.ParentSnapshotId);
        Assert.Equal(["2025-01-0", "2025-02-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_retry_writes_only_a_new_manifest_list_and_removes_the_old_one()
    {
        var io = new InMemoryFileIO();
        var table = await TestTable.CreateAsync(io);
        var other = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        await other.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);

        // Two commits: a manifest, a list and a metadata file each, and the metadata file of the creation.
        var files = io.Locations.Select(l => l.Split('/')[^1]).ToList();
        Assert.Equal(2, files.Count(f => f.Contains("-m0.avro", StringComparison.Ordinal)));
        Assert.Equal(2, files.Count(f => f.StartsWith("snap-", StringComparison.Ordinal)));
        Assert.Equal(3, files.Count(f => f.EndsWith(".metadata.json", StringComparison.Ordinal)));
        Assert.Equal(7, files.Count);
        Assert.Contains("-1-", table.CurrentSnapshot!.ManifestList, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_named_as_the_reference_implementation_names_them()
    {
        var io = new InMemoryFileIO();
        var table = await TestTable.CreateAsync(io);
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var names = io.Locations.Select(l => l.Replace("mem:/warehouse/silver/energy/metadata/", "", StringComparison.Ordinal)).ToList();
        const string uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
        Assert.Collection(
            names,
            n => Assert.Matches($"^00000-{uuid}\\.metadata\\.json$", n),
            n => Assert.Matches($"^00001-{uuid}\\.metadata\\.json$", n),
            n => Assert.Matches($"^{uuid}-m0\\.avro$", n),
            n => Assert.Matches($"^snap-[0-9]+-0-{uuid}\\.avro$", n));
    }

    [Fact]
    public async Task Many_small_manifests_are_merged_and_nothing_is_lost_or_renumbered()
    {
        var table = await TestTable.CreateAsync(properties: new() { ["commit.manifest.min-count-to-merge"] = "3" });
        for (var month = 1; month <= 5; month++)
        {
            await table.NewAppend().Add(TestTable.Month(2025, month)).CommitAsync(TestTable.Cancel);
        }

        // Commits 3 and 5 merge: 1, 2, 1, 2, 1 manifests.
        var list = await ManifestListReader.ReadAsync(table.Io, table.Metadata, table.CurrentSnapshot!, TestTable.Cancel);
        var manifest = Assert.Single(list);
        Assert.Equal((1, 4, 0, 5L, 1L), (manifest.AddedFilesCount, manifest.ExistingFilesCount, manifest.DeletedFilesCount, manifest.SequenceNumber, manifest.MinSequenceNumber));
        var ages = new SortedDictionary<string, (long, long)>();
        await foreach (var task in table.NewScan().PlanFilesAsync(TestTable.Cancel))
        {
            ages[task.File.FilePath] = (task.SequenceNumber, task.SnapshotId);
        }

        Assert.Equal([1, 2, 3, 4, 5], ages.Values.Select(a => a.Item1));
        Assert.Equal(table.Metadata.Snapshots.Select(s => s.SnapshotId), ages.Values.Select(a => a.Item2));
        Assert.Equal("2", table.CurrentSnapshot!.Summary["manifests-replaced"]);
        Assert.Equal(["2025-05-0"], await TestTable.FilesAsync(
            table.NewIncrementalAppendScan().After(table.CurrentSnapshot.ParentSnapshotId)));
    }

    [Fact]
    public async Task A_manifest_that_would_grow_too_large_is_left_alone()
    {
        var table = await TestTable.CreateAsync(properties: new()
        {
            ["commit.manifest.min-count-to-merge"] = "2", ["commit.manifest.target-size-bytes"] = "1",
        });
        for (var month = 1; month <= 3; month++)
        {
            await table.NewAppend().Add(TestTable.Month(2025, month)).CommitAsync(TestTable.Cancel);
        }

        Assert.Equal(3, (await ManifestListReader.ReadAsync(table.Io, table.Metadata, table.CurrentSnapshot!, TestTable.Cancel)).Count);
    }

    [Fact]
    public async Task What_cannot_be_added_is_refused_before_anything_is_written()
    {
        var io = new InMemoryFileIO();
        var table = await TestTable.CreateAsync(io);
        var before = io.Locations;
        var append = table.NewAppend().Add(TestTable.Month(2025, 1));
        Assert.Throws<ArgumentException>(() => append.Add(TestTable.Month(2025, 1)));
        Assert.Throws<ArgumentException>(() => append.Add(TestTable.File("no-partition")));
        Assert.Throws<ArgumentException>(() => append.Add(TestTable.Month(2025, 2) with { SpecId = 4 }));
        Assert.Throws<ArgumentException>(() => append.Add(TestTable.Month(2025, 2) with { Content = FileContent.PositionDeletes }));
        Assert.Throws<ArgumentException>(() => append.Set("total-records", "1"));
        Assert.Equal(before, io.Locations);
    }

    [Fact]
    public async Task A_data_file_that_is_not_there_is_not_committed()
    {
        using var folder = new TempFolder();
        var table = await TestTable.CreateAsync(new LocalFileIO(), warehouse: folder.Path);
        var missing = TestTable.Month(2025, 1) with { FilePath = folder.Path + "/missing.parquet" };

        var failure = await Assert.ThrowsAsync<FileNotFoundException>(() => table.NewAppend().Add(missing).CommitAsync(TestTable.Cancel));

        Assert.Contains("missing.parquet", failure.Message, StringComparison.Ordinal);
        Assert.Null(table.CurrentSnapshot);
        Assert.Single(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_branch_starts_from_main_and_moves_alone()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var audit = await table.NewAppend().Add(TestTable.Month(2025, 2)).ToBranch("audit").CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);

        Assert.Equal(["2025-01-0", "2025-03-0"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal(["2025-01-0", "2025-02-0"], await TestTable.FilesAsync(table.NewScan().UseRef("audit")));
        Assert.Equal("200", audit.Summary[SummaryKeys.TotalRecords]);
        Assert.Equal("200", table.CurrentSnapshot!.Summary[SummaryKeys.TotalRecords]);
    }

    [Fact]
    public async Task Main_is_moved_forward_to_an_audited_branch_unless_commits_would_be_lost()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 2)).ToBranch("audit").CommitAsync(TestTable.Cancel);
        await table.UpdateAsync(b => b.FastForward("main", "audit").RemoveRef("audit"), TestTable.Cancel);
        Assert.Equal(["2025-01-0", "2025-02-0"], await TestTable.FilesAsync(table.NewScan()));

        await table.NewAppend().Add(TestTable.Month(2025, 3)).ToBranch("late").CommitAsync(TestTable.Cancel);
        var other = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        await other.NewAppend().Add(TestTable.Month(2025, 4)).CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() => table.UpdateAsync(b => b.FastForward("main", "late"), TestTable.Cancel));
        Assert.Equal(["2025-01-0", "2025-02-0", "2025-04-0"], await TestTable.FilesAsync(other.NewScan()));
    }

    [Fact]
    public async Task Version_1_tables_are_not_written_before_they_are_upgraded()
    {
        var table = FixtureTable.Load("data/persistent/iceberg_v1_deprecated/default/legacy_v1/metadata/v2.metadata.json");
        var failure = await Assert.ThrowsAsync<NotSupportedException>(() => table.NewAppend().CommitAsync(TestTable.Cancel));
        Assert.Contains("UpgradeFormatVersion(2)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_incremental_scan_gives_what_each_append_added_oldest_first()
    {
        var table = await TestTable.CreateAsync();
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var second = await table.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);

        var scan = table.NewIncrementalAppendScan();
        Assert.Equal(["2025-01-0", "2025-03-0", "2025-02-0"], await TestTable.FilesAsync(scan));
        Assert.Equal(["2025-03-0", "2025-02-0"], await TestTable.FilesAsync(scan.After(first.SnapshotId)));
        Assert.Equal(["2025-03-0"], await TestTable.FilesAsync(scan.After(first.SnapshotId).UpTo(second.SnapshotId)));
        Assert.Empty(await TestTable.FilesAsync(scan.After(table.CurrentSnapshot!.SnapshotId)));
        Assert.Equal(["2025-02-0"], await TestTable.FilesAsync(scan.After(first.SnapshotId).Where(
            Expression.LessThan("date_hour", new DateTimeOffset(2025, 3, 1, 0, 0, 0, TimeSpan.Zero)))));
    }

    [Fact]
    public async Task The_incremental_scan_fails_clearly_where_history_has_expired_or_is_another()
    {
        var table = await TestTable.CreateAsync();
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var second = await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        var side = await table.NewAppend().Add(TestTable.Month(2025, 4)).ToBranch("side").CommitAsync(TestTable.Cancel);
        await table.UpdateAsync(b => b.RemoveSnapshots([second.SnapshotId]), TestTable.Cancel);

        await Assert.ThrowsAsync<IncrementalScanException>(() => TestTable.FilesAsync(table.NewIncrementalAppendScan().After(first.SnapshotId)));
        await Assert.ThrowsAsync<IncrementalScanException>(() => TestTable.FilesAsync(table.NewIncrementalAppendScan().After(side.SnapshotId)));

        // The files of the expired snapshot's manifest are still known, the snapshot itself is not needed after it.
        Assert.Equal(["2025-03-0"], await TestTable.FilesAsync(table.NewIncrementalAppendScan().After(second.SnapshotId)));
    }
}
