using System.IO.Compression;
using System.Text;
using PvLakehouse.Forecasting.Tracking;

namespace PvLakehouse.Forecasting.Tests.Tracking;

public sealed class EmbeddedArtifactTests() : ArtifactContract(StoreKind.Embedded);

public sealed class Mlflow2ArtifactTests() : ArtifactContract(StoreKind.Mlflow2);

public sealed class Mlflow3ArtifactTests() : ArtifactContract(StoreKind.Mlflow3);

/// <summary>What every store promises of the files of a run.</summary>
public abstract class ArtifactContract(StoreKind kind) : IAsyncLifetime
{
    private TrackingBench _bench = null!;

    private ITrackingStore Store => _bench.Tracking;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TrackingBench.OpenAsync(kind);

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Artifacts_are_listed_by_folder_and_read_back()
    {
        var run = await BeginAsync();
        await UploadAsync(run, "model/MLmodel", "flavors");
        await UploadAsync(run, "model/data/trees 1.txt", "trees");
        await UploadAsync(run, "scores.json", "{}");

        Assert.Equal([new("model", true, null), new("scores.json", false, 2)], await Store.ListArtifactsAsync(run, null, Cancel));
        Assert.Equal([new("model/MLmodel", false, 7), new("model/data", true, null)], await Store.ListArtifactsAsync(run, "model", Cancel));
        Assert.Empty(await Store.ListArtifactsAsync(run, "plots", Cancel));
        Assert.Equal("trees", await ReadAsync(run, "model/data/trees 1.txt"));
        await RefusedAsync(TrackingFault.ResourceDoesNotExist, () => Store.OpenArtifactAsync(run, "model/none", Cancel));
        await RefusedAsync(TrackingFault.InvalidParameterValue, () => Store.OpenArtifactAsync(run, "../other/model", Cancel));
        await RefusedAsync(TrackingFault.InvalidParameterValue, () => UploadAsync(run, "/etc/passwd", "x"));
    }

    [Fact]
    public async Task Artifact_is_replaced_as_often_as_one_likes()
    {
        var run = await BeginAsync();
        foreach (var text in new[] { "one", "two", "two", "three", "one", "four" })
        {
            await UploadAsync(run, "plots/fan.svg", text);
            Assert.Equal(text, await ReadAsync(run, "plots/fan.svg"));
        }

        Assert.Equal([new("plots/fan.svg", false, 4)], await Store.ListArtifactsAsync(run, "plots", Cancel));
    }

    [Fact]
    public async Task Artifact_of_a_stream_that_cannot_seek_is_kept_whole()
    {
        var run = await BeginAsync();
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        await using (var pipe = new BrotliStream(Compressed(bytes), CompressionMode.Decompress))
        {
            await Store.UploadArtifactAsync(run, "big.bin", pipe, Cancel);
        }

        await using var stream = await Store.OpenArtifactAsync(run, "big.bin", Cancel);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancel);
        Assert.Equal(bytes, read.ToArray());
        stream.Position = 1_000_000;
        Assert.Equal(bytes[1_000_000], stream.ReadByte());
    }

    private static MemoryStream Compressed(byte[] bytes)
    {
        var target = new MemoryStream();
        using (var brotli = new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(bytes);
        }

        target.Position = 0;
        return target;
    }

    private static async Task RefusedAsync(TrackingFault fault, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<TrackingException>(act);
        Assert.Equal(fault, refusal.Fault);
    }

    private async Task<string> BeginAsync()
    {
        var experiment = await Store.CreateExperimentAsync("intraday", null, null, Cancel);
        return (await Store.CreateRunAsync(new NewRun { ExperimentId = experiment }, Cancel)).Info.RunId;
    }

    private async Task UploadAsync(string run, string path, string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await Store.UploadArtifactAsync(run, path, content, Cancel);
    }

    private async Task<string> ReadAsync(string run, string path)
    {
        using var reader = new StreamReader(await Store.OpenArtifactAsync(run, path, Cancel));
        return await reader.ReadToEndAsync(Cancel);
    }
}
