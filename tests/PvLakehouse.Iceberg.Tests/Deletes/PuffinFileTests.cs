using PvLakehouse.Iceberg.Deletes;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Deletes;

public sealed class PuffinFileTests
{
    private const string Footer =
        """
        {"blobs":[{"type":"a","fields":[1,2],"snapshot-id":7,"sequence-number":3,"offset":4,"length":2},
                  {"type":"b","fields":[],"snapshot-id":-1,"sequence-number":-1,"offset":6,"length":3,"compression-codec":"zstd","properties":{"k":"v"}}],
         "properties":{"created-by":"test"}}
        """;

    [Fact]
    public async Task The_footer_tells_the_blobs_and_their_bytes_are_read()
    {
        var (io, location) = await PutAsync(DvBytes.Puffin(Footer, [1, 2], [3, 4, 5]));
        var file = await PuffinFile.ReadAsync(io, location, TestTable.Cancel);
        Assert.Equal("test", file.Properties["created-by"]);
        var (a, b) = (file.Blobs[0], file.Blobs[1]);
        Assert.Equal(("a", 7, 3, 4, 2, null), (a.Type, a.SnapshotId, a.SequenceNumber, a.Offset, a.Length, a.CompressionCodec));
        Assert.Equal([1, 2], a.Fields);
        Assert.Equal(("b", -1, "zstd", "v"), (b.Type, b.SnapshotId, b.CompressionCodec, b.Properties["k"]));
        Assert.Equal([1, 2], await file.ReadBlobAsync(io, a, TestTable.Cancel));
        var refusal = await Assert.ThrowsAsync<IcebergFormatException>(() => file.ReadBlobAsync(io, b, TestTable.Cancel));
        Assert.Contains("'zstd'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(location, refusal.Location);
    }

    [Theory]
    [InlineData(0, 0x51, "does not begin and end")]
    [InlineData(-1, 0x51, "does not begin and end")]
    [InlineData(-8, 1, "compressed by lz4")]
    [InlineData(-8, 2, "00000002")]
    [InlineData(-9, 0x70, "not there")]
    [InlineData(-9, 0xff, "not there")]
    [InlineData(-12, 1, "does not begin with 'PFA1'")]
    public async Task Damage_is_told_and_names_the_file(int position, byte value, string expected)
    {
        var bytes = DvBytes.Puffin(Footer, [1, 2], [3, 4, 5]);
        bytes[position < 0 ? bytes.Length + position : position] = value;
        await RefusedAsync(bytes, expected);
    }

    [Theory]
    [InlineData("\"offset\":4", "\"offset\":9", "blobs end at 9")]
    [InlineData("\"length\":2", "\"length\":-2", "-2 bytes")]
    [InlineData("\"offset\":6", "\"offset\":9223372036854775807", "blobs end at 9")]
    [InlineData("\"type\":\"a\",", "", "lacks 'type'")]
    [InlineData("[1,2]", "[1,\"2\"]", "not valid")]
    [InlineData("{\"blobs\"", "{{", "not JSON")]
    public async Task A_footer_that_cannot_be_true_is_refused(string from, string to, string expected) =>
        await RefusedAsync(DvBytes.Puffin(Footer.Replace(from, to, StringComparison.Ordinal), [1, 2], [3, 4, 5]), expected);

    [Fact]
    public async Task A_short_or_missing_file_is_refused()
    {
        await RefusedAsync([], "Puffin magic");
        await RefusedAsync([.. "PFA1"u8], "Puffin trailer");
        Assert.Contains("no such Puffin file", (await Assert.ThrowsAsync<IcebergFormatException>(() =>
            PuffinFile.ReadAsync(new InMemoryFileIO(), "mem:/none", TestTable.Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_java_and_go_are_read()
    {
        var io = new LocalFileIO();
        foreach (var folder in new[] { "java-v1", "go" })
        {
            Assert.Empty((await PuffinFile.ReadAsync(io, SharedFixtures.Path($"puffin/{folder}/empty-puffin-uncompressed.bin"), TestTable.Cancel)).Blobs);
            var sample = await PuffinFile.ReadAsync(io, SharedFixtures.Path($"puffin/{folder}/sample-metric-data-uncompressed.bin"), TestTable.Cancel);
            Assert.Equal("Test 1234", sample.Properties["created-by"]);
            Assert.Equal(["some-blob", "some-other-blob"], sample.Blobs.Select(b => b.Type));
            Assert.Equal([1, 2], sample.Blobs.Select(b => Assert.Single(b.Fields)));
            Assert.Equal("abcdefghi"u8.ToArray(), await sample.ReadBlobAsync(io, sample.Blobs[0], TestTable.Cancel));
            var packed = await PuffinFile.ReadAsync(io, SharedFixtures.Path($"puffin/{folder}/sample-metric-data-compressed-zstd.bin"), TestTable.Cancel);
            Assert.All(packed.Blobs, b => Assert.Equal("zstd", b.CompressionCodec));
        }
    }

    [Theory]
    [InlineData("deletion-vectors/go/single-blob-dv.puffin", "s3://warehouse/db/table/data/00000-0-abc.parquet", new long[] { 1, 3, 5, 7, 9 })]
    [InlineData("deletion-vectors/go/multi-blob-dv.puffin", "s3://warehouse/db/table/data/file-002.parquet", new long[] { 50, 150 })]
    [InlineData("puffin/go/deletion-vector-v1.puffin", "data/test.parquet", new long[] { 1, 3, 5, 7, 9 })]
    public async Task The_vector_of_a_data_file_is_found_by_the_footer(string name, string dataFile, long[] expected)
    {
        var io = new LocalFileIO();
        var file = await PuffinFile.ReadAsync(io, SharedFixtures.Path(name), TestTable.Cancel);
        var blob = Assert.Single(file.Blobs, b => b.Properties["referenced-data-file"] == dataFile);
        Assert.Equal("deletion-vector-v1", blob.Type);
        var entry = new DataFile
        {
            Content = FileContent.PositionDeletes,
            Format = FileFormat.Puffin,
            FilePath = file.Location,
            RecordCount = long.Parse(blob.Properties["cardinality"], System.Globalization.CultureInfo.InvariantCulture),
            FileSizeInBytes = 1,
            ContentOffset = blob.Offset,
            ContentSizeInBytes = blob.Length,
        };
        Assert.Equal(expected, await DeletionVector.ReadAsync(io, entry, TestTable.Cancel));
    }

    private static async Task RefusedAsync(byte[] bytes, string expected)
    {
        var (io, location) = await PutAsync(bytes);
        var failure = await Assert.ThrowsAsync<IcebergFormatException>(() => PuffinFile.ReadAsync(io, location, TestTable.Cancel));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(location, failure.Location);
    }

    private static async Task<(InMemoryFileIO Io, string Location)> PutAsync(byte[] bytes)
    {
        var io = new InMemoryFileIO();
        await using var file = await io.CreateAsync("mem:/a.puffin", TestTable.Cancel);
        await file.Content.WriteAsync(bytes, TestTable.Cancel);
        await file.CompleteAsync(TestTable.Cancel);
        return (io, "mem:/a.puffin");
    }
}
