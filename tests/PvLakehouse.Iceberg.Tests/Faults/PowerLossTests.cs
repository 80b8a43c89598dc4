using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>The power goes right after a commit: everything that the commit refers to is on the disk.</summary>
public sealed class PowerLossTests
{
    private static readonly TableIdentifier Energy = TableIdentifier.Parse("silver.e");
    private static readonly TableIdentifier Weather = TableIdentifier.Parse("silver.w");
    private static readonly TableCreation Plain = new()
    {
        Schema = TestTable.Schema,
        Spec = PartitionSpec.Unpartitioned,
        Properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["commit.manifest.min-count-to-merge"] = "3",
        },
    };

    private static readonly Dictionary<string, (Func<Table, Table, Task> Run, string After)> Operations =
        new(StringComparer.Ordinal)
        {
            ["append"] = ((t, _) => t.NewAppend().Add(FaultLake.File("e9")).CommitAsync(Cancel), "e0 e1 e9"),
            ["fast append"] = ((t, _) => t.NewFastAppend().Add(FaultLake.File("e9")).CommitAsync(Cancel), "e0 e1 e9"),
            ["overwrite"] = (
                (t, _) => t.NewOverwrite().Remove(FaultLake.File("e0")).Add(FaultLake.File("e9")).CommitAsync(Cancel),
                "e1 e9"),
            ["delete"] = ((t, _) => t.NewDelete().Delete(FaultLake.File("e0")).CommitAsync(Cancel), "e1"),
            ["replace partitions"] = (
                (t, _) => t.NewReplacePartitions().Add(FaultLake.File("e9")).CommitAsync(Cancel), "e9"),
            ["row delta"] = (
                (t, _) => t.NewRowDelta().AddRows(FaultLake.File("e9")).AddDeletes(Deletes).CommitAsync(Cancel),
                "e0 e1 e8 e9"),
            ["rewrite"] = (
                (t, _) => t.NewRewrite().Remove(FaultLake.File("e0")).Add(FaultLake.File("e9")).CommitAsync(Cancel),
                "e1 e9"),
            ["rewrite manifests"] = ((t, _) => t.NewRewriteManifests().CommitAsync(Cancel), "e0 e1"),
            ["branch"] = (
                (t, _) => t.NewAppend().Add(FaultLake.File("e9")).ToBranch("audit").CommitAsync(Cancel), "e0 e1"),
            ["properties"] = ((t, _) => t.UpdateProperties().Set("a", "1").CommitAsync(Cancel), "e0 e1"),
            ["transaction"] = (
                async (t, _) =>
                {
                    await using var transaction = t.NewTransaction();
                    await transaction.NewAppend().Add(FaultLake.File("e8")).CommitAsync(Cancel);
                    await transaction.NewAppend().Add(FaultLake.File("e9")).CommitAsync(Cancel);
                    await transaction.CommitAsync(Cancel);
                },
                "e0 e1 e8 e9"),
            ["several tables"] = (
                async (t, w) =>
                {
                    await using var transaction = t.Catalog.NewMultiTableTransaction();
                    await transaction.On(t).NewAppend().Add(FaultLake.File("e9")).CommitAsync(Cancel);
                    await transaction.On(w).NewAppend().Add(FaultLake.File("w9")).CommitAsync(Cancel);
                    await transaction.CommitAsync(Cancel);
                },
                "e0 e1 e9"),
            ["replace table"] = (
                async (t, _) =>
                {
                    await using var transaction = await t.Catalog.NewReplaceTransactionAsync(
                        t.Identifier, Plain, cancellationToken: Cancel);
                    await transaction.NewAppend().Add(FaultLake.File("e9")).CommitAsync(Cancel);
                    await transaction.CommitAsync(Cancel);
                },
                "e9"),
        };

    public static TheoryData<string> Names => [.. Operations.Keys];

    private static CancellationToken Cancel => TestTable.Cancel;

    private static DataFile Deletes => FaultLake.File("e8") with
    {
        Content = FileContent.EqualityDeletes,
        EqualityIds = [1],
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_a_commit_refers_to_outlives_a_loss_of_power(string operation)
    {
        // The first attempt of the stale table object is lost, so that files of the second count.
        foreach (var isStale in new[] { false, true })
        {
            var lake = new FaultLake(seed: 1);
            var io = new VolatileFileIO(lake.Files);
            var catalog = lake.Fresh(io);
            foreach (var name in new[] { "e0", "e1", "e2", "e8", "e9", "w9" })
            {
                await lake.DataAsync(name);
            }

            var weather = await catalog.CreateTableAsync(Weather, Plain, Cancel);
            var table = await catalog.CreateTableAsync(Energy, Plain, Cancel);
            await table.NewAppend().Add(FaultLake.File("e0")).CommitAsync(Cancel);
            await table.NewAppend().Add(FaultLake.File("e1")).CommitAsync(Cancel);
            if (isStale)
            {
                var other = await catalog.LoadTableAsync(Energy, Cancel);
                await other.NewAppend().Add(FaultLake.File("e2")).CommitAsync(Cancel);
                await other.NewDelete().Delete(FaultLake.File("e2")).CommitAsync(Cancel);
            }

            await Operations[operation].Run(table, weather);
            await io.LosePowerAsync();

            // Reading fails when anything is missing that any snapshot leads to.
            Assert.Equal(Operations[operation].After, await lake.ReadAsync(Energy));
            Assert.NotNull(await lake.ReadAsync(Weather));
        }
    }
}
