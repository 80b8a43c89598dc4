using System.Text;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.IO;

public sealed class LocalFileIOTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalFileIO _io = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_written_once_in_folders_that_are_made_for_it()
    {
        var location = _folder.Path + "/a=1/b%3A/x.bin";
        await WriteAsync(location, "one");
        await _io.PersistAsync([location], TestTable.Cancel);
        await using var stream = await _io.OpenReadAsync("file://" + location, TestTable.Cancel);
        Assert.Equal("one", await new StreamReader(stream).ReadToEndAsync(TestTable.Cancel));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => WriteAsync(location, "two"));
        Assert.Equal("one", await File.ReadAllTextAsync(location, TestTable.Cancel));
    }

    [Fact]
    public async Task A_file_that_is_not_completed_does_not_stay()
    {
        var location = _folder.Path + "/half.bin";
        await using (var file = await _io.CreateAsync(location, TestTable.Cancel))
        {
            await file.Content.WriteAsync(new byte[100_000], TestTable.Cancel);
        }

        Assert.False(await _io.ExistsAsync(location, TestTable.Cancel));
    }

    [Fact]
    public async Task Deleting_twice_is_no_failure_and_reading_what_is_gone_is()
    {
        var location = _folder.Path + "/x.bin";
        await WriteAsync(location, "one");
        await _io.DeleteAsync(location, TestTable.Cancel);
        await _io.DeleteAsync(location, TestTable.Cancel);
        await _io.DeleteAsync(_folder.Path + "/no/such/folder/x", TestTable.Cancel);
        await Assert.ThrowsAsync<FileNotFoundException>(() => _io.OpenReadAsync(location, TestTable.Cancel));
        await Assert.ThrowsAsync<FileNotFoundException>(() => _io.OpenReadAsync(_folder.Path + "/no/such", TestTable.Cancel));
        await Assert.ThrowsAsync<FileNotFoundException>(() => _io.PersistAsync([location], TestTable.Cancel));
    }

    [Fact]
    public async Task A_file_that_cannot_be_forced_to_the_disk_is_reported_as_any_failure_of_storage()
    {
        // The program that runs may not be opened for writing.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have other rules.");
        var failure = await Assert.ThrowsAsync<IOException>(() =>
            _io.PersistAsync([Environment.ProcessPath!], TestTable.Cancel));
        Assert.Contains("1 of 1 files", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listing_gives_every_file_below_a_folder_and_follows_no_link()
    {
        await WriteAsync(_folder.Path + "/t/data/a=1/x.parquet", "four");
        await WriteAsync(_folder.Path + "/t/data/.hidden/y.parquet", "");
        await WriteAsync(_folder.Path + "/t2/z", "of another folder");
        File.CreateSymbolicLink(_folder.Path + "/t/link", _folder.Path + "/t2/z");
        Directory.CreateSymbolicLink(_folder.Path + "/t/links", _folder.Path + "/t2");
        var found = new List<StoredFile>();
        await foreach (var file in _io.ListAsync("file://" + _folder.Path + "/t/", TestTable.Cancel))
        {
            found.Add(file);
        }

        Assert.Equal(
            [("file://" + _folder.Path + "/t/data/.hidden/y.parquet", 0L), ("file://" + _folder.Path + "/t/data/a=1/x.parquet", 4L)],
            found.OrderBy(f => f.Location, StringComparer.Ordinal).Select(f => (f.Location, f.Size)));
        Assert.All(found, f => Assert.Equal(File.GetLastWriteTimeUtc(LocalFileIO.PathOf(f.Location)), f.LastModified.UtcDateTime));
        await foreach (var file in _io.ListAsync(_folder.Path + "/no/such", TestTable.Cancel))
        {
            Assert.Fail($"A folder that is not there holds '{file.Location}'.");
        }
    }

    [Theory]
    [InlineData("/a/b%3A", "/a/b%3A")]
    [InlineData("file:/a/b", "/a/b")]
    [InlineData("file:///a/b", "/a/b")]
    [InlineData("file://localhost/a/b", "/a/b")]
    public void Locations_of_other_writers_name_the_same_paths(string location, string path) =>
        Assert.Equal(path, LocalFileIO.PathOf(location));

    [Theory]
    [InlineData("a/b")]
    [InlineData("file://server/a")]
    [InlineData("s3://bucket/a")]
    [InlineData("file:a")]
    public void Locations_that_are_not_local_and_absolute_are_refused(string location) =>
        Assert.Throws<ArgumentException>(() => LocalFileIO.PathOf(location));

    private async Task WriteAsync(string location, string text)
    {
        await using var file = await _io.CreateAsync(location, TestTable.Cancel);
        await file.Content.WriteAsync(Encoding.UTF8.GetBytes(text), TestTable.Cancel);
        await file.CompleteAsync(TestTable.Cancel);
    }
}
