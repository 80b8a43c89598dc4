using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>
/// A table that is dropped with its files, with a fault at each step: it is whole, or gone from the catalog; never a
/// table that the catalog lists and that lacks a file.
/// </summary>
public sealed class PurgeFaultTests
{
    private static readonly TableIdentifier Energy = TableIdentifier.Parse("silver.e");
    private static readonly TableIdentifier Weather = TableIdentifier.Parse("silver.w");

    [Fact]
    public Task The_table_is_whole_or_gone() => EveryStep.RunAsync(
        PrepareAsync,
        (lake, cancel) => lake.Catalog.DropTableAsync(Energy, purge: true, cancel),
        CheckAsync);

    private static async Task<FaultLake> PrepareAsync(int seed)
    {
        var lake = new FaultLake(seed);
        foreach (var name in new[] { "e0", "e1", "e2", "w0" })
        {
            await lake.DataAsync(name);
        }

        await lake.CreateAsync(Energy);
        await lake.CreateAsync(Weather);
        await lake.OtherAsync(Weather, t => t.NewAppend().Add(FaultLake.File("w0")).CommitAsync(TestTable.Cancel));
        await lake.OtherAsync(Energy, async table =>
        {
            await table.NewFastAppend().Add(FaultLake.File("e0")).CommitAsync(TestTable.Cancel);
            await table.NewFastAppend().Add(FaultLake.File("e1")).CommitAsync(TestTable.Cancel);
            await table.NewDelete().Delete(FaultLake.File("e0")).CommitAsync(TestTable.Cancel);
            await table.NewFastAppend().Add(FaultLake.File("e2")).ToBranch("audit").CommitAsync(TestTable.Cancel);
        });
        await lake.LoadAsync(Energy);
        return lake;
    }

    private static async Task CheckAsync(FaultLake lake, FaultEnd end)
    {
        Assert.Equal("w0", await lake.ReadAsync(Weather));
        if (await lake.ReadAsync(Energy) is { } whole)
        {
            // Not dropped: then no file went, and it can be dropped again.
            Assert.Equal("e1", whole);
            Assert.NotNull(end.Failure);
            Assert.Equal(end.Stored, lake.Files.Locations);
            await lake.Fresh().DropTableAsync(Energy, purge: true, TestTable.Cancel);
            Assert.Empty(await lake.UnreachableAsync(Weather));
        }
        else
        {
            await FinishAsync(lake, end);
        }
    }

    /// <summary>Gone from the catalog: what is left can be found by the metadata file, which goes last.</summary>
    private static async Task FinishAsync(FaultLake lake, FaultEnd end)
    {
        var metadata = lake.Tables[Energy].MetadataLocation;
        if (lake.Files.Locations.Contains(metadata))
        {
            Assert.NotNull(end.Failure);
            await lake.Fresh().RegisterTableAsync(Energy, metadata, TestTable.Cancel);
            await lake.Fresh().DropTableAsync(Energy, purge: true, TestTable.Cancel);
        }

        Assert.Empty(await lake.UnreachableAsync(Weather));
    }
}
