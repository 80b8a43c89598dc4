using PvLakehouse.Iceberg.Deletes;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Deletes;

public sealed class DeletionVectorTests
{
    private const string Path = "mem:/deletes.puffin";

    [Fact]
    public async Task A_vector_is_read_from_its_place_in_the_file()
    {
        // 5 and 7 in container 0, 65536 + 1 in container 1, and 2^32 + 3 in the second bitmap.
        var blob = DvBytes.Blob(DvBytes.Set(
            (0, DvBytes.Bitmap((0, 2, DvBytes.Array(5, 7)), (1, 1, DvBytes.Array(1)))),
            (1, DvBytes.Bitmap((0, 1, DvBytes.Array(3))))));
        byte[] file = [9, 9, 9, 9, 9, .. blob, 8, 8];
        var positions = await ReadAsync(file, Entry(5, blob.Length, 4));
        Assert.Equal([5, 7, 65537, 4294967299], positions);
        Assert.Equal(4, positions.Count);
        Assert.All(new[] { 5L, 7, 65537, 4294967299 }, p => Assert.True(positions.Contains(p)));
        Assert.All(new[] { 0L, 6, 8, 3, 65536, 65541, 4294967301, -1, long.MaxValue, long.MinValue }, p => Assert.False(positions.Contains(p)));
    }

    [Fact]
    public async Task Dense_and_run_containers_are_read_too()
    {
        // 5000 even numbers as a bitmap; runs 1..3, 10..10 and, to the end of their container, 65000..65535.
        var words = new byte[8192];
        for (var i = 0; i < 10000; i += 2)
        {
            words[i / 8] |= (byte)(1 << (i % 8));
        }

        var blob = DvBytes.Blob(DvBytes.Set(
            (0, DvBytes.Bitmap((0, 5000, words))),
            (7, DvBytes.Runs((2, [(1, 3), (10, 10), (65000, 65535)])))));
        var positions = await ReadAsync(blob, Entry(0, blob.Length, 5000 + 3 + 1 + 536));
        var high = (7L << 32) + (2 << 16);
        Assert.Equal(
            [
                .. Enumerable.Range(0, 5000).Select(i => 2L * i),
                high + 1, high + 2, high + 3, high + 10, .. Enumerable.Range(65000, 536).Select(i => high + i),
            ],
            positions);
        Assert.True(positions.Contains(9998) && positions.Contains(high + 2) && positions.Contains(high + 65535));
        Assert.False(positions.Contains(9999) || positions.Contains(10000) || positions.Contains(high) || positions.Contains(high + 4)
            || positions.Contains(high + 64999) || positions.Contains(high + 65536));
    }

    [Fact]
    public async Task Runs_have_a_table_of_offsets_from_four_containers_on()
    {
        var three = DvBytes.Blob(DvBytes.Set((0, DvBytes.Runs((0, [(1, 1)]), (1, [(2, 2)]), (2, [(3, 3)])))));
        var four = DvBytes.Blob(DvBytes.Set((0, DvBytes.Runs((0, [(1, 1)]), (1, [(2, 2)]), (2, [(3, 3)]), (3, [(4, 4)])))));
        Assert.Equal([1, 65538, 131075], await ReadAsync(three, Entry(0, three.Length, 3)));
        Assert.Equal([1, 65538, 131075, 196612], await ReadAsync(four, Entry(0, four.Length, 4)));
    }

    [Fact]
    public async Task A_vector_may_be_empty()
    {
        var blob = DvBytes.Blob(DvBytes.Set());
        var positions = await ReadAsync(blob, Entry(0, blob.Length, 0));
        Assert.Empty(positions);
        Assert.False(positions.Contains(0));
        Assert.Empty(PositionSet.Empty);
    }

    [Fact]
    public void The_checksum_is_that_of_zip() =>
        Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8)); // The check value of CRC-32/ISO-HDLC in every catalogue of checksums.

    [Theory]
    [InlineData(0, "11000000", "says that it is")]
    [InlineData(4, "ff", "expected d1d33964")]
    [InlineData(8, "02", "checksum")]
    [InlineData(-1, "00", "checksum")]
    public async Task Damage_is_told_and_names_the_file(int position, string bytes, string expected)
    {
        var blob = DvBytes.Blob(DvBytes.Set((0, DvBytes.Bitmap((0, 1, DvBytes.Array(3))))));
        Convert.FromHexString(bytes).CopyTo(blob, position < 0 ? blob.Length + position : position);
        var failure = await Assert.ThrowsAsync<IcebergFormatException>(() => ReadAsync(blob, Entry(0, blob.Length, 1)));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(Path, failure.Location);
    }

    public static TheoryData<string, byte[]> WrongBitmaps => new()
    {
        { "bitmaps cannot be in", [255, 255, 255, 255, 255, 255, 255, 255] },
        { "bitmaps cannot be in", [1, 0, 0, 0, 0, 0, 0, 0] },
        { "is above 2147483647", DvBytes.Set((0x80000000, DvBytes.Bitmap((0, 1, DvBytes.Array(3))))) },
        { "not above the one before", DvBytes.Set((1, DvBytes.Bitmap((0, 1, DvBytes.Array(3)))), (1, DvBytes.Bitmap((0, 1, DvBytes.Array(3))))) },
        { "neither 12346 nor 12347", DvBytes.Set((0, [1, 0, 0, 0, 0, 0, 0, 0])) },
        { "65536 is the most", DvBytes.Set((0, [.. DvBytes.U32(12346), .. DvBytes.U32(65537)])) },
        { "container 1 comes after container 1", DvBytes.Set((0, DvBytes.Bitmap((1, 1, DvBytes.Array(3)), (1, 1, DvBytes.Array(3))))) },
        { "3 comes after 5", DvBytes.Set((0, DvBytes.Bitmap((0, 2, DvBytes.Array(5, 3))))) },
        { "3 comes after 3", DvBytes.Set((0, DvBytes.Bitmap((0, 2, DvBytes.Array(3, 3))))) },
        { "holds 0 numbers and says 5000", DvBytes.Set((0, DvBytes.Bitmap((0, 5000, new byte[8192])))) },
        { "bytes are promised", DvBytes.Set((0, DvBytes.Bitmap((0, 3, DvBytes.Array(3, 4))))) },
        { "overlaps", DvBytes.Set((0, DvBytes.Runs((0, [(1, 3), (3, 4)])))) },
        { "overlaps", DvBytes.Set((0, DvBytes.Runs((0, [(5, 6), (1, 2)])))) },
        { "goes beyond 65535", DvBytes.Set((0, [.. DvBytes.U32(12347), 1, .. DvBytes.U16(0), .. DvBytes.U16(9), .. DvBytes.U16(1), .. DvBytes.U16(65530), .. DvBytes.U16(9)])) },
        { "bytes are left", [.. DvBytes.Set((0, DvBytes.Bitmap((0, 1, DvBytes.Array(3))))), 0] },
    };

    [Theory]
    [MemberData(nameof(WrongBitmaps))]
    public async Task A_bitmap_that_breaks_its_format_is_refused(string expected, byte[] set)
    {
        var blob = DvBytes.Blob(set);
        var failure = await Assert.ThrowsAsync<IcebergFormatException>(() => ReadAsync(blob, Entry(0, blob.Length, 1)));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal(Path, failure.Location);
    }

    [Fact]
    public async Task What_the_manifest_says_must_hold()
    {
        var blob = DvBytes.Blob(DvBytes.Set((0, DvBytes.Bitmap((0, 1, DvBytes.Array(3))))));
        var right = Entry(0, blob.Length, 1);
        Assert.Contains("manifest promises 2", (await Refused(right with { RecordCount = 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("content_offset", (await Refused(right with { ContentOffset = null })).Message, StringComparison.Ordinal);
        Assert.Contains("content_offset", (await Refused(right with { ContentSizeInBytes = null })).Message, StringComparison.Ordinal);
        Assert.Contains("the file has", (await Refused(right with { ContentSizeInBytes = long.MaxValue })).Message, StringComparison.Ordinal);
        Assert.Contains("the file has", (await Refused(right with { ContentOffset = 1 })).Message, StringComparison.Ordinal);
        Assert.Contains("the file has", (await Refused(right with { ContentOffset = -1 })).Message, StringComparison.Ordinal);
        Assert.Contains("at least 12 bytes", (await Refused(right with { ContentSizeInBytes = 11 })).Message, StringComparison.Ordinal);
        Assert.Contains("encrypted", (await Refused(right with { KeyMetadata = new byte[] { 1 } })).Message, StringComparison.Ordinal);
        Assert.Contains("not there", (await Refused(right with { FilePath = "mem:/other" })).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(blob, right with { Format = FileFormat.Parquet }));
        await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(blob, right with { Content = FileContent.Data }));

        Task<IcebergFormatException> Refused(DataFile entry) => Assert.ThrowsAsync<IcebergFormatException>(() => ReadAsync(blob, entry));
    }

    // What Java and Go wrote; the positions are those of the fixtures' own description.
    public static TheoryData<string, long[]> ForeignVectors => new()
    {
        { "empty", [] },
        { "small-alternating-values", [1, 3, 5, 7, 9] },
        { "small-and-large-values", [100, 101, 2147483747, 2147483748] },
        {
            "all-container-types",
            [
                5, 7, .. Range(65536, 1, 1000), .. Range(131072, 1, 65535),
                .. Range(1L << 32, 10, 11), .. Range(1L << 32, 20, 21), .. Range((1L << 32) + 65536, 10, 500), .. Range((1L << 32) + 131072, 1, 65535),
            ]
        },
    };

    [Theory]
    [MemberData(nameof(ForeignVectors))]
    public async Task Vectors_of_java_and_go_hold_what_their_writers_say(string name, long[] expected)
    {
        foreach (var folder in new[] { "java", "go" })
        {
            var blob = await File.ReadAllBytesAsync(SharedFixtures.Path($"deletion-vectors/{folder}/{name}-position-index.bin"), TestTable.Cancel);
            var positions = await ReadAsync(blob, Entry(0, blob.Length, expected.Length));
            Assert.Equal(expected, positions);
            Assert.All(expected.Take(2000), p => Assert.True(positions.Contains(p)));
        }
    }

    [Theory]
    [InlineData("64mapempty", 0, 0)]
    [InlineData("64map32bitvals", 10, 9)]
    [InlineData("64mapspreadvals", 100, (9L << 32) + 9)]
    public void Bitmaps_of_other_libraries_are_read(string name, long count, long last)
    {
        foreach (var folder in new[] { "java", "go", "python-bitmaps" })
        {
            var set = RoaringReader.Read(File.ReadAllBytes(SharedFixtures.Path($"deletion-vectors/{folder}/{name}.bin")));
            Assert.Equal(count, set.Count);
            Assert.Equal(last, set.LastOrDefault());
        }
    }

    [Fact]
    public void Positions_beyond_63_bits_are_refused() => Assert.Throws<IcebergFormatException>(() =>
        RoaringReader.Read(File.ReadAllBytes(SharedFixtures.Path("deletion-vectors/java/64maphighvals.bin"))));

    [Fact]
    public async Task A_vector_that_lies_bare_in_its_file_is_read_all_the_same()
    {
        var bare = SharedFixtures.Path(
            "data/persistent/legacy_bare_deletion_vector/warehouse/default/legacy_bare_deletion_vector/data/legacy-bare-deletion-vector.puffin");
        var size = new FileInfo(bare).Length;
        Assert.Equal([1], await DeletionVector.ReadAsync(new LocalFileIO(), Entry(0, size, 1) with { FilePath = bare }, TestTable.Cancel));
    }

    private static IEnumerable<long> Range(long start, int from, int to) => Enumerable.Range(from, to - from).Select(i => start + i);

    private static DataFile Entry(long offset, long size, long count) => new()
    {
        Content = FileContent.PositionDeletes,
        Format = FileFormat.Puffin,
        FilePath = Path,
        RecordCount = count,
        FileSizeInBytes = 1,
        ContentOffset = offset,
        ContentSizeInBytes = size,
    };

    private static async Task<PositionSet> ReadAsync(byte[] file, DataFile entry)
    {
        var io = new InMemoryFileIO();
        await using var made = await io.CreateAsync(Path, TestTable.Cancel);
        await made.Content.WriteAsync(file, TestTable.Cancel);
        await made.CompleteAsync(TestTable.Cancel);
        return await DeletionVector.ReadAsync(io, entry, TestTable.Cancel);
    }
}
