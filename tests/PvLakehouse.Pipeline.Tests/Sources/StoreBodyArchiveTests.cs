using System.Text;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class StoreBodyArchiveTests
{
    private readonly InMemoryFileIO _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bodies_come_back_in_order_also_after_a_restart()
    {
        await Archive().StoreAsync(Payload("[1]"), Cancel);
        var restarted = Archive();
        await restarted.StoreAsync(Payload("[2]"), Cancel);
        await restarted.StoreAsync(Payload("[3]"), Cancel);

        Assert.Equal(["[1]", "[2]", "[3]"], [.. (await ReadAsync()).Select(payload => Encoding.UTF8.GetString(payload.Body.Span))]);
        Assert.Equal(
            [1, 2, 3], _store.Locations.Select(location => int.Parse(location["mem:/archive/raw_test/batch-1/".Length..^".json.gz".Length])));
    }

    [Fact]
    public async Task Bodies_stored_at_once_are_all_kept()
    {
        var archives = new[] { Archive(), Archive() };
        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(() => archives[n % 2].StoreAsync(Payload($"[{n}]"), Cancel), Cancel)));
        Assert.Equal(
            Enumerable.Range(0, 40).Select(n => $"[{n}]").Order(),
            (await ReadAsync()).Select(payload => Encoding.UTF8.GetString(payload.Body.Span)).Order());
    }

    [Fact]
    public async Task A_damaged_object_is_named()
    {
        await using (var file = await _store.CreateAsync("mem:/archive/raw_test/batch-1/0001.json.gz", Cancel))
        {
            await file.Content.WriteAsync(new byte[100], Cancel);
            await file.CompleteAsync(Cancel);
        }

        var fault = await Assert.ThrowsAsync<SourceException>(ReadAsync);
        Assert.Contains("mem:/archive/raw_test/batch-1/0001.json.gz is damaged", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("")]
    public async Task A_batch_name_cannot_leave_the_archive(string id) => await Assert.ThrowsAsync<ArgumentException>(
        () => Archive().StoreAsync(Payload("[1]") with { Batch = new("raw_test", id) }, Cancel));

    private StoreBodyArchive Archive() => new(_store, "mem:/archive/");

    private async Task<List<PayloadRecord>> ReadAsync() => await Archive().ReadAsync("raw_test", "batch-1", Cancel).ToListAsync(Cancel);

    private static PayloadRecord Payload(string body) => new()
    {
        Batch = SourceHarness.Batch,
        Source = SourceNames.WeatherArchive,
        Request = "2026-01-01, AVLSF",
        Address = new("http://localhost/v1/archive?latitude=1"),
        Status = 200,
        ReceivedAt = SourceHarness.Now,
        Body = Encoding.UTF8.GetBytes(body),
    };
}
