using System.IO.Compression;
using System.Text;
using PvLakehouse.Pipeline.Sources;
using PvLakehouse.Pipeline.Sources.Archive;

namespace PvLakehouse.Pipeline.Tests.Sources;

public sealed class FolderBodyArchiveTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pvlake-archive-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_comes_back_byte_for_byte_with_its_description()
    {
        var stored = Payload("{\"a\":\n [1]}\r\n\u00FF");
        await new FolderBodyArchive(_root).StoreAsync(stored, Cancel);

        var read = Assert.Single(await ReadAsync());

        Assert.Equal(stored.Body.ToArray(), read.Body.ToArray());
        Assert.Equal(
            (stored.Source, stored.Address, stored.Status, stored.ReceivedAt, stored.From, stored.To, stored.Request, stored.Batch),
            (read.Source, read.Address, read.Status, read.ReceivedAt, read.From, read.To, read.Request, read.Batch));
        var farm = Assert.Single(read.Facilities);
        Assert.Equal(("AVLSF", "NEM", -34.919115), (farm.Code, farm.NetworkId, farm.Latitude));
        Assert.Equal(["AVLSF1"], farm.SolarUnitCodes);
    }

    [Fact]
    public async Task A_file_is_gzip_with_one_line_of_description_before_the_body()
    {
        await new FolderBodyArchive(_root).StoreAsync(Payload("[1,2]"), Cancel);

        await using var gzip = new GZipStream(
            File.OpenRead(Path.Combine(_root, "raw_test", "batch-1", "0001.json.gz")), CompressionMode.Decompress);
        var lines = (await new StreamReader(gzip).ReadToEndAsync(Cancel)).Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.Contains("\"address\":\"http://localhost/v1/archive?latitude=1\"", lines[0], StringComparison.Ordinal);
        Assert.Equal("[1,2]", lines[1]);
    }

    [Fact]
    public async Task Bodies_of_a_batch_keep_their_order_beyond_ten_thousand_and_across_restarts()
    {
        await new FolderBodyArchive(_root).StoreAsync(Payload("[1]"), Cancel);
        var folder = Path.Combine(_root, "raw_test", "batch-1");
        File.Move(Path.Combine(folder, "0001.json.gz"), Path.Combine(folder, "9999.json.gz"));
        var restarted = new FolderBodyArchive(_root);
        await restarted.StoreAsync(Payload("[2]"), Cancel);
        await restarted.StoreAsync(Payload("[3]"), Cancel);

        Assert.Equal(
            ["[1]", "[2]", "[3]"], [.. (await ReadAsync()).Select(payload => Encoding.UTF8.GetString(payload.Body.Span))]);
    }

    [Fact]
    public async Task Only_complete_files_are_left_when_a_write_fails()
    {
        // A folder stands where the next file's unfinished form would be written.
        var folder = Directory.CreateDirectory(Path.Combine(_root, "raw_test", "batch-1"));
        folder.CreateSubdirectory("0001.json.gz");

        await Assert.ThrowsAnyAsync<IOException>(() => new FolderBodyArchive(_root).StoreAsync(Payload("[1]"), Cancel));

        Assert.Empty(folder.EnumerateFiles());
    }

    [Fact]
    public async Task An_unknown_batch_is_empty() =>
        Assert.Empty(await new FolderBodyArchive(_root).ReadAsync("raw_test", "no-such-batch", Cancel).ToListAsync(Cancel));

    [Fact]
    public async Task A_damaged_file_is_named()
    {
        await new FolderBodyArchive(_root).StoreAsync(Payload(new string(' ', 10_000) + "[1]"), Cancel);
        var path = Path.Combine(_root, "raw_test", "batch-1", "0001.json.gz");
        var bytes = await File.ReadAllBytesAsync(path, Cancel);
        foreach (var damaged in new[] { bytes[..(bytes.Length / 2)], bytes[..^16], [.. bytes[..40], (byte)~bytes[40], .. bytes[41..]], [] })
        {
            await File.WriteAllBytesAsync(path, damaged, Cancel);
            var fault = await Assert.ThrowsAsync<SourceException>(ReadAsync);
            Assert.Contains("0001.json.gz is damaged", fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("..")]
    [InlineData("")]
    public async Task A_batch_name_cannot_leave_the_archive(string id) =>
        await Assert.ThrowsAsync<ArgumentException>(() => new FolderBodyArchive(_root)
            .StoreAsync(Payload("[1]") with { Batch = new("raw_test", id) }, Cancel));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static PayloadRecord Payload(string body) => new()
    {
        Batch = SourceHarness.Batch,
        Source = SourceNames.WeatherArchive,
        Request = "2026-01-01, AVLSF",
        Address = new("http://localhost/v1/archive?latitude=1"),
        Status = 200,
        ReceivedAt = SourceHarness.Now,
        Facilities = [Bodies.Avonlie],
        From = SourceHarness.Now.AddDays(-2),
        To = SourceHarness.Now.AddDays(-1),
        Body = Encoding.UTF8.GetBytes(body),
    };

    private async Task<List<PayloadRecord>> ReadAsync() =>
        await new FolderBodyArchive(_root).ReadAsync("raw_test", "batch-1", Cancel).ToListAsync(Cancel);
}
