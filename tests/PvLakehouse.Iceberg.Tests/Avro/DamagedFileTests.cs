using CsCheck;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Avro;

public sealed class DamagedFileTests
{
    [Fact]
    public async Task Damaged_manifests_give_a_typed_failure_and_never_anything_else()
    {
        var table = await TestTable.CreateAsync(new InMemoryFileIO());
        await table.NewAppend().AddRange(Enumerable.Range(1, 12).Select(m => TestTable.Month(2025, m))).CommitAsync(TestTable.Cancel);
        var list = await ManifestListReader.ReadAsync(table.Io, table.Metadata, table.CurrentSnapshot!, TestTable.Cancel);
        var intact = await BytesAsync(table.Io, list[0].Path);

        await Gen.Select(Gen.Int[0, intact.Length - 1], Gen.Byte, Gen.Int[0, intact.Length]).SampleAsync(
            async (position, value, length) =>
            {
                var damaged = intact.ToArray();
                damaged[position] = value;
                var io = new InMemoryFileIO();
                await using (var file = await io.CreateAsync(list[0].Path))
                {
                    await file.Content.WriteAsync(damaged.AsMemory(0, length));
                    await file.CompleteAsync();
                }

                try
                {
                    await foreach (var entry in new ManifestReader(io, table.Metadata).ReadAsync(list[0]))
                    {
                        Assert.NotNull(entry.File.FilePath);
                    }
                }
                catch (IcebergFormatException e)
                {
                    // What other tests call "refused": the message names the file.
                    Assert.Equal(list[0].Path, e.Location);
                }
            },
            iter: 2000,
            seed: "0000Rb3XuLm1",
            threads: 1);
    }

    [Fact]
    public void Lengths_are_not_believed_before_they_are_checked()
    {
        // A block of 2^40 items, and a string of 2^40 bytes: zigzag 2^41 as a variable-length number.
        byte[] huge = [0x80, 0x80, 0x80, 0x80, 0x80, 0x40];
        Assert.Throws<IcebergFormatException>(() => new AvroDecoder(huge).ReadBlockCount());
        Assert.Throws<IcebergFormatException>(() => new AvroDecoder(huge).ReadString());
        Assert.Throws<IcebergFormatException>(() => new AvroDecoder([0xff, 0xff]).ReadLong());
        Assert.Throws<IcebergFormatException>(() => new AvroDecoder(Enumerable.Repeat((byte)0xff, 11).ToArray()).ReadLong());
    }

    [Fact]
    public async Task A_file_that_is_no_container_is_refused()
    {
        using var stream = new MemoryStream([1, 2, 3, 4, 5]);
        await Assert.ThrowsAsync<IcebergFormatException>(() => AvroFileReader.OpenAsync(stream, "x.avro", TestTable.Cancel));
    }

    private static async Task<byte[]> BytesAsync(IFileIO io, string location)
    {
        await using var stream = await io.OpenReadAsync(location, TestTable.Cancel);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestTable.Cancel);
        return bytes.ToArray();
    }
}
