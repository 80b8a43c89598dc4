using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

public sealed class DeleteFilesTests
{
    private static readonly DateTimeOffset February = new(2025, 2, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset MidFebruary = new(2025, 2, 15, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Whole_files_are_deleted_by_a_filter_without_reading_them()
    {
        var table = await Entries.MonthsAsync(null, 1, 2, 3);
        var snapshot = await table.NewDelete().DeleteFromRowFilter(Expression.LessThan("date_hour", February)).CommitAsync(TestTable.Cancel);
        Assert.Equal(
            ("delete", "1", "100", "200", "2"),
            (snapshot.Operation, snapshot.Summary["deleted-data-files"], snapshot.Summary["deleted-records"], snapshot.Summary["total-records"], snapshot.Summary["total-data-files"]));
        Assert.Equal(["2025-02-0", "2025-03-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_file_of_which_only_some_rows_match_cannot_be_deleted_whole()
    {
        var io = new InMemoryFileIO();
        var table = await Entries.MonthsAsync(io, 1, 2, 3);
        var before = io.Locations;
        var failure = await Assert.ThrowsAsync<PartialMatchException>(() =>
            table.NewDelete().DeleteFromRowFilter(Expression.LessThan("date_hour", MidFebruary)).CommitAsync(TestTable.Cancel));
        Assert.EndsWith("2025-02-0.parquet", failure.FilePath, StringComparison.Ordinal);
        Assert.Equal(before, io.Locations);
        Assert.Equal(3, (await TestTable.FilesAsync(table.NewScan())).Count);
    }

    [Fact]
    public async Task Rows_that_compare_with_null_do_not_match()
    {
        // Whether energy is null in the files is not known, so no file certainly matches either filter.
        var table = await Entries.MonthsAsync(null, 1);
        var filter = Expression.Or(Expression.GreaterThan("energy", 5.0), Expression.LessThanOrEqual("energy", 5.0));
        await Assert.ThrowsAsync<PartialMatchException>(() => table.NewDelete().DeleteFromRowFilter(filter).CommitAsync(TestTable.Cancel));
        await Assert.ThrowsAsync<PartialMatchException>(() => table.NewDelete().DeleteFromRowFilter(Expression.Not(filter)).CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task Bounds_and_null_counts_can_tell_that_all_rows_match()
    {
        var table = await TestTable.CreateAsync(spec: PartitionSpec.Unpartitioned);
        static ColumnMetrics Energy(double min, double max, long nulls) => new()
        {
            ValueCounts = TestTable.Map(3, 100L),
            NullValueCounts = TestTable.Map(3, nulls),
            NanValueCounts = TestTable.Map(3, 0L),
            LowerBounds = TestTable.Map(3, (ReadOnlyMemory<byte>)SingleValue.ToBytes(Literal.Double(min))),
            UpperBounds = TestTable.Map(3, (ReadOnlyMemory<byte>)SingleValue.ToBytes(Literal.Double(max))),
        };
        await table.NewAppend()
            .Add(TestTable.File("low") with { Metrics = Energy(0, 4, 0) })
            .Add(TestTable.File("high") with { Metrics = Energy(6, 9, 0) })
            .CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.File("nulls") with { Metrics = Energy(6, 9, 1) }).CommitAsync(TestTable.Cancel);

        await Assert.ThrowsAsync<PartialMatchException>(() =>
            table.NewDelete().DeleteFromRowFilter(Expression.GreaterThan("energy", 5.0)).CommitAsync(TestTable.Cancel));
        await table.NewDelete().Delete("mem:/data/nulls.parquet").CommitAsync(TestTable.Cancel);
        await table.NewDelete().DeleteFromRowFilter(Expression.GreaterThan("ENERGY", 5.0), caseSensitive: false).CommitAsync(TestTable.Cancel);
        Assert.Equal(["low"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task Files_that_are_gone_are_left_out_unless_they_must_be_there()
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        var snapshot = await table.NewDelete().Delete(TestTable.Month(2025, 1)).Delete("mem:/data/none.parquet").CommitAsync(TestTable.Cancel);
        Assert.Equal("1", snapshot.Summary["deleted-data-files"]);
        await Assert.ThrowsAsync<CommitConflictException>(() =>
            table.NewDelete().Delete(TestTable.Month(2025, 1)).ValidateFilesExist().CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task Deletes_of_rows_that_all_go_go_too()
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        await table.NewRowDelta().AddDeletes(Entries.Positions(1, "p1")).AddDeletes(Entries.Keys(2, "k2")).CommitAsync(TestTable.Cancel);
        var snapshot = await table.NewDelete().DeleteFromRowFilter(Expression.LessThan("date_hour", February)).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-02-0", "k2"], await Entries.LiveAsync(table));
        Assert.Equal(("1", "1"), (snapshot.Summary["removed-delete-files"], snapshot.Summary["total-delete-files"]));
    }

    [Fact]
    public async Task Deletes_older_than_all_data_apply_to_nothing_and_go()
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        await table.NewRowDelta().AddDeletes(Entries.Keys(1, "k1")).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);
        await table.NewDelete().Delete(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);

        // File 2 of age 1 is still there, and the deletes are of age 2.
        Assert.Contains("k1", await Entries.LiveAsync(table));
        await table.NewDelete().Delete(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-03-0"], await Entries.LiveAsync(table));
        Assert.Equal("0", table.CurrentSnapshot!.Summary["total-equality-deletes"]);
    }

    [Fact]
    public async Task An_overwrite_by_filter_replaces_what_matches_and_checks_the_new_rows()
    {
        var table = await Entries.MonthsAsync(null, 1, 2);
        var january = Expression.LessThan("date_hour", February);
        var snapshot = await table.NewOverwrite().OverwriteByFilter(january).Add(TestTable.Month(2025, 1, 1))
            .ValidateAddedFilesMatchOverwriteFilter().CommitAsync(TestTable.Cancel);
        Assert.Equal("overwrite", snapshot.Operation);
        Assert.Equal(["2025-01-1", "2025-02-0"], await TestTable.FilesAsync(table.NewScan()));
        await Assert.ThrowsAsync<PartialMatchException>(() => table.NewOverwrite().OverwriteByFilter(january)
            .Add(TestTable.Month(2025, 2, 1)).ValidateAddedFilesMatchOverwriteFilter().CommitAsync(TestTable.Cancel));
    }

    [Fact]
    public async Task An_overwrite_by_filter_conflicts_with_new_rows_deletes_and_removals_of_what_it_selects()
    {
        var january = Expression.LessThan("date_hour", February);
        foreach (var change in new Func<Table, Task>[]
        {
            t => t.NewAppend().Add(TestTable.Month(2025, 1, 7)).CommitAsync(TestTable.Cancel),
            t => t.NewRowDelta().AddDeletes(Entries.Keys(1, "k1")).CommitAsync(TestTable.Cancel),
            t => t.NewDelete().Delete(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel),
        })
        {
            var table = await Entries.MonthsAsync(null, 1, 2);
            var start = table.CurrentSnapshot!.SnapshotId;
            await change(await Entries.ReloadAsync(table));
            await Assert.ThrowsAsync<CommitConflictException>(() => table.NewOverwrite().OverwriteByFilter(january)
                .Add(TestTable.Month(2025, 1, 1)).ValidateFrom(start).CommitAsync(TestTable.Cancel));
            await table.NewOverwrite().OverwriteByFilter(Expression.GreaterThanOrEqual("date_hour", February))
                .Add(TestTable.Month(2025, 2, 1)).ValidateFrom(start).CommitAsync(TestTable.Cancel);
        }
    }
}
