using System.Text;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Avro;

public sealed class CodecTests
{
    // By hand from Snappy's format description: the length, then tags. The lowest two bits of a tag are its kind.
    [Theory]
    [InlineData("00", "")]
    [InlineData("03 08 616263", "abc")]                                  // literal of 3: (3-1)<<2
    [InlineData("0A 04 6162 11 02", "ababababab")]                       // kind 1: length 4+4, offset 2, overlapping
    [InlineData("06 08 616263 0A 0300", "abcabc")]                       // kind 2: length 2+1, offset 3 in two bytes
    [InlineData("06 08 616263 0B 03000000", "abcabc")]                   // kind 3: offset in four bytes
    [InlineData("03 F0 02 616263", "abc")]                               // literal whose size lies in one byte: (60)<<2
    [InlineData("03 F4 0200 616263", "abc")]
    [InlineData("03 F8 020000 616263", "abc")]
    [InlineData("03 FC 02000000 616263", "abc")]
    public void Snappy_is_unpacked(string packed, string plain) => Assert.Equal(plain, Encoding.ASCII.GetString(Unpack(packed)));

    [Fact]
    public void Snappy_copies_reach_back_up_to_eleven_bits_in_two_bytes()
    {
        // A literal of 300 bytes, then kind 1 with length 4 and offset 300 = 1 * 256 + 44.
        var literal = Enumerable.Range(0, 300).Select(i => (byte)(i % 251)).ToArray();
        byte[] packed = [0xB0, 0x02, 0xF4, 0x2B, 0x01, .. literal, 0x21, 0x2C];
        Assert.Equal([.. literal, 0, 1, 2, 3], Snappy.Unpack(packed, 1000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80 80 80 80 80 01")]          // length of more than five bytes
    [InlineData("FF FF FF FF 0F")]             // 4 GiB promised by five bytes
    [InlineData("03")]                         // promised and not there
    [InlineData("04 08 616263")]               // one byte short
    [InlineData("02 08 616263")]               // one byte too many
    [InlineData("03 08 6162")]                 // literal cut off
    [InlineData("06 08 616263 0A 0000")]       // copy from nowhere
    [InlineData("06 08 616263 0A 0400")]       // copy from before the beginning
    [InlineData("05 08 616263 0A 0300")]       // copy beyond the end
    [InlineData("06 08 616263 0A 03")]         // offset cut off
    [InlineData("03 FC FFFFFFFF 616263")]      // literal of 4 GiB
    public void Damaged_snappy_is_refused(string packed) => Assert.Throws<IcebergFormatException>(() => Unpack(packed));

    [Fact]
    public void A_length_beyond_the_limit_is_refused() =>
        Assert.Throws<IcebergFormatException>(() => Snappy.Unpack(Convert.FromHexString("0A0461621102"), 9));

    [Fact]
    public async Task Manifests_packed_by_snappy_or_not_at_all_are_read_and_other_codecs_refused_by_name()
    {
        var (table, manifest, bytes) = await ManifestAsync();
        Assert.Equal(12, await CountAsync(table, manifest, await AvroContainer.RepackAsync(bytes, "null", b => b)));
        Assert.Equal(12, await CountAsync(table, manifest, await AvroContainer.RepackAsync(bytes, "snappy", AvroContainer.SnappyLiteral)));
        var zstd = await AvroContainer.RepackAsync(bytes, "zstandard", b => b);
        var refusal = await Assert.ThrowsAsync<IcebergFormatException>(() => CountAsync(table, manifest, zstd));
        Assert.Contains("'zstandard'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(manifest.Path, refusal.Location);
    }

    [Fact]
    public async Task A_snappy_block_with_another_checksum_is_refused()
    {
        var (table, manifest, bytes) = await ManifestAsync();
        var damaged = await AvroContainer.RepackAsync(bytes, "snappy", b => [.. AvroContainer.SnappyLiteral(b)[..^1], 0x5A]);
        var refusal = await Assert.ThrowsAsync<IcebergFormatException>(() => CountAsync(table, manifest, damaged));
        Assert.Contains("checksum", refusal.Message, StringComparison.Ordinal);
        var none = await AvroContainer.RepackAsync(bytes, "snappy", _ => [1, 2]);
        await Assert.ThrowsAsync<IcebergFormatException>(() => CountAsync(table, manifest, none));
    }

    [Fact]
    public void Records_that_contain_themselves_are_refused() => Assert.Throws<IcebergFormatException>(() => AvroSchema.Parse(
        """{"type":"record","name":"r","fields":[{"name":"next","type":["null","r"]}]}"""));

    [Fact]
    public void Blocks_that_promise_the_lowest_number_of_items_are_refused() =>
        Assert.Throws<IcebergFormatException>(() => new AvroDecoder([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0]).ReadBlockCount());

    internal static async Task<(PvLakehouse.Iceberg.Catalog.Table Table, ManifestFile Manifest, byte[] Bytes)> ManifestAsync()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().AddRange(Enumerable.Range(1, 12).Select(m => TestTable.Month(2025, m))).CommitAsync(TestTable.Cancel);
        var list = await ManifestListReader.ReadAsync(table.Io, table.Metadata, table.CurrentSnapshot!, TestTable.Cancel);
        await using var stream = await table.Io.OpenReadAsync(list[0].Path, TestTable.Cancel);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestTable.Cancel);
        return (table, list[0], bytes.ToArray());
    }

    internal static async Task<int> CountAsync(PvLakehouse.Iceberg.Catalog.Table table, ManifestFile manifest, byte[] bytes)
    {
        var io = new InMemoryFileIO();
        await using (var file = await io.CreateAsync(manifest.Path))
        {
            await file.Content.WriteAsync(bytes);
            await file.CompleteAsync();
        }

        var count = 0;
        await foreach (var entry in new ManifestReader(io, table.Metadata).ReadAsync(manifest))
        {
            Assert.NotNull(entry.File.FilePath);
            count++;
        }

        return count;
    }

    private static byte[] Unpack(string hex) => Snappy.Unpack(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), 1000);
}
