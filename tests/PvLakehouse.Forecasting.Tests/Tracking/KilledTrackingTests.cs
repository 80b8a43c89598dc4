using System.Globalization;
using PvLakehouse.Forecasting.Registry;
using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Tests.Tracking;

/// <summary>A process that tracks and registers is killed at random moments, again and again, on one store.</summary>
public sealed class KilledTrackingTests(ITestOutputHelper output)
{
    private const int Kills = 20;

    /// <summary>Lines that a worker says at most before it is killed: about two models.</summary>
    private const int MostLines = 20;

    /// <summary>Latest moment of a kill after its line [ms]: longer than an operation takes.</summary>
    private const int Latest = 12;

    /// <summary>The version that was champion when the store was looked at last.</summary>
    private string? _champion;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_a_killed_process_was_told_is_there_and_nothing_is_there_by_half()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("pvlake-tracking-").FullName;
        var said = new List<string>();
        var closed = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var worker = TrackingWorkerProcess.Start(folder, busyAfter: random.Next(2, MostLines));
            await worker.BusyAsync(Cancel);
            await Task.Delay(random.Next(Latest), Cancel);
            await worker.KillAsync();
            said.AddRange(worker.Lines);
            closed += await CheckAsync(folder, said, worker.Lines);
        }

        output.WriteLine($"{Kills} kills (seed {seed}): {said.Count} words, {closed} abandoned runs closed.");
        Assert.True(closed > 0, "No worker was killed in the middle of a run.");
        Assert.Contains(said, s => s.StartsWith("done promote", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Holds the store against all that was ever said, and by the last worker, and gives the number of abandoned runs.</summary>
    private async Task<int> CheckAsync(string folder, IReadOnlyList<string> said, IReadOnlyList<string> saidLast)
    {
        await using var services = await TrackingServices.OpenAsync(
            TrackingAddress.Embedded, TrackingBench.OptionsOf(folder), null, Cancel);
        await CheckRunsAsync(services.Tracking, said);
        await CheckVersionsAsync(services, said);
        await CheckChampionAsync(services.Registry, saidLast);

        var closed = await services.Tracking.CloseAbandonedRunsAsync(Cancel);
        Assert.InRange(closed.Count, 0, 1);
        var experiment = await services.Tracking.FindExperimentAsync("kill", Cancel);
        var open = new SearchQuery { Filter = "attributes.status = 'RUNNING'" };
        Assert.Empty(experiment is null ? [] : (await services.Tracking.SearchRunsAsync([experiment.ExperimentId], open, Cancel)).Items);
        return closed.Count;
    }

    private static async Task CheckRunsAsync(ITrackingStore tracking, IReadOnlyList<string> said)
    {
        foreach (var run in Words(said, "done run").Select(w => w[2]))
        {
            var data = (await tracking.GetRunAsync(run, Cancel)).Data;
            var logged = Words(said, $"done log {run}").Count;

            // A batch is whole or not at all: both metrics and the parameter of a step, one step ahead of what was said at most.
            Assert.InRange(data.Params.Count, logged, Math.Min(3, logged + 1));
            var gains = await tracking.GetMetricHistoryAsync(run, "gain", Cancel).CountAsync(Cancel);
            Assert.Equal(
                (data.Params.Count, data.Params.Count),
                (gains, await tracking.GetMetricHistoryAsync(run, "loss", Cancel).CountAsync(Cancel)));
        }
    }

    private static async Task CheckVersionsAsync(TrackingServices services, IReadOnlyList<string> said)
    {
        var found = await Paging.AllAsync(SearchQuery.Everything, services.Registry.SearchModelVersionsAsync, Cancel).ToListAsync(Cancel);
        foreach (var words in Words(said, "done version"))
        {
            Assert.Contains(found, v => Text(v.Version) == words[2] && v.RunId == words[3]);
        }

        foreach (var version in found)
        {
            var description = await ModelRegistration.ReadAsync(services.Registry, version.Name, version.Version, Cancel);
            using var data = new StreamReader(
                await services.Registry.OpenFileAsync(version.Name, version.Version, description.Flavor.DataFile, Cancel));
            Assert.Equal(string.Concat(Enumerable.Repeat(version.RunId, 5000)), await data.ReadToEndAsync(Cancel));
        }

        Assert.Equal(found.Count, found.Select(v => v.RunId).Distinct(StringComparer.Ordinal).Count());
    }

    private async Task CheckChampionAsync(IModelRegistry registry, IReadOnlyList<string> said)
    {
        // What the worker was told last, else who was champion before it; or the one that it was about to make champion.
        string? before = Words(said, "done promote").LastOrDefault()?[2] ?? _champion, after = Words(said, "try promote").LastOrDefault()?[2];
        _champion = await registry.FindByAliasAsync("kill", "champion", Cancel) is { } champion ? Text(champion.Version) : null;
        Assert.Contains(_champion, new[] { before, after ?? before });

        // Tags and alias came together: whoever has the tags is the champion, or the next champion names it as the one before.
        var versions = await Paging.AllAsync(SearchQuery.Everything, registry.SearchModelVersionsAsync, Cancel).ToListAsync(Cancel);
        var champions = versions.Select(v => v.Tags.GetValueOrDefault("pvlake.champion.after")).Append(_champion);
        foreach (var version in versions)
        {
            var expected = champions.Contains(Text(version.Version), StringComparer.Ordinal) ? $"because of {version.RunId}" : null;
            Assert.Equal(expected, version.Tags.GetValueOrDefault("pvlake.champion.reason"));
        }
    }

    private static List<string[]> Words(IReadOnlyList<string> said, string beginning) =>
        [.. said.Where(s => s.StartsWith($"{beginning} ", StringComparison.Ordinal)).Select(s => s.Split(' '))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
