using System.Text;
using PvLakehouse.TestServers;

namespace PvLakehouse.Iceberg.S3.Tests;

/// <summary>Requests and answers that get lost between the client and a real server.</summary>
public sealed class S3LostAnswerTests(S3Fixture fixture) : IAsyncDisposable
{
    private readonly List<Relay> _relays = [];

    private readonly string _folder = fixture.NewFolder();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(RelayAction.LoseAnswer)]
    [InlineData(RelayAction.LoseRequest)]
    public async Task A_small_file_is_there_although_the_answer_or_the_request_was_lost(RelayAction loss)
    {
        var (requests, io) = await ThroughRelayAsync("PUT ", loss);
        await WriteAsync(io, "a", 1000);
        Assert.Equal(1000, await LengthAsync("a"));
        Assert.True(requests() >= 2, "The request was not repeated.");
    }

    [Fact]
    public async Task A_lost_answer_is_not_mistaken_for_a_file_of_somebody_else()
    {
        await WriteAsync(new S3FileIO((await fixture.LakehouseAsync()).Options()), "a", 10);
        var (_, io) = await ThroughRelayAsync("PUT ", RelayAction.LoseAnswer);

        // The same bytes from another writer: still not its own.
        await Assert.ThrowsAsync<AlreadyExistsException>(() => WriteAsync(io, "a", 10));
    }

    [Theory]
    [InlineData("?uploads", RelayAction.LoseAnswer)]
    [InlineData("partNumber=2", RelayAction.LoseAnswer)]
    [InlineData("partNumber=1", RelayAction.LoseRequest)]
    [InlineData("POST /lakehouse/FOLDER/a?uploadId", RelayAction.LoseAnswer)]
    [InlineData("POST /lakehouse/FOLDER/a?uploadId", RelayAction.LoseRequest)]
    public async Task A_large_file_is_there_although_something_of_it_was_lost(string request, RelayAction loss)
    {
        var (requests, io) = await ThroughRelayAsync(request.Replace("FOLDER", _folder["s3://lakehouse/".Length..], StringComparison.Ordinal), loss);
        await WriteAsync(io, "a", 12_000_000);
        Assert.Equal(12_000_000, await LengthAsync("a"));
        Assert.True(requests() >= 2, "The request was not repeated.");
    }

    [Fact]
    public async Task Reads_listings_and_removals_are_repeated()
    {
        foreach (var request in new[] { "GET /lakehouse/", "HEAD ", "POST /lakehouse", "DELETE " })
        {
            var (requests, io) = await ThroughRelayAsync(request, RelayAction.LoseAnswer);
            await WriteAsync(io, "a", 400_000);
            Assert.True(await io.ExistsAsync($"{_folder}/a", Cancel));
            await using (var stream = await io.OpenReadAsync($"{_folder}/a", Cancel))
            {
                Assert.Equal(400_000, stream.Length);
                stream.Position = 300_000;
                await stream.ReadExactlyAsync(new byte[100_000], Cancel);
            }

            await foreach (var file in io.ListAsync(_folder, Cancel))
            {
                Assert.Equal(400_000, file.Size);
            }

            await io.DeleteManyAsync([$"{_folder}/a"], Cancel);
            await io.DeleteAsync($"{_folder}/a", Cancel);
            Assert.False(await io.ExistsAsync($"{_folder}/a", Cancel));
            Assert.True(requests() >= 2, $"{request} was not repeated.");
        }
    }

    [Fact]
    public async Task A_commit_goes_through_although_every_kind_of_answer_is_lost_once()
    {
        using var lake = new S3Lake(_folder);
        var direct = new S3FileIO((await fixture.LakehouseAsync()).Options());
        await lake.CreateAsync(direct);
        var names = new List<string>();
        for (var lost = 1; lost <= 8; lost++)
        {
            // The n-th request of the append loses its answer: data file, manifests, list, metadata, looks.
            var left = lost;
            await using var relay = new Relay(
                (await fixture.LakehouseAsync()).Server.Endpoint.Port,
                sent => IsStart(sent, "") && Interlocked.Decrement(ref left) == 0 ? RelayAction.LoseAnswer : RelayAction.Pass);
            using var io = new S3FileIO(Quick((await fixture.LakehouseAsync()).Options(endpoint: new Uri($"http://127.0.0.1:{relay.Port}"))));
            var table = await lake.LoadAsync(io);
            await table.NewAppend().Add(await lake.WriteAsync(io, $"f{lost}")).CommitAsync(Cancel);
            names.Add($"f{lost}");
            Assert.Equal(names, await lake.FilesAsync(direct));
        }
    }

    private async Task<(Func<int> Requests, S3FileIO Io)> ThroughRelayAsync(string request, RelayAction loss)
    {
        var lakehouse = await fixture.LakehouseAsync();
        var seen = 0;
        var relay = new Relay(
            lakehouse.Server.Endpoint.Port,
            sent => IsStart(sent, request) && Interlocked.Increment(ref seen) == 1 ? loss : RelayAction.Pass);
        _relays.Add(relay);
        return (() => seen, new S3FileIO(Quick(lakehouse.Options(endpoint: new Uri($"http://127.0.0.1:{relay.Port}")))));
    }

    /// <summary>Whether bytes are the start of a request whose first line holds a text.</summary>
    private static bool IsStart(ReadOnlyMemory<byte> sent, string request)
    {
        var text = Encoding.Latin1.GetString(sent.Span[..Math.Min(sent.Length, 2000)]);
        var line = text.Split("\r\n")[0];
        return line.EndsWith(" HTTP/1.1", StringComparison.Ordinal) && line.Contains(request, StringComparison.Ordinal);
    }

    private static S3Options Quick(S3Options options) => new()
    {
        Endpoint = options.Endpoint,
        AccessKey = options.AccessKey,
        SecretKey = options.SecretKey,
        PartSize = options.PartSize,
        FirstWait = TimeSpan.FromMilliseconds(1),
    };

    private async Task WriteAsync(S3FileIO io, string name, int size)
    {
        await using var file = await io.CreateAsync($"{_folder}/{name}", Cancel);
        await file.Content.WriteAsync(new byte[size], Cancel);
        await file.CompleteAsync(Cancel);
    }

    private async Task<long> LengthAsync(string name)
    {
        using var io = new S3FileIO((await fixture.LakehouseAsync()).Options());
        await using var stream = await io.OpenReadAsync($"{_folder}/{name}", Cancel);
        return stream.Length;
    }
}
