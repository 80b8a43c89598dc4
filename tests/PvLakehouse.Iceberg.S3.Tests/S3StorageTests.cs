using Amazon.S3;
using Amazon.S3.Model;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.IO;

namespace PvLakehouse.Iceberg.S3.Tests;

/// <summary>The storage on a real S3 server.</summary>
public sealed class S3StorageTests(S3Fixture fixture) : FileIOContract, IAsyncLifetime
{
    private Lakehouse _lakehouse = null!;
    private S3FileIO _io = null!;

    protected override IFileIO Io => _io;

    protected override string Folder { get; } = fixture.NewFolder();

    public async ValueTask InitializeAsync()
    {
        _lakehouse = await fixture.LakehouseAsync();
        _io = new S3FileIO(_lakehouse.Options());
    }

    public ValueTask DisposeAsync()
    {
        _io.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Locations_as_Hadoop_writes_them_name_the_same_objects()
    {
        await WriteAsync($"{Folder}/a", "x");
        foreach (var scheme in new[] { "s3a", "s3n", "S3" })
        {
            var folder = scheme + Folder[2..];
            Assert.Equal("x", await ReadAsync($"{folder}/a"));
            Assert.Equal([($"{folder}/a", 1L)], await ListAsync(folder));
        }
    }

    [Fact]
    public async Task A_large_file_that_is_given_up_leaves_no_parts()
    {
        await using (var file = await Io.CreateAsync($"{Folder}/large", Cancel))
        {
            await file.Content.WriteAsync(new byte[12_000_000], Cancel);
        }

        using var client = Client();
        var uploads = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = "lakehouse", Prefix = Folder["s3://lakehouse/".Length..] }, Cancel);
        Assert.Empty(uploads.MultipartUploads ?? []);
    }

    [Fact]
    public async Task Objects_that_stand_for_folders_are_no_files()
    {
        using var client = Client();
        await client.PutObjectAsync(
            new PutObjectRequest { BucketName = "lakehouse", Key = $"{Folder["s3://lakehouse/".Length..]}/sub/", ContentBody = "", UseChunkEncoding = false }, Cancel);
        await WriteAsync($"{Folder}/sub/a", "x");
        Assert.Equal([($"{Folder}/sub/a", 1L)], await ListAsync(Folder));
    }

    [Fact]
    public async Task An_object_that_changes_under_a_reader_is_not_mixed_with_the_old_one()
    {
        await WriteAsync($"{Folder}/a", new byte[1_000_000]);
        await using var stream = await Io.OpenReadAsync($"{Folder}/a", Cancel);
        await Io.DeleteAsync($"{Folder}/a", Cancel);
        await WriteAsync($"{Folder}/a", Enumerable.Repeat((byte)1, 1_000_000).ToArray());
        stream.Position = 900_000;
        var failure = await Assert.ThrowsAsync<IcebergException>(() => stream.ReadExactlyAsync(new byte[10], Cancel).AsTask());
        Assert.Contains("/a changed while it was read", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listings_tell_when_the_store_took_the_file()
    {
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-2);
        await WriteAsync($"{Folder}/a", "x");
        await foreach (var file in Io.ListAsync(Folder, Cancel))
        {
            Assert.InRange(file.LastModified, before, TimeProvider.System.GetUtcNow().AddSeconds(2));
        }
    }

    [Fact]
    public async Task Locations_that_name_no_object_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Io.OpenReadAsync("s3://lakehouse", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Io.OpenReadAsync("s3:///key", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Io.OpenReadAsync("/local/file", Cancel));
    }

    private AmazonS3Client Client() => new(
        _lakehouse.Server.Root.AccessKey,
        _lakehouse.Server.Root.SecretKey,
        new AmazonS3Config
        {
            ServiceURL = _lakehouse.Server.Endpoint.ToString(),
            ForcePathStyle = true,
            RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED,
        });
}
