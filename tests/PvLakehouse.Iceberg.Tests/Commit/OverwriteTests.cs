using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

public sealed class OverwriteTests
{
    private static readonly DateTimeOffset February = new(2025, 2, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Replaced_files_are_marked_deleted_and_their_neighbours_keep_their_age()
    {
        var table = await MonthsAsync(1, 2);
        var snapshot = await table.NewOverwrite()
            .Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1, records: 90))
            .CommitAsync(TestTable.Cancel);

        Assert.Equal("overwrite", snapshot.Operation);
        Assert.Equal(
            ("1", "1", "90", "100", "190", "2", "1", "2", "0", "1"),
            (snapshot.Summary["added-data-files"], snapshot.Summary["deleted-data-files"], snapshot.Summary["added-records"], snapshot.Summary["deleted-records"],
             snapshot.Summary["total-records"], snapshot.Summary["total-data-files"], snapshot.Summary["changed-partition-count"],
             snapshot.Summary["manifests-created"], snapshot.Summary["manifests-kept"], snapshot.Summary["manifests-replaced"]));
        Assert.Equal(["2025-01-1", "2025-02-0"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal(
            [("2025-01-0", EntryStatus.Deleted, 1, snapshot.SnapshotId), ("2025-01-1", EntryStatus.Added, 2, snapshot.SnapshotId),
             ("2025-02-0", EntryStatus.Existing, 1, snapshot.ParentSnapshotId!.Value)],
            await EntriesAsync(table));
    }

    [Fact]
    public async Task Entries_deleted_by_earlier_snapshots_are_not_carried_along()
    {
        var table = await MonthsAsync(1, 2, 3);
        await table.NewOverwrite().Remove(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.NewOverwrite().Remove(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-02-0", "2025-03-0"], (await EntriesAsync(table)).Select(e => e.File));

        await table.NewOverwrite().Remove(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        await table.NewAppend().CommitAsync(TestTable.Cancel);
        Assert.Empty(await ManifestListReader.ReadAsync(table.Io, table.Metadata, table.CurrentSnapshot!, TestTable.Cancel));
        Assert.Equal(("0", "0"), (table.CurrentSnapshot!.Summary["total-records"], table.CurrentSnapshot.Summary["total-files-size"]));
    }

    [Fact]
    public async Task The_operation_is_named_by_what_happened()
    {
        var table = await MonthsAsync(1, 2);
        Assert.Equal("append", (await table.NewOverwrite().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel)).Operation);
        Assert.Equal("delete", (await table.NewOverwrite().Remove(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel)).Operation);
    }

    [Fact]
    public async Task Only_manifests_of_touched_partitions_are_read_and_written_anew()
    {
        var table = await TestTable.CreateAsync();
        for (var month = 1; month <= 4; month++)
        {
            await table.NewAppend().Add(TestTable.Month(2025, month)).CommitAsync(TestTable.Cancel);
        }

        var snapshot = await table.NewOverwrite()
            .Remove(TestTable.Month(2025, 2)).Add(TestTable.Month(2025, 2, 1)).CommitAsync(TestTable.Cancel);
        Assert.Equal(
            ("1", "3", "1"),
            (snapshot.Summary["entries-processed"], snapshot.Summary["manifests-kept"], snapshot.Summary["manifests-replaced"]));
    }

    [Fact]
    public async Task A_file_that_somebody_else_replaced_meanwhile_is_a_conflict_and_leaves_nothing_behind()
    {
        var io = new InMemoryFileIO();
        var table = await MonthsAsync(io, 1, 2);
        var other = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        await other.NewOverwrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel);
        var before = io.Locations;

        await Assert.ThrowsAsync<CommitConflictException>(() => table.NewOverwrite()
            .Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 2)).CommitAsync(TestTable.Cancel));

        Assert.Equal(before, io.Locations);
        Assert.Equal(["2025-01-1", "2025-02-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task Concurrent_replacements_of_different_files_both_succeed()
    {
        var table = await MonthsAsync(1, 2);
        var other = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        var start = table.CurrentSnapshot!.SnapshotId;
        await Merge(other, 1, start).CommitAsync(TestTable.Cancel);
        await Merge(table, 2, start).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-01-1", "2025-02-1"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task New_rows_that_match_the_conflict_filter_are_a_conflict_when_serializable()
    {
        var table = await MonthsAsync(1, 2);
        var other = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        var start = table.CurrentSnapshot!.SnapshotId;
        await other.NewAppend().Add(TestTable.Month(2025, 2, 7)).CommitAsync(TestTable.Cancel);

        var failure = await Assert.ThrowsAsync<CommitConflictException>(() => Merge(table, 2, start).CommitAsync(TestTable.Cancel));
        Assert.Contains("2025-02-7", failure.Message, StringComparison.Ordinal);

        // Of January nothing was added, and under snapshot isolation added rows do not count.
        await Merge(await ReloadAsync(table), 1, start).CommitAsync(TestTable.Cancel);
        await Merge(await ReloadAsync(table), 2, start, IsolationLevel.Snapshot).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-01-1", "2025-02-1", "2025-02-7"], await TestTable.FilesAsync((await ReloadAsync(table)).NewScan()));
    }

    [Fact]
    public async Task A_table_that_was_empty_conflicts_with_the_first_rows_of_others()
    {
        var table = await TestTable.CreateAsync();
        var other = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        await other.NewAppend().Add(TestTable.Month(2025, 2, 7)).CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() =>
            table.NewOverwrite().Add(TestTable.Month(2025, 2)).ValidateFrom(null).CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task History_that_cannot_be_told_is_a_conflict()
    {
        var table = await MonthsAsync(1);
        var start = table.CurrentSnapshot!.SnapshotId;
        var second = await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        await table.UpdateAsync(b => b.RemoveSnapshots([second.SnapshotId]), TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() => Merge(table, 1, start).CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task A_file_that_was_never_there_cannot_be_removed()
    {
        var table = await MonthsAsync(1);
        var failure = await Assert.ThrowsAsync<CommitConflictException>(() =>
            table.NewOverwrite().Remove(TestTable.Month(2025, 9)).CommitAsync(TestTable.Cancel));
        Assert.Contains("2025-09-0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_incremental_scan_is_honest_about_overwrites()
    {
        var table = await MonthsAsync(1);
        var start = table.CurrentSnapshot!.SnapshotId;
        await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await table.NewOverwrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel);

        var scan = table.NewIncrementalAppendScan().After(start);
        var failure = await Assert.ThrowsAsync<IncrementalScanException>(() => TestTable.FilesAsync(scan));
        Assert.Contains("'overwrite'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["2025-02-0", "2025-01-1"], await TestTable.FilesAsync(scan.WithNonAppend(NonAppendSnapshots.IncludeAdded)));
        Assert.Equal(["2025-02-0"], await TestTable.FilesAsync(scan.WithNonAppend(NonAppendSnapshots.Ignore)));
    }

    [Fact]
    public async Task Rewritten_manifests_are_used_again_when_the_commit_is_repeated()
    {
        var io = new InMemoryFileIO();
        var table = await MonthsAsync(io, 1, 2);
        var start = table.CurrentSnapshot!.SnapshotId;
        var other = await table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        await other.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        var before = io.Locations;

        await Merge(table, 1, start).CommitAsync(TestTable.Cancel);

        // An added and a rewritten manifest, one list, one metadata file: nothing of the first attempt is left or was made twice.
        var made = io.Locations.Except(before).Select(l => l.Split('/')[^1]).ToList();
        Assert.Equal((2, 1, 1), (made.Count(f => f.Contains("-m", StringComparison.Ordinal)), made.Count(f => f.StartsWith("snap-", StringComparison.Ordinal)), made.Count(f => f.EndsWith(".json", StringComparison.Ordinal))));
        Assert.Equal(["2025-01-1", "2025-02-0", "2025-03-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    private static OverwriteFiles Merge(Table table, int month, long start, IsolationLevel isolation = IsolationLevel.Serializable) => table
        .NewOverwrite()
        .Remove(TestTable.Month(2025, month))
        .Add(TestTable.Month(2025, month, 1))
        .ValidateFrom(start, isolation, month == 1 ? Expression.LessThan("date_hour", February) : Expression.GreaterThanOrEqual("date_hour", February));

    private static Task<Table> ReloadAsync(Table table) => table.Catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);

    private static Task<Table> MonthsAsync(params int[] months) => MonthsAsync(new InMemoryFileIO(), months);

    private static async Task<Table> MonthsAsync(InMemoryFileIO io, params int[] months)
    {
        var table = await TestTable.CreateAsync(io);
        await table.NewAppend().AddRange(months.Select(m => TestTable.Month(2025, m))).CommitAsync(TestTable.Cancel);
        return table;
    }

    private static async Task<List<(string File, EntryStatus Status, long SequenceNumber, long SnapshotId)>> EntriesAsync(Table table)
    {
        var entries = new List<(string, EntryStatus, long, long)>();
        foreach (var manifest in await ManifestListReader.ReadAsync(table.Io, table.Metadata, table.CurrentSnapshot!, TestTable.Cancel))
        {
            await foreach (var entry in new ManifestReader(table.Io, table.Metadata).ReadAsync(manifest, TestTable.Cancel))
            {
                entries.Add((Path.GetFileNameWithoutExtension(entry.File.FilePath), entry.Status, entry.SequenceNumber!.Value, entry.SnapshotId!.Value));
            }
        }

        entries.Sort();
        return entries;
    }
}
