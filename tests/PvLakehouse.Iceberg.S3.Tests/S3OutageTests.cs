using System.Collections.Concurrent;
using PvLakehouse.TestServers;

namespace PvLakehouse.Iceberg.S3.Tests;

/// <summary>The S3 server stops, freezes, is killed and crashes while writers commit; nothing acknowledged may be lost.</summary>
/// <remarks>A server of its own, with its store on the disk: the others' tests go on meanwhile.</remarks>
public sealed class S3OutageTests
{
    private const int Writers = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commits_survive_a_front_that_stops_freezes_or_is_killed_and_a_store_that_crashes()
    {
        await using var server = await CephServer.StartAsync(onDisk: true, Cancel);
        await server.CreateBucketAsync("lakehouse", Cancel);
        using var lake = new S3Lake("s3://lakehouse/outage");
        using var io = new S3FileIO(Options(server, retries: 30));
        await lake.CreateAsync(io);
        var acknowledged = new ConcurrentBag<string>();
        var possible = new ConcurrentBag<string>();
        (string Name, Func<Task> Down, Func<Task> Up)[] outages =
        [
            ("stopped", server.StopFrontAsync, () => server.StartFrontAsync(Cancel)),
            ("killed", server.KillFrontAsync, () => server.StartFrontAsync(Cancel)),
            ("frozen", () => Done(server.PauseFront), () => Done(server.ResumeFront)),
            ("crashed", server.CrashAsync, () => server.StartAgainAsync(Cancel)),
        ];
        foreach (var (name, down, up) in outages)
        {
            using var progress = new SemaphoreSlim(0);
            using var stop = new CancellationTokenSource();
            var writers = Enumerable.Range(0, Writers)
                .Select(w => Task.Run(() => AppendAsync(lake, io, $"{name}-{w}", acknowledged, possible, progress, stop.Token), Cancel))
                .ToList();
            await WaitAsync(progress, 4, writers);
            await down();
            await up();

            // The writers go on by themselves, without being started again.
            await WaitAsync(progress, 2 * Writers, writers);
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }

        var found = await lake.FilesAsync(io);
        Assert.Empty(acknowledged.Except(found));
        Assert.Empty(found.Except(acknowledged).Except(possible));
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.True(acknowledged.Count >= outages.Length * (4 + (2 * Writers)), $"{acknowledged.Count} commits");
        TestContext.Current.TestOutputHelper?.WriteLine($"{acknowledged.Count} commits acknowledged, {possible.Count} in doubt, all there.");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_in_bounded_time_and_named()
    {
        await using var server = await CephServer.StartAsync(cancellationToken: Cancel);
        await server.CreateBucketAsync("lakehouse", Cancel);
        using var io = new S3FileIO(Options(server, retries: 1));
        server.PauseFront();
        var failure = await Assert.ThrowsAsync<IOException>(() => io.ExistsAsync("s3://lakehouse/a", Cancel));
        Assert.Contains($"s3://lakehouse/a could not be looked for: {server.Endpoint} failed 2 times, at last with: no answer within 1 s", failure.Message, StringComparison.Ordinal);
        server.ResumeFront();
        await server.StopFrontAsync();
        failure = await Assert.ThrowsAsync<IOException>(() => io.ExistsAsync("s3://lakehouse/a", Cancel));
        Assert.Contains("Connection refused", failure.Message, StringComparison.Ordinal);

        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => io.ExistsAsync("s3://lakehouse/a", given.Token));
    }

    private static async Task AppendAsync(
        S3Lake lake,
        S3FileIO io,
        string prefix,
        ConcurrentBag<string> acknowledged,
        ConcurrentBag<string> possible,
        SemaphoreSlim progress,
        CancellationToken stop)
    {
        var table = await lake.LoadAsync(io);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var name = $"{prefix}-{i}";
            try
            {
                // Every fourth file comes in several parts.
                await table.NewAppend().Add(await lake.WriteAsync(io, name, i % 4 == 3 ? 6_000_000 : 1000)).CommitAsync(Cancel);
                acknowledged.Add(name);
                progress.Release();
            }
            catch (CommitStateUnknownException)
            {
                possible.Add(name);
                await table.RefreshAsync(Cancel);
            }
        }
    }

    private static async Task WaitAsync(SemaphoreSlim progress, int count, List<Task> writers)
    {
        for (var i = 0; i < count; i++)
        {
            var one = progress.WaitAsync(Cancel);
            var failed = Task.WhenAny(writers);
            if (await Task.WhenAny(one, failed) == failed)
            {
                await await failed;
            }
        }
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static S3Options Options(CephServer server, int retries) => new()
    {
        Endpoint = server.Endpoint,
        AccessKey = server.Root.AccessKey,
        SecretKey = server.Root.SecretKey,
        PartSize = S3Options.SmallestPart,
        RequestTimeout = TimeSpan.FromSeconds(retries == 1 ? 1 : 10),
        Retries = retries,
    };
}
