using System.Diagnostics;

namespace PvLakehouse.Torture;

/// <summary>Eight processes write into the same tables at the same time.</summary>
public sealed class CrowdTests(ITestOutputHelper output)
{
    private const int Writers = 8;

    [Theory]
    [InlineData(CatalogKind.Sqlite)]
    [InlineData(CatalogKind.Postgres)]
    public async Task Everything_that_a_crowd_of_writers_was_told_is_there_once(CatalogKind catalog)
    {
        var time = TimeSpan.FromSeconds(Soak.Choose(usually: 15, soak: 60));
        var ledger = new Ledger();
        await using var folder = await TortureFolder.MakeAsync(catalog, Cancel);
        await using var lake = await folder.OpenAsync(Cancel);
        await lake.CreateAsync(Cancel);
        var writers = Enumerable.Range(0, Writers).Select(w => Writer.Start(folder, w, first: 0, seed: w, ledger)).ToList();
        try
        {
            await Task.WhenAll(writers.Select(w => w.ReadyAsync(Cancel)));
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(time, Cancel);
            await Task.WhenAll(writers.Select(w => w.StopAsync(Cancel)));
            await ledger.CheckAsync(lake, Cancel);
            output.WriteLine($"{Writers} writers, {catalog}, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s: {ledger}.");
            Assert.Equal(0, ledger.Unheard);
            Assert.True(ledger.Acknowledged >= Writers, "The writers got nothing done.");
        }
        finally
        {
            foreach (var writer in writers)
            {
                await writer.DisposeAsync();
            }
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
