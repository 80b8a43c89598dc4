using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.IO;

public sealed class RoutingFileIOTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/lake/x", "file")]
    [InlineData("/lake/a:b", "file")]
    [InlineData("file:/lake", "file")]
    [InlineData("s3://bucket/a:b", "s3")]
    [InlineData("S3A://bucket/x", "S3A")]
    [InlineData("C:\\lake", "file")]
    [InlineData("name=a:b/c", "file")]
    public void The_scheme_is_what_stands_before_the_first_colon_if_it_can_be_one(string location, string scheme) =>
        Assert.Equal(scheme, RoutingFileIO.SchemeOf(location));

    [Fact]
    public async Task Every_storage_gets_its_own_files()
    {
        using var folder = new TempFolder();
        var memory = new InMemoryFileIO();
        var io = new RoutingFileIO([new("file", new LocalFileIO()), new("mem", memory)]);
        string[] locations = [$"{folder.Path}/a", $"file://{folder.Path}/b", "MEM:/c"];
        foreach (var location in locations)
        {
            await using var file = await io.CreateAsync(location, Cancel);
            await file.CompleteAsync(Cancel);
        }

        Assert.Equal(["a", "b"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(["MEM:/c"], memory.Locations);
        await io.PersistAsync(locations, Cancel);
        await io.DeleteManyAsync(locations, Cancel);
        Assert.Empty(Directory.GetFiles(folder.Path));
        Assert.Empty(memory.Locations);
    }

    [Fact]
    public async Task A_storage_that_is_not_set_up_is_named()
    {
        var io = new RoutingFileIO([new("file", new LocalFileIO()), new("s3", new InMemoryFileIO())]);
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => io.OpenReadAsync("gs://bucket/x", Cancel));
        Assert.Contains("'gs://bucket/x' lies in a storage that is not set up; set up are: file, s3.", failure.Message, StringComparison.Ordinal);
    }
}
