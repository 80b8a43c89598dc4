using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>Deletes go when all rows are younger, and not before.</summary>
public sealed class RewriteAgeTests
{
    [Fact]
    public async Task Keys_deleted_during_a_rewrite_of_everything_still_hit_the_rewritten_rows()
    {
        // Snapshot 1 adds the file, 2 deletes keys of it, 3 replaces it by one that keeps age 1. No data is older than
        // 3 but for that file, so that the deletes of age 2 would go if only the age of the commit counted.
        var table = await Entries.MonthsAsync(io: null, 1);
        var other = await Entries.ReloadAsync(table);
        await other.NewRowDelta().AddDeletes(Entries.Keys(1, "k")).CommitAsync(TestTable.Cancel);

        await table.NewRewrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 1, 1))
            .UseStartingSequenceNumber(1).CommitAsync(TestTable.Cancel);

        Assert.Equal(["2025-01-1", "k"], await Entries.LiveAsync(table));
        var tasks = await table.NewScan().PlanFilesAsync(TestTable.Cancel).ToListAsync(TestTable.Cancel);
        Assert.Equal("mem:/data/k.parquet", Assert.Single(Assert.Single(tasks).Deletes).File.FilePath);
    }

    [Fact]
    public async Task Deletes_as_old_as_the_oldest_rows_stay()
    {
        // Rows and deletes of their positions may come together, as Flink writes them: both are of age 2. When the rows
        // of age 1 go, these are the oldest.
        var table = await Entries.MonthsAsync(io: null, 1);
        await table.NewRowDelta().AddDeletes(Entries.Positions(1, "old", TestTable.Month(2025, 1).FilePath))
            .AddRows(TestTable.Month(2025, 2))
            .AddDeletes(Entries.Positions(2, "same", TestTable.Month(2025, 2).FilePath)).CommitAsync(TestTable.Cancel);

        await table.NewDelete().Delete(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);

        var tasks = await table.NewScan().PlanFilesAsync(TestTable.Cancel).ToListAsync(TestTable.Cancel);
        Assert.Equal("mem:/data/same.parquet", Assert.Single(Assert.Single(tasks).Deletes).File.FilePath);

        // The age of the commit that follows: now nothing is as old, and they go.
        await table.NewOverwrite().Remove(TestTable.Month(2025, 2)).Add(TestTable.Month(2025, 2, 1))
            .CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-02-1"], await Entries.LiveAsync(table));
    }

    [Fact]
    public async Task What_was_too_old_for_one_attempt_may_not_be_for_the_next()
    {
        // Files of two months of age 1, deletes of the second month of age 2; then its file goes.
        var table = await Entries.MonthsAsync(io: null, 1, 2);
        await table.NewRowDelta().AddDeletes(Entries.Keys(2, "k")).CommitAsync(TestTable.Cancel);
        var whole = table.CurrentSnapshot!.SnapshotId;
        await table.NewDelete().Delete(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        var other = await Entries.ReloadAsync(table);
        await other.ManageSnapshots().RollbackTo(whole).CommitAsync(TestTable.Cancel);

        // The first attempt leaves no rows that the deletes could hit, the second does.
        await table.NewOverwrite().Remove(TestTable.Month(2025, 1)).Add(TestTable.Month(2025, 3))
            .CommitAsync(TestTable.Cancel);

        Assert.Equal(["2025-02-0", "2025-03-0", "k"], await Entries.LiveAsync(table));
    }
}
