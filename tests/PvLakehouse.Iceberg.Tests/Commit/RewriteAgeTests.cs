using PvLakehouse.Iceberg.Catalog;
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
        // Rows and deletes of their positions may come together, as Flink writes them: both are of age 3. When the rows
        // of age 1 go, these are the oldest; in the same manifest there are deletes of age 2, which go then.
        var table = await MergingAsync(1);
        await table.NewRowDelta().AddDeletes(Entries.Positions(1, "old", TestTable.Month(2025, 1).FilePath))
            .CommitAsync(TestTable.Cancel);
        await table.NewRowDelta().AddRows(TestTable.Month(2025, 2))
            .AddDeletes(Entries.Positions(2, "same", TestTable.Month(2025, 2).FilePath)).CommitAsync(TestTable.Cancel);

        await table.NewDelete().Delete(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);

        Assert.Equal(["2025-02-0", "same"], await Entries.LiveAsync(table));
        var tasks = await table.NewScan().PlanFilesAsync(TestTable.Cancel).ToListAsync(TestTable.Cancel);
        Assert.Equal("mem:/data/same.parquet", Assert.Single(Assert.Single(tasks).Deletes).File.FilePath);

        // Now all rows are younger.
        await table.NewOverwrite().Remove(TestTable.Month(2025, 2)).Add(TestTable.Month(2025, 2, 1))
            .CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-02-1"], await Entries.LiveAsync(table));
    }

    [Fact]
    public async Task What_was_too_old_for_one_attempt_may_not_be_for_the_next()
    {
        // Month 5 is of age 1 and has deletes of age 2; months 1 and 2 are of age 3, and month 2 has deletes of age 4,
        // which are in one manifest with the others. Then month 2 goes, and somebody brings it back.
        var table = await MergingAsync(5);
        await table.NewRowDelta().AddDeletes(Entries.Keys(5, "d")).CommitAsync(TestTable.Cancel);
        await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)])
            .CommitAsync(TestTable.Cancel);
        await table.NewRowDelta().AddDeletes(Entries.Keys(2, "k")).CommitAsync(TestTable.Cancel);
        var whole = table.CurrentSnapshot!.SnapshotId;
        await table.NewDelete().Delete(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        var other = await Entries.ReloadAsync(table);
        await other.ManageSnapshots().RollbackTo(whole).CommitAsync(TestTable.Cancel);

        // The first attempt leaves no rows that any deletes could hit; the second leaves month 2.
        await table.NewOverwrite().Remove(TestTable.Month(2025, 1)).Remove(TestTable.Month(2025, 5))
            .Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);

        Assert.Equal(["2025-02-0", "2025-03-0", "k"], await Entries.LiveAsync(table));
    }

    /// <summary>A table whose commits merge manifests as soon as there are two.</summary>
    private static async Task<Table> MergingAsync(int month)
    {
        var table = await TestTable.CreateAsync(
            properties: new(StringComparer.Ordinal) { ["commit.manifest.min-count-to-merge"] = "2" });
        await table.NewAppend().Add(TestTable.Month(2025, month)).CommitAsync(TestTable.Cancel);
        return table;
    }
}
