using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>
/// Transactions with a fault at each step of storage and catalog: all of what they do is there or nothing, and an
/// outcome that nobody knows costs no file.
/// </summary>
public sealed class TransactionFaultTests
{
    private static readonly TableIdentifier Energy = TableIdentifier.Parse("silver.e");
    private static readonly TableIdentifier Weather = TableIdentifier.Parse("silver.w");

    private static readonly TableCreation Plain =
        new() { Schema = TestTable.Schema, Spec = PartitionSpec.Unpartitioned };

    private static readonly Dictionary<string, Work> Works = new(StringComparer.Ordinal)
    {
        ["several tables"] = new(["e0", "w0 w1"], ["e0 e2", "w1 w2"], async (lake, cancel) =>
        {
            await using var transaction = lake.Catalog.NewMultiTableTransaction();
            var (energy, weather) = (transaction.On(lake.Tables[Energy]), transaction.On(lake.Tables[Weather]));
            await energy.NewAppend().Add(FaultLake.File("e2")).CommitAsync(cancel);
            await weather.NewOverwrite().Remove(FaultLake.File("w0")).Add(FaultLake.File("w2")).CommitAsync(cancel);
            await energy.UpdateProperties().Set("owner", "ann").CommitAsync(cancel);
            await transaction.CommitAsync(cancel);
        }),
        ["one of several tables"] = new(["e0", "w0 w1"], ["e0 e2", "w0 w1"], async (lake, cancel) =>
        {
            await using var transaction = lake.Catalog.NewMultiTableTransaction();
            _ = transaction.On(lake.Tables[Weather]);
            await transaction.On(lake.Tables[Energy]).NewFastAppend().Add(FaultLake.File("e2")).CommitAsync(cancel);
            await transaction.CommitAsync(cancel);
        }),
        ["create"] = new([null, "w0 w1"], ["e2", "w0 w1"], async (lake, cancel) =>
        {
            await using var transaction = await lake.Catalog.NewCreateTransactionAsync(Energy, Plain, cancel);
            await FillAsync(transaction, cancel);
        }),
        ["create or replace, without a table"] = new([null, "w0 w1"], ["e2", "w0 w1"], async (lake, cancel) =>
        {
            await using var transaction = await lake.Catalog.NewReplaceTransactionAsync(
                Energy, Plain, orCreate: true, cancel);
            await FillAsync(transaction, cancel);
        }),
        ["create or replace, with a table"] = new(["e0", "w0 w1"], ["e2", "w0 w1"], async (lake, cancel) =>
        {
            await using var transaction = await lake.Catalog.NewReplaceTransactionAsync(
                Energy, Plain, orCreate: true, cancel);
            await FillAsync(transaction, cancel);
        }),
        ["replace"] = new(["e0", "w0 w1"], ["e2", "w0 w1"], async (lake, cancel) =>
        {
            await using var transaction = await lake.Catalog.NewReplaceTransactionAsync(
                Energy, Plain, cancellationToken: cancel);
            await FillAsync(transaction, cancel);
        }),
        ["create, without rows"] = new([null, "w0 w1"], ["", "w0 w1"], (lake, cancel) =>
            lake.Catalog.CreateTableAsync(Energy, Plain, cancel)),
    };

    public static TheoryData<string> Names => [.. Works.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task All_or_nothing(string name)
    {
        var (before, after, run) = Works[name];
        return EveryStep.RunAsync(
            seed => PrepareAsync(seed, withEnergy: before[0] is not null),
            run,
            (lake, end) => CheckAsync(lake, end, before, after));
    }

    [Fact]
    public async Task One_table_that_shows_the_commit_is_enough_for_all()
    {
        // A change of metadata leaves nothing by which its commit could be told from that of somebody else.
        for (var at = 0; ; at++)
        {
            var lake = await PrepareAsync(at, withEnergy: true);
            lake.Catalog.SilenceAfterLoss = 3;
            await lake.LoadAsync(Weather);
            using var patience = new CancellationTokenSource();
            lake.Plan.Start(FaultKind.FailsAfter, at, patience);
            await using var transaction = lake.Catalog.NewMultiTableTransaction();
            try
            {
                var set = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1" };
                await transaction.On(lake.Tables[Weather]).UpdateAsync(b => b.SetProperties(set), TestTable.Cancel);
                await transaction.On(lake.Tables[Energy]).NewAppend().Add(FaultLake.File("e2"))
                    .CommitAsync(TestTable.Cancel);
                await transaction.CommitAsync(TestTable.Cancel);
            }
            catch (Exception e) when (e is IOException or IcebergException && lake.Plan.Step is not "FailsAfter swap")
            {
                continue;
            }

            Assert.Equal("FailsAfter swap", lake.Plan.Step);
            Assert.Equal("e0 e2", await lake.ReadAsync(Energy));
            Assert.Equal("1", lake.Tables[Weather].Metadata.Properties["a"]);
            break;
        }
    }

    private static async Task FillAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        await transaction.NewAppend().Add(FaultLake.File("e1")).CommitAsync(cancellationToken);
        await transaction.NewOverwrite().Remove(FaultLake.File("e1")).Add(FaultLake.File("e2"))
            .CommitAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Tables whose objects are one commit behind, so that the first attempt at a commit fails.</summary>
    private static async Task<FaultLake> PrepareAsync(int seed, bool withEnergy)
    {
        var lake = new FaultLake(seed);
        foreach (var name in new[] { "e0", "e1", "e2", "e3", "w0", "w1", "w2" })
        {
            await lake.DataAsync(name);
        }

        if (withEnergy)
        {
            await lake.CreateAsync(Energy);
            await lake.OtherAsync(Energy, t => t.NewAppend().Add(FaultLake.File("e0")).CommitAsync(TestTable.Cancel));
            await lake.LoadAsync(Energy);
        }

        await lake.CreateAsync(Weather);
        await lake.OtherAsync(Weather, t => t.NewAppend().Add(FaultLake.File("w0")).CommitAsync(TestTable.Cancel));
        await lake.LoadAsync(Weather);
        await lake.OtherAsync(Weather, t => t.NewAppend().Add(FaultLake.File("w1")).CommitAsync(TestTable.Cancel));
        return lake;
    }

    private static async Task CheckAsync(FaultLake lake, FaultEnd end, string?[] before, string?[] after)
    {
        var left = lake.Files.Locations;
        var found = await ReadAsync(lake);
        Assert.True(found.SequenceEqual(before) || found.SequenceEqual(after), $"{end}: {string.Join(" | ", found)}");
        if (end.Failure is null)
        {
            Assert.Equal(after, found);
        }

        if (end.IsCertain)
        {
            // A failure that is certain changed nothing, and leaves nothing but what could not be removed.
            Assert.Equal(before, found);
            if (end.Step is not "FailsBefore delete")
            {
                Assert.Equal(end.Stored, left);
            }
        }

        // What others stored is never removed.
        Assert.Empty(end.Stored.Except(left));
        if (lake.IsPending)
        {
            // The commit got lost on its way, so it may still arrive: then everything must be there for it.
            Assert.IsType<CommitStateUnknownException>(end.Failure);
            lake.Deliver();
            Assert.Equal(after, await ReadAsync(lake));
        }

        // And it goes on.
        await lake.DataAsync("w9");
        await lake.OtherAsync(Weather, t => t.NewAppend().Add(FaultLake.File("w9")).CommitAsync(TestTable.Cancel));
        Assert.EndsWith(" w9", await lake.ReadAsync(Weather), StringComparison.Ordinal);
    }

    private static async Task<string?[]> ReadAsync(FaultLake lake) =>
        [await lake.ReadAsync(Energy), await lake.ReadAsync(Weather)];

    private sealed record Work(string?[] Before, string?[] After, Func<FaultLake, CancellationToken, Task> Run);
}
