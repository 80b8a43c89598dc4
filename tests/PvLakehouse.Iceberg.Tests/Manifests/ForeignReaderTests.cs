using Avro;
using Avro.File;
using Avro.Generic;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;
using Schema = PvLakehouse.Iceberg.Spec.Schema;

namespace PvLakehouse.Iceberg.Tests.Manifests;

/// <summary>What we write, read by Apache.Avro: an implementation that is not ours.</summary>
public sealed class ForeignReaderTests
{
    private static readonly Schema Schema = new(
    [
        NestedField.Mandatory(1, "id", IcebergType.Long),
        NestedField.Optional(2, "price", IcebergType.Decimal(9, 2)),
        NestedField.Optional(3, "day", IcebergType.Date),
        NestedField.Optional(4, "at", IcebergType.TimestampTz),
        NestedField.Optional(5, "odd name", IcebergType.String),
        NestedField.Optional(6, "v", IcebergType.Double),
        NestedField.Optional(7, "other price", IcebergType.Decimal(9, 2)),
    ]);

    private static readonly PartitionSpec Spec = PartitionSpec.For(Schema)
        .Identity("price").Identity("day").Month("at").Identity("odd name").Identity("v").Identity("other price").Build(3);

    private static readonly DataFile File = new()
    {
        FilePath = "/lake/t/data/a.parquet",
        SpecId = 3,
        RecordCount = 10,
        FileSizeInBytes = 1234,
        Partition = new PartitionValues(
        [
            Literal.Decimal(-1420, 9, 2), Literal.Date(new DateOnly(2017, 11, 16)), Literal.Int(574), Literal.String("ä"),
            Literal.Double(2.5), null,
        ]),
        Metrics = new ColumnMetrics
        {
            ColumnSizes = new([new(1, 80), new(2, 40)]),
            ValueCounts = TestTable.Map(1, 10L),
            NullValueCounts = TestTable.Map(2, 3L),
            NanValueCounts = TestTable.Map(6, 1L),
            LowerBounds = TestTable.Map(1, (ReadOnlyMemory<byte>)SingleValue.ToBytes(Literal.Long(5))),
        },
        SplitOffsets = [4, 1000],
        SortOrderId = 0,
    };

    [Fact]
    public async Task A_manifest_is_read_by_another_avro_implementation()
    {
        var (io, manifest) = await WriteAsync();

        using var reader = await OpenAsync(io, manifest.Path);
        var entry = reader.Next();

        Assert.False(reader.HasNext());
        Assert.Equal((1, 77L, null, null), ((int)entry["status"], (long)entry["snapshot_id"], entry["sequence_number"], entry["file_sequence_number"]));
        var file = (GenericRecord)entry["data_file"];
        Assert.Equal(("/lake/t/data/a.parquet", "PARQUET", 10L, 1234L), (file["file_path"], file["file_format"], file["record_count"], file["file_size_in_bytes"]));
        var partition = (GenericRecord)file["partition"];
        Assert.Equal(new AvroDecimal(-14.20m), (AvroDecimal)partition["price"]);
        Assert.Equal(new DateTime(2017, 11, 16), partition["day"]);
        Assert.Equal((574, "ä", 2.5, null), (partition["at_month"], partition["odd_x20name"], partition["v"], partition["other_x20price"]));
        Assert.Equal([(1, 80L), (2, 40L)], ((object[])file["column_sizes"]).Cast<GenericRecord>().Select(e => ((int)e["key"], (long)e["value"])));
        var bound = (GenericRecord)Assert.Single((object[])file["lower_bounds"]);
        Assert.Equal((1, "0500000000000000"), ((int)bound["key"], Convert.ToHexString((byte[])bound["value"])));
        Assert.Null(file["upper_bounds"]);
        Assert.Equal([4L, 1000L], ((object[])file["split_offsets"]).Cast<long>());
    }

    [Fact]
    public async Task A_manifest_carries_the_attributes_that_iceberg_adds_to_avro()
    {
        var (io, manifest) = await WriteAsync();
        using var reader = await OpenAsync(io, manifest.Path);

        var schema = (RecordSchema)reader.GetSchema();
        Assert.Equal("manifest_entry", schema.Name);
        Assert.Equal(["0", "1", "3", "4", "2"], schema.Fields.Select(f => f.GetProperty("field-id")));
        var file = (RecordSchema)schema["data_file"].Schema;
        Assert.Equal("r2", file.Name);
        Assert.Equal(
            ["134", "100", "101", "102", "103", "104", "108", "109", "110", "137", "125", "128", "131", "132", "135", "140", "143"],
            file.Fields.Select(f => f.GetProperty("field-id")));
        Assert.Equal("r102", ((RecordSchema)file["partition"].Schema).Name);
        Assert.Equal("\"odd name\"", ((RecordSchema)file["partition"].Schema)["odd_x20name"].GetProperty("iceberg-field-name"));
        var sizes = ((UnionSchema)file["column_sizes"].Schema).Schemas[1].ToString();
        Assert.Contains("\"k117_v118\"", sizes, StringComparison.Ordinal);
        Assert.Equal("3", reader.GetMetaString("partition-spec-id"));
        Assert.Equal("2", reader.GetMetaString("format-version"));
        Assert.Equal("data", reader.GetMetaString("content"));
        Assert.Equal(Schema, Schema.FromJson(reader.GetMetaString("schema")));
        Assert.StartsWith("[{\"name\":\"price\",\"transform\":\"identity\",\"source-id\":2,\"field-id\":1000}", reader.GetMetaString("partition-spec"), StringComparison.Ordinal);
        Assert.Equal("deflate", reader.GetMetaString("avro.codec"));
        Assert.Contains("\"logicalType\":\"map\"", reader.GetMetaString("avro.schema"), StringComparison.Ordinal);
        Assert.Contains("\"element-id\":133", reader.GetMetaString("avro.schema"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_list_is_read_by_another_avro_implementation()
    {
        var (io, manifest) = await WriteAsync();
        await ManifestListWriter.WriteAsync(io, "mem:/list.avro", 77, 76, 9, [manifest], Guid.Empty, Cancel);

        using var reader = await OpenAsync(io, "mem:/list.avro");
        var row = reader.Next();

        Assert.False(reader.HasNext());
        Assert.Equal((manifest.Path, manifest.Length, 3, 0), ((string)row["manifest_path"], (long)row["manifest_length"], (int)row["partition_spec_id"], (int)row["content"]));
        Assert.Equal((9L, 9L, 77L), ((long)row["sequence_number"], (long)row["min_sequence_number"], (long)row["added_snapshot_id"]));
        Assert.Equal((1, 0, 0, 10L), ((int)row["added_files_count"], (int)row["existing_files_count"], (int)row["deleted_files_count"], (long)row["added_rows_count"]));
        var summaries = ((object[])row["partitions"]).Cast<GenericRecord>().ToList();
        Assert.Equal([false, false, false, false, false, true], summaries.Select(s => (bool)s["contains_null"]));
        Assert.Equal("FA74", Convert.ToHexString((byte[])summaries[0]["lower_bound"])); // -1420 = 0xFA74
        Assert.Null(summaries[5]["upper_bound"]);
        Assert.Equal(("77", "76", "9", "2"), (reader.GetMetaString("snapshot-id"), reader.GetMetaString("parent-snapshot-id"), reader.GetMetaString("sequence-number"), reader.GetMetaString("format-version")));
        Assert.Equal(
            ["500", "501", "502", "517", "515", "516", "503", "504", "505", "506", "512", "513", "514", "507", "519"],
            ((RecordSchema)reader.GetSchema()).Fields.Select(f => f.GetProperty("field-id")));
    }

    [Fact]
    public async Task Our_own_reader_gives_back_what_was_written_also_where_apache_avro_cannot_read()
    {
        var uuid = new Schema([NestedField.Optional(1, "u", IcebergType.Uuid), NestedField.Optional(2, "b", IcebergType.Binary), NestedField.Optional(3, "f", IcebergType.Fixed(2))]);
        var spec = PartitionSpec.For(uuid).Identity("u").Identity("b").Identity("f").Build();
        var io = new InMemoryFileIO();
        var file = File with
        {
            SpecId = 0,
            Partition = new([Literal.Uuid(Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7")), Literal.Binary([1]), Literal.Fixed([2, 3])]),
        };
        await using var writer = await ManifestWriter.CreateAsync(io, "mem:/m.avro", uuid, spec, ManifestContent.Data, 77, Guid.Empty, Cancel);
        await writer.AddAsync(file, Cancel);
        var manifest = (await writer.CompleteAsync(Cancel)) with { SequenceNumber = 5 };
        var table = PvLakehouse.Iceberg.Catalog.NewTable
            .Build(new() { Schema = uuid, Spec = spec }, "mem:/t", Guid.Empty).Build(DateTimeOffset.UnixEpoch);

        var entries = new List<ManifestEntry>();
        await foreach (var entry in new ManifestReader(io, table).ReadAsync(manifest, Cancel))
        {
            entries.Add(entry);
        }

        var read = Assert.Single(entries);
        Assert.Equal((EntryStatus.Added, 77L, 5L, 5L), (read.Status, read.SnapshotId, read.SequenceNumber, read.FileSequenceNumber));
        Assert.Equal(file.Partition, read.File.Partition);
        Assert.Equal(file.Metrics.ColumnSizes, read.File.Metrics.ColumnSizes);
        Assert.Equal(file.SplitOffsets, read.File.SplitOffsets);
        Assert.Null(read.File.KeyMetadata);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<(InMemoryFileIO Io, ManifestFile Manifest)> WriteAsync()
    {
        var io = new InMemoryFileIO();
        await using var writer = await ManifestWriter.CreateAsync(
            io, "mem:/m.avro", Schema, Spec, ManifestContent.Data, 77, Guid.Empty, Cancel);
        await writer.AddAsync(File, Cancel);
        return (io, await writer.CompleteAsync(Cancel));
    }

    private static async Task<IFileReader<GenericRecord>> OpenAsync(InMemoryFileIO io, string location) =>
        DataFileReader<GenericRecord>.OpenReader(await io.OpenReadAsync(location, Cancel));
}
