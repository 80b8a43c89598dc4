using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>
/// Snapshots that expire, with a fault at each step: what is kept reads as before, no file goes whose snapshots may
/// still be there, and doing it again and removing orphans ends with nothing left over.
/// </summary>
public sealed class ExpiryFaultTests
{
    private static readonly TableIdentifier Energy = TableIdentifier.Parse("silver.e");

    [Fact]
    public Task What_is_kept_stays_readable_and_doing_it_again_finishes_the_work() => EveryStep.RunAsync(
        PrepareAsync,
        (lake, cancel) => lake.Tables[Energy].ExpireSnapshots().OlderThan(lake.Time.GetUtcNow()).RunAsync(cancel),
        CheckAsync);

    /// <summary>Seven snapshots of which five expire; some of what they hold is held by kept ones too.</summary>
    private static async Task<FaultLake> PrepareAsync(int seed)
    {
        var lake = new FaultLake(seed);
        foreach (var name in new[] { "e0", "e1", "e2", "e3", "e4", "e5", "e6" })
        {
            await lake.DataAsync(name);
        }

        await lake.CreateAsync(Energy);
        await lake.OtherAsync(Energy, async table =>
        {
            await table.NewFastAppend().AddRange([FaultLake.File("e0"), FaultLake.File("e1")])
                .CommitAsync(TestTable.Cancel);
            await table.NewFastAppend().Add(FaultLake.File("e2")).CommitAsync(TestTable.Cancel);
            await table.ManageSnapshots().CreateTag("kept").CommitAsync(TestTable.Cancel);
            await table.NewOverwrite().Remove(FaultLake.File("e0")).Add(FaultLake.File("e3"))
                .CommitAsync(TestTable.Cancel);
            await table.NewOverwrite().Remove(FaultLake.File("e3")).Add(FaultLake.File("e4"))
                .CommitAsync(TestTable.Cancel);
            await table.NewFastAppend().Add(FaultLake.File("e5")).StageOnly().CommitAsync(TestTable.Cancel);
            await table.NewRewriteManifests().CommitAsync(TestTable.Cancel);
        });
        lake.Time.Advance(TimeSpan.FromDays(10));

        // The table object of the client is one commit behind.
        await lake.LoadAsync(Energy);
        await lake.OtherAsync(Energy, t => t.NewFastAppend().Add(FaultLake.File("e6")).CommitAsync(TestTable.Cancel));
        return lake;
    }

    private static async Task CheckAsync(FaultLake lake, FaultEnd end)
    {
        // Reading checks every file that every snapshot leads to.
        Assert.Equal("e1 e2 e4 e6", await lake.ReadAsync(Energy));
        var table = await lake.Fresh().LoadTableAsync(Energy, TestTable.Cancel);
        var expired = table.Metadata.Snapshots.Count == 2;
        Assert.True(expired || table.Metadata.Snapshots.Count == 7, $"{table.Metadata.Snapshots.Count} snapshots");
        if (!expired || lake.IsPending)
        {
            Assert.NotNull(end.Failure);
            Assert.Empty(end.Stored.Except(lake.Files.Locations));
        }

        if (lake.IsPending)
        {
            lake.Deliver();
            Assert.Equal("e1 e2 e4 e6", await lake.ReadAsync(Energy));
        }

        // Again by another client, then what the first had no time for.
        await lake.OtherAsync(Energy, async again =>
        {
            await again.ExpireSnapshots().OlderThan(lake.Time.GetUtcNow()).RunAsync(TestTable.Cancel);
            await again.RemoveOrphanFiles().OlderThan(lake.Time.GetUtcNow().AddDays(1)).AllowRecent()
                .RunAsync(TestTable.Cancel);
        });
        Assert.Equal("e1 e2 e4 e6", await lake.ReadAsync(Energy));
        Assert.Empty(await lake.UnreachableAsync(Energy));
        Assert.DoesNotContain(lake.Files.Locations, l => l.EndsWith("/e3.parquet", StringComparison.Ordinal));
        Assert.DoesNotContain(lake.Files.Locations, l => l.EndsWith("/e5.parquet", StringComparison.Ordinal));
        Assert.Contains(lake.Files.Locations, l => l.EndsWith("/e0.parquet", StringComparison.Ordinal));
    }
}
