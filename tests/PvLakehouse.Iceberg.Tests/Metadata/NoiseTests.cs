using System.Text;
using CsCheck;
using PvLakehouse.Iceberg.Deletes;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Avro;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Metadata;

/// <summary>Damaged files give the one typed failure or are read; nothing else, whatever the damage.</summary>
public sealed class NoiseTests
{
    private const string Json =
        """
        {"format-version":3,"table-uuid":"9c12d441-03fe-4693-9a96-a0705ddf69c1","location":"mem:/t","last-sequence-number":2,"last-updated-ms":1,"last-column-id":9,
         "current-schema-id":0,"schemas":[{"type":"struct","schema-id":0,"identifier-field-ids":[1],"fields":[
          {"id":1,"name":"x","required":true,"type":"long","initial-default":1},{"id":2,"name":"m","required":false,"type":"decimal(9, 2)","write-default":"1.50"},
          {"id":3,"name":"s","required":false,"type":{"type":"struct","fields":[{"id":4,"name":"t","required":false,"type":"timestamptz_ns"}]},"initial-default":{"4":"2017-11-16T22:31:08.123456789+00:00"}},
          {"id":5,"name":"l","required":false,"type":{"type":"list","element-id":6,"element":"geography(srid:4269, karney)","element-required":false}},
          {"id":7,"name":"k","required":false,"type":{"type":"map","key-id":8,"key":"string","value-id":9,"value":"fixed[16]","value-required":false}}]}],
         "default-spec-id":0,"partition-specs":[{"spec-id":0,"fields":[{"source-ids":[1],"field-id":1000,"name":"b","transform":"bucket[4]"}]}],"last-partition-id":1000,
         "default-sort-order-id":1,"sort-orders":[{"order-id":1,"fields":[{"transform":"identity","source-id":1,"direction":"asc","null-order":"nulls-first"}]}],
         "properties":{"a":"b"},"next-row-id":7,"current-snapshot-id":2,
         "snapshots":[{"snapshot-id":1,"timestamp-ms":1,"sequence-number":1,"summary":{"operation":"append"},"manifest-list":"a"},
                      {"snapshot-id":2,"parent-snapshot-id":1,"timestamp-ms":2,"sequence-number":2,"summary":{"operation":"append"},"manifest-list":"b","schema-id":0}],
         "snapshot-log":[{"snapshot-id":1,"timestamp-ms":1},{"snapshot-id":2,"timestamp-ms":2}],"metadata-log":[{"metadata-file":"m","timestamp-ms":1}],
         "refs":{"main":{"snapshot-id":2,"type":"branch"},"t":{"snapshot-id":1,"type":"tag","max-ref-age-ms":5}},"statistics":[{"snapshot-id":2}]}
        """;

    [Fact]
    public void Damaged_metadata_is_read_or_refused()
    {
        var (intact, read, refused) = (Encoding.UTF8.GetBytes(Json), 0, 0);
        Noise.Changes("0123456789-+eE.,:{}[]\"tfn x"u8.ToArray()).Sample(
            changes =>
            {
                try
                {
                    var table = TableMetadata.FromJson(Noise.Apply(intact, changes), "here");

                    // What was read can be used.
                    _ = table.Schema.AllFields.Count + table.Spec.Fields.Count + table.SortOrder.Fields.Count;
                    _ = table.Snapshots.Sum(s => table.Ancestors(s.SnapshotId).Count() + s.Timestamp.Year);
                    _ = table.SnapshotAsOf(DateTimeOffset.UnixEpoch);
                    _ = table.Schema.ToJson();
                    read++;
                }
                catch (IcebergFormatException e)
                {
                    Assert.Equal("here", e.Location);
                    refused++;
                }
            },
            iter: 20_000,
            seed: "0000Rb3XuLm1",
            threads: 1);
        Assert.True(read > 500 && refused > 5000, $"{read} read, {refused} refused");
    }

    [Theory]
    [InlineData("\"snapshot-id\":1,\"timestamp-ms\":1,", "\"snapshot-id\":1,\"parent-snapshot-id\":2,\"timestamp-ms\":1,", "its own ancestor")]
    [InlineData("\"snapshot-id\":1,\"timestamp-ms\":1,", "\"snapshot-id\":2,\"timestamp-ms\":1,", "is there twice")]
    [InlineData("\"snapshot-id\":1,\"timestamp-ms\":1,", "\"snapshot-id\":1,\"timestamp-ms\":9223372036854775807,", "outside years 1 to 9999")]
    public void Histories_that_cannot_be_are_refused(string from, string to, string expected)
    {
        var broken = Json.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Json, broken);
        Assert.Contains(expected, Assert.Throws<IcebergFormatException>(() =>
            TableMetadata.FromJson(Encoding.UTF8.GetBytes(broken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_manifests_without_compression_are_read_or_refused()
    {
        var (table, manifest, packed) = await CodecTests.ManifestAsync();
        var intact = await AvroContainer.RepackAsync(packed, "null", b => b);
        await DamageAsync(intact, async bytes => await CodecTests.CountAsync(table, manifest, bytes), manifest.Path);
    }

    [Fact]
    public async Task Damaged_snappy_blocks_are_read_or_refused()
    {
        var (table, manifest, packed) = await CodecTests.ManifestAsync();
        var intact = await AvroContainer.RepackAsync(packed, "snappy", AvroContainer.SnappyLiteral);
        await DamageAsync(intact, async bytes => await CodecTests.CountAsync(table, manifest, bytes), manifest.Path);
    }

    [Fact]
    public async Task Damaged_manifest_lists_are_read_or_refused()
    {
        var (table, _, _) = await CodecTests.ManifestAsync();
        await using var stream = await table.Io.OpenReadAsync(table.CurrentSnapshot!.ManifestList!, TestTable.Cancel);
        using var packed = new MemoryStream();
        await stream.CopyToAsync(packed, TestTable.Cancel);
        var intact = await AvroContainer.RepackAsync(packed.ToArray(), "null", b => b);
        await DamageAsync(intact, async bytes => await ManifestListReader.ReadListAsync(await StoreAsync(bytes), "mem:/x", default), "mem:/x");
    }

    [Fact]
    public async Task Damaged_puffin_files_are_read_or_refused()
    {
        var blob = DvBytes.Blob(DvBytes.Set((0, DvBytes.Bitmap((0, 1, DvBytes.Array(3))))));
        var footer = $$$"""{"blobs":[{"type":"deletion-vector-v1","fields":[1],"snapshot-id":-1,"sequence-number":-1,"offset":4,"length":{{{blob.Length}}},"properties":{"cardinality":"1"}}],"properties":{"created-by":"x"}}""";
        await DamageAsync(
            DvBytes.Puffin(footer, blob),
            async bytes =>
            {
                var io = await StoreAsync(bytes);
                var file = await PuffinFile.ReadAsync(io, "mem:/x");
                foreach (var found in file.Blobs)
                {
                    _ = DeletionVector.Decode(await file.ReadBlobAsync(io, found), "mem:/x").Count;
                }
            },
            "mem:/x",
            fewestRead: 0);
    }

    [Fact]
    public void Damaged_bitmaps_are_read_or_refused_and_what_is_read_is_ascending()
    {
        var words = new byte[8192];
        words.AsSpan(0, 700).Fill(0xff);
        var intact = DvBytes.Set(
            (0, DvBytes.Bitmap((0, 3, DvBytes.Array(1, 5, 9)), (4, 5600, words))),
            (3, DvBytes.Runs((0, [(1, 3)]), (1, [(2, 2), (7, 65000)]), (2, [(3, 3)]), (3, [(4, 4)]))));
        var (read, refused) = (0, 0);
        Noise.Changes([0, 1, 0xff]).Sample(
            changes =>
            {
                try
                {
                    var set = RoaringReader.Read(Noise.Apply(intact, changes));
                    var (count, last) = (0L, -1L);
                    foreach (var position in set)
                    {
                        Assert.True(position > last);
                        (count, last) = (count + 1, position);
                    }

                    Assert.Equal(set.Count, count);
                    read++;
                }
                catch (IcebergFormatException)
                {
                    refused++;
                }
            },
            iter: 3000,
            seed: "0000Rb3XuLm1",
            threads: 1);
        Assert.True(read > 20 && refused > 1000, $"{read} read, {refused} refused");
    }

    private static async Task DamageAsync(byte[] intact, Func<byte[], Task> readAsync, string location, int fewestRead = 50)
    {
        var (read, refused, largest) = (0, 0, 0L);
        await readAsync(intact);
        await Noise.Changes([0, 1, 2, 4, 0x7f, 0x80, 0xff, (byte)'"']).SampleAsync(
            async changes =>
            {
                // Everything is in memory, so that the work stays on this thread.
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    await readAsync(Noise.Apply(intact, changes));
                    read++;
                }
                catch (IcebergFormatException e)
                {
                    Assert.Equal(location, e.Location);
                    refused++;
                }

                largest = Math.Max(largest, GC.GetAllocatedBytesForCurrentThread() - before);
            },
            iter: 5000,
            seed: "0000Rb3XuLm1",
            threads: 1);
        Assert.True(read >= fewestRead && refused > 1000, $"{read} read, {refused} refused");
        Assert.True(largest < 64 * 1024 * 1024, $"{largest} bytes were taken for {intact.Length}");
    }

    private static async Task<IFileIO> StoreAsync(byte[] bytes)
    {
        var io = new InMemoryFileIO();
        await using var file = await io.CreateAsync("mem:/x");
        await file.Content.WriteAsync(bytes);
        await file.CompleteAsync();
        return io;
    }
}
