using System.Globalization;
using PvLakehouse.Engine;
using PvLakehouse.Iceberg;
using PvLakehouse.Torture;

// One writer of the torture tests:  TortureWorker CATALOG WAREHOUSE WRITER FIRST SEED
// Appends numbered rows, raises counters by MERGE and by UPDATE, compacts, rewrites manifests and expires snapshots until
// its standard input closes. Every operation is announced on standard
// output before it starts ("try append 7") and again when its outcome is known ("done", "lost", "unknown"), so that
// whoever kills the process knows what it had been told.
if (args is not [var catalog, var warehouse, var writerText, var firstText, var seedText])
{
    Console.Error.WriteLine("Expected: TortureWorker CATALOG WAREHOUSE WRITER FIRST SEED");
    return 2;
}

var writer = int.Parse(writerText, CultureInfo.InvariantCulture);
var next = long.Parse(firstText, CultureInfo.InvariantCulture);
var random = new Random(int.Parse(seedText, CultureInfo.InvariantCulture));
using var stop = new CancellationTokenSource();
_ = Task.Run(async () =>
{
    await Console.In.ReadToEndAsync();
    await stop.CancelAsync();
});
await using var lake = await TortureLake.OpenAsync(catalog, warehouse, CancellationToken.None);
await using var session = await lake.OpenSessionAsync(CancellationToken.None);
Console.WriteLine("ready");
while (!stop.IsCancellationRequested)
{
    switch (random.Next(12))
    {
        case < 7:
            var n = next++;
            await AnnounceAsync("append", n, () => session.AppendAsync(
                TortureLake.Log, string.Create(CultureInfo.InvariantCulture, $"SELECT {writer} AS writer, {n} AS n"), WriteOptions.Default));
            break;
        case < 9:
            var merged = random.Next(TortureLake.Counters);
            await AnnounceAsync("raise", merged, () => session.MergeAsync(
                TortureLake.CountersTable,
                string.Create(
                    CultureInfo.InvariantCulture, $"SELECT id, value + 1 AS value FROM iceberg.torture.counters WHERE id = {merged}"),
                new MergeOptions { KeyColumns = ["id"] }));
            break;
        case < 11:
            var updated = random.Next(TortureLake.Counters);
            await AnnounceAsync("raise", updated, () => RunAsync(string.Create(
                CultureInfo.InvariantCulture, $"UPDATE iceberg.torture.counters SET value = value + 1 WHERE id = {updated}")));
            break;
        default:
            var upkeep = random.Next(TortureLake.Upkeep.Count);
            await AnnounceAsync("upkeep", upkeep, () => RunAsync(TortureLake.Upkeep[upkeep]));
            break;
    }
}

Console.WriteLine("bye");
return 0;

async Task RunAsync(string statement) => await (await session.RunAsync(statement)).ToListAsync();

static async Task AnnounceAsync(string operation, long id, Func<Task> run)
{
    Say("try", operation, id);
    try
    {
        await run();
        Say("done", operation, id);
    }
    catch (CommitStateUnknownException)
    {
        Say("unknown", operation, id);
    }
    catch (SqlEngineException error)
    {
        // It says that nothing was written.
        await Console.Error.WriteLineAsync(error.Message);
        Say("lost", operation, id);
    }
}

static void Say(string outcome, string operation, long id) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome} {operation} {id}"));
