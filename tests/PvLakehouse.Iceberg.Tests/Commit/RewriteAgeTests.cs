using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

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
}
