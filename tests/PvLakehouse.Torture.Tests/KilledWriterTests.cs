using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Maintenance;

namespace PvLakehouse.Torture;

/// <summary>A writer is killed at random moments, again and again, on one and the same lake.</summary>
public sealed class KilledWriterTests(ITestOutputHelper output)
{
    /// <summary>Most operations that a writer begins and ends before it is killed in the next.</summary>
    private const int MostOperations = 4;

    /// <summary>Latest moment of a kill within an operation [ms]: about as long as one takes.</summary>
    private const int Latest = 60;

    [Theory]
    [InlineData(CatalogKind.Sqlite)]
    [InlineData(CatalogKind.Postgres)]
    public async Task Whatever_a_killed_writer_was_told_is_there_and_the_tables_always_read(CatalogKind catalog)
    {
        var rounds = Soak.Choose(usually: 25, soak: 200);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var ledger = new Ledger();
        await using var folder = await TortureFolder.MakeAsync(catalog, Cancel);
        await using var lake = await folder.OpenAsync(Cancel);
        await lake.CreateAsync(Cancel);
        for (var round = 0; round < rounds; round++)
        {
            await using var writer = Writer.Start(folder, number: 0, first: round * 1_000_000L, random.Next(), ledger, busyAfter: 1 + (2 * random.Next(MostOperations + 1)));
            await writer.BusyAsync(Cancel);
            await Task.Delay(random.Next(Latest), Cancel);
            await writer.KillAsync();
            await ledger.CheckAsync(lake, Cancel);
        }

        var orphans = await RemoveLeftoversAsync(lake);
        await ledger.CheckAsync(lake, Cancel);
        output.WriteLine($"{rounds} kills, {catalog} (seed {seed}): {ledger}; {orphans} orphans removed.");
        Assert.True(ledger.Acknowledged > 0, "The writers were killed before they did anything.");
        Assert.True(ledger.Unheard > 0, "No writer was killed in the middle of its work.");
        Assert.True(orphans > 0, "The killed writers left nothing behind.");
    }

    /// <summary>Removes what the dead left behind, after which every snapshot of both tables still reads.</summary>
    private static async Task<int> RemoveLeftoversAsync(TortureLake lake)
    {
        var removed = 0;
        await using var session = await lake.OpenSessionAsync(Cancel);
        foreach (var name in new[] { TortureLake.Log, TortureLake.CountersTable })
        {
            var table = await lake.Catalog.LoadTableAsync(name, Cancel);
            removed += (await Orphans(table).RunAsync(Cancel)).Removed.Count;
            Assert.Empty(await Orphans(table).PlanAsync(Cancel));
            Assert.Empty(Directory.GetDirectories(table.Metadata.Location, ".writing-*", SearchOption.AllDirectories));
            foreach (var snapshot in table.Metadata.Snapshots)
            {
                await (await session.QueryAsync(
                    $"SELECT * FROM iceberg.{name} FOR VERSION AS OF {snapshot.SnapshotId}", null, Cancel)).ToListAsync(Cancel);
            }
        }

        return removed;

        // Nobody writes any more.
        static RemoveOrphanFiles Orphans(Table table) =>
            table.RemoveOrphanFiles().OlderThan(TimeProvider.System.GetUtcNow()).AllowRecent();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
