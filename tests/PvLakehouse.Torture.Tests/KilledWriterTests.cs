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

        output.WriteLine($"{rounds} kills, {catalog} (seed {seed}): {ledger.Acknowledged} acknowledged operations, all there once; {ledger.Unheard} unheard.");
        Assert.True(ledger.Acknowledged > 0, "The writers were killed before they did anything.");
        Assert.True(ledger.Unheard > 0, "No writer was killed in the middle of its work.");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
