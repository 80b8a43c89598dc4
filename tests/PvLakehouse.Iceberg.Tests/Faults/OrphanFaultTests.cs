using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>Orphans that are removed, with a fault at each step: never a file that a table leads to.</summary>
public sealed class OrphanFaultTests
{
    private static readonly TableIdentifier Energy = TableIdentifier.Parse("silver.e");

    /// <summary>A table of its own inside the folder of the other.</summary>
    private static readonly TableIdentifier Inner = TableIdentifier.Parse("silver.e/inner");

    [Fact]
    public Task Files_of_tables_stay_and_doing_it_again_finishes_the_work() => EveryStep.RunAsync(
        PrepareAsync,
        (lake, cancel) => Removal(lake, lake.Tables[Energy]).RunAsync(cancel),
        CheckAsync);

    private static RemoveOrphanFiles Removal(FaultLake lake, Table table) =>
        table.RemoveOrphanFiles().OlderThan(lake.Time.GetUtcNow().AddDays(-3));

    private static async Task<FaultLake> PrepareAsync(int seed)
    {
        var lake = new FaultLake(seed);
        foreach (var name in new[] { "e0", "e1", "e-lost-1", "e-lost-2", "e-lost-3" })
        {
            await lake.DataAsync(name);
        }

        await lake.CreateAsync(Energy);
        var inner = await lake.Fresh().CreateTableAsync(
            Inner,
            new() { Schema = TestTable.Schema, Location = "mem:/warehouse/silver/e/data/inner" },
            TestTable.Cancel);
        await inner.NewAppend().Add(FaultLake.File("e0")).CommitAsync(TestTable.Cancel);
        await lake.OtherAsync(Energy, async table =>
        {
            await table.NewFastAppend().Add(FaultLake.File("e0")).CommitAsync(TestTable.Cancel);
            await table.NewOverwrite().Remove(FaultLake.File("e0")).Add(FaultLake.File("e1"))
                .CommitAsync(TestTable.Cancel);
        });
        lake.Time.Advance(TimeSpan.FromDays(10));

        // A write that is on its way.
        await lake.DataAsync("e2");
        return lake;
    }

    private static async Task CheckAsync(FaultLake lake, FaultEnd end)
    {
        Assert.Equal("e1", await lake.ReadAsync(Energy));
        Assert.Equal("e0", await lake.ReadAsync(Inner));
        var gone = end.Stored.Except(lake.Files.Locations).ToList();
        Assert.All(gone, l => Assert.Contains("/e-lost-", l, StringComparison.Ordinal));
        Assert.True(end.Step is not null || gone.Count == 3);
        if (end is { Kind: FaultKind.FailsBefore, Failure: null, Step: not null })
        {
            // What could not be removed in one request is tried again alone.
            Assert.Equal(3, gone.Count);
        }

        await lake.OtherAsync(Energy, again => Removal(lake, again).RunAsync(TestTable.Cancel));
        Assert.Equal(["mem:/warehouse/silver/e/data/e2.parquet"], await lake.UnreachableAsync(Energy, Inner));
    }
}
