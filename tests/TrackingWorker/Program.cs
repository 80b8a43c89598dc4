using System.Text;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;
using PvLakehouse.Iceberg.IO;

// Trains nothing, but tracks and registers as if it did, until its standard input closes:  TrackingWorker FOLDER
// It announces what it is about to do ("try promote 7") and what has returned ("done promote 7"), so that whoever kills it knows what it
// had been told.
if (args is not [var folder])
{
    Console.Error.WriteLine("Expected: TrackingWorker FOLDER");
    return 2;
}

// Console.In blocks its caller, async or not.
var stop = Task.Run(Console.In.ReadToEndAsync);
await using var services = await TrackingServices.OpenAsync(TrackingAddress.Embedded, new TrackingOptions
{
    Folder = folder,
    Warehouse = Path.Combine(folder, "warehouse"),
    Files = new LocalFileIO(),
});
var (tracking, registry) = (services.Tracking, services.Registry);
Console.WriteLine($"done close {(await tracking.CloseAbandonedRunsAsync()).Count}");
var experiment = (await tracking.FindExperimentAsync("kill"))?.ExperimentId ?? await tracking.CreateExperimentAsync("kill");
while (!stop.IsCompleted)
{
    var run = (await tracking.CreateRunAsync(new NewRun { ExperimentId = experiment })).Info.RunId;
    Console.WriteLine($"done run {run}");
    for (var step = 0; step < 3; step++)
    {
        await tracking.LogBatchAsync(run, new RunBatch
        {
            Metrics = [new("loss", step, DateTimeOffset.UnixEpoch, step), new("gain", step, DateTimeOffset.UnixEpoch, step)],
            Params = new Dictionary<string, string> { [$"p{step}"] = "1" },
        });
        Console.WriteLine($"done log {run} {step}");
    }

    await ModelRegistration.UploadAsync(tracking, run, new ModelContent
    {
        Flavor = ModelFlavor.Own("ridge"),
        Data = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(run, 5000))),
        Signature = new ModelSignature(["ghi"]),
        Created = DateTimeOffset.UnixEpoch,
    });
    Console.WriteLine($"done upload {run}");
    var version = await ModelRegistration.RegisterAsync(registry, new NewModelVersion { Name = "kill", RunId = run });
    Console.WriteLine($"done version {version.Version} {run}");
    Console.WriteLine($"try promote {version.Version}");
    await registry.PromoteAsync("kill", version.Version, "champion", $"because of {run}");
    Console.WriteLine($"done promote {version.Version}");
    await tracking.UpdateRunAsync(run, new RunUpdate { Status = RunStatus.Finished, EndTime = TimeProvider.System.GetUtcNow() });
    Console.WriteLine($"done end {run}");
}

return 0;
