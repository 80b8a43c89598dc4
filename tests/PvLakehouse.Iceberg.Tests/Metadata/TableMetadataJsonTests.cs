using System.IO.Compression;
using System.Text;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Metadata;

public sealed class TableMetadataJsonTests
{
    /// <summary>A table of version 2 with everything that the project writes, and a member from the future.</summary>
    private const string Full =
        """
        {"format-version":2,"table-uuid":"9c12d441-03fe-4693-9a96-a0705ddf69c1","location":"/lake/t/",
         "last-sequence-number":34,"last-updated-ms":1602638573590,"last-column-id":3,"current-schema-id":1,
         "schemas":[{"type":"struct","schema-id":0,"fields":[{"id":1,"name":"x","required":true,"type":"long"}]},
                    {"type":"struct","schema-id":1,"identifier-field-ids":[1],"fields":[{"id":1,"name":"x","required":true,"type":"long"},
                      {"id":2,"name":"y","required":true,"type":"long","doc":"comment"},{"id":3,"name":"z","required":true,"type":"timestamptz"}]}],
         "default-spec-id":0,"partition-specs":[{"spec-id":0,"fields":[{"name":"z_day","transform":"day","source-id":3,"field-id":1000}]}],
         "last-partition-id":1000,"default-sort-order-id":3,
         "sort-orders":[{"order-id":3,"fields":[{"transform":"bucket[4]","source-id":2,"direction":"desc","null-order":"nulls-last"}]}],
         "properties":{"read.split.target.size":"134217728"},"current-snapshot-id":3055729675574597004,
         "snapshots":[{"snapshot-id":3051729675574597004,"timestamp-ms":1515100955770,"sequence-number":0,"summary":{"operation":"append"},"manifest-list":"/lake/t/metadata/1.avro"},
                      {"snapshot-id":3055729675574597004,"parent-snapshot-id":3051729675574597004,"timestamp-ms":1555100955770,"sequence-number":1,
                       "summary":{"operation":"append","total-records":"7"},"manifest-list":"/lake/t/metadata/2.avro","schema-id":1,"later":{"a":[1]}}],
         "snapshot-log":[{"snapshot-id":3051729675574597004,"timestamp-ms":1515100955770},{"snapshot-id":3055729675574597004,"timestamp-ms":1555100955770}],
         "metadata-log":[{"metadata-file":"/lake/t/metadata/v1.json","timestamp-ms":1515100}],
         "refs":{"main":{"snapshot-id":3055729675574597004,"type":"branch","max-snapshot-age-ms":10},"tag-1":{"snapshot-id":3051729675574597004,"type":"tag"}},
         "statistics":[{"snapshot-id":3055729675574597004,"statistics-path":"s.puffin"}],"encryption-keys-of-the-future":{"k":1.50}}
        """;

    [Fact]
    public void A_metadata_file_is_read_whole()
    {
        var metadata = Read(Full);
        Assert.Equal(Guid.Parse("9c12d441-03fe-4693-9a96-a0705ddf69c1"), metadata.TableUuid);
        Assert.Equal("/lake/t", metadata.Location);
        Assert.Equal(["x", "y", "z"], metadata.Schema.Columns.Select(c => c.Name));
        Assert.Equal("[1000: z_day: day(3)]", metadata.Spec.ToString());
        Assert.Equal(
            new SortField(2, Transform.Bucket(4), SortDirection.Descending, NullOrder.Last), Assert.Single(metadata.SortOrder.Fields));
        Assert.Equal("7", metadata.CurrentSnapshot?.Summary["total-records"]);
        Assert.Equal(10, metadata.Refs["main"].MaxSnapshotAgeMs);
        Assert.Equal(3051729675574597004, metadata.FindRef("tag-1")?.SnapshotId);
        Assert.Equal([3055729675574597004, 3051729675574597004], metadata.Ancestors(3055729675574597004).Select(s => s.SnapshotId));
    }

    [Fact]
    public void Writing_back_loses_nothing_even_what_is_not_understood()
    {
        var written = Encoding.UTF8.GetString(Read(Full).ToJson());
        Assert.Contains("\"encryption-keys-of-the-future\":{\"k\":1.50}", written, StringComparison.Ordinal);
        Assert.Contains("\"later\":{\"a\":[1]}", written, StringComparison.Ordinal);
        Assert.Contains("\"statistics-path\":\"s.puffin\"", written, StringComparison.Ordinal);
        Assert.Equal(written, Encoding.UTF8.GetString(Read(written).ToJson()));
    }

    [Fact]
    public void Gzip_is_told_by_its_first_bytes()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Full));
        }

        Assert.Equal(3, TableMetadata.FromJson(packed.ToArray(), "x.metadata.json").LastColumnId);
        Assert.Throws<IcebergFormatException>(() => TableMetadata.FromJson(packed.ToArray().AsMemory(0, 40), "x.metadata.json"));
    }

    [Theory]
    [InlineData("\"format-version\":2", "\"format-version\":4", "format version 4")]
    [InlineData("\"current-schema-id\":1", "\"current-schema-id\":7", "current-schema-id is 7")]
    [InlineData("\"default-spec-id\":0", "\"default-spec-id\":5", "default-spec-id is 5")]
    [InlineData("\"default-sort-order-id\":3", "\"default-sort-order-id\":5", "default-sort-order-id is 5")]
    [InlineData("\"last-partition-id\":1000,", "", "lacks 'last-partition-id'")]
    [InlineData("\"last-sequence-number\":34,", "", "lacks 'last-sequence-number'")]
    [InlineData("\"last-sequence-number\":34,", "\"last-sequence-number\":0,", "above last-sequence-number 0")]
    [InlineData("\"current-snapshot-id\":3055729675574597004", "\"current-snapshot-id\":1", "no such snapshot")]
    [InlineData("\"current-snapshot-id\":3055729675574597004", "\"current-snapshot-id\":3051729675574597004", "Ref 'main'")]
    [InlineData("\"tag-1\":{\"snapshot-id\":3051729675574597004", "\"tag-1\":{\"snapshot-id\":1", "Ref 'tag-1'")]
    [InlineData("\"timestamp-ms\":1515100955770},{", "\"timestamp-ms\":1555101015771},{", "snapshot-log")]
    [InlineData("\"source-id\":3,", "\"source-id\":\"3\",", "'source-id' of a partition field should be a 32-bit integer but is \"3\"")]
    [InlineData("\"9c12d441-03fe-4693-9a96-a0705ddf69c1\"", "\"not-a-uuid\"", "'not-a-uuid'")]
    [InlineData("\"type\":\"branch\"", "\"type\":\"tag\"", "'main' cannot be of type 'tag'")]
    [InlineData("{\"format-version\"", "{{", "not JSON")]
    public void Broken_metadata_is_refused_with_what_is_wrong_and_the_file(string from, string to, string expected)
    {
        var broken = Full.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Full, broken);
        var failure = Assert.Throws<IcebergFormatException>(() => Read(broken));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Equal("here.json", failure.Location);
    }

    [Fact]
    public void Logs_may_be_a_minute_out_of_order_because_clocks_differ() =>
        Assert.Equal(2, Read(Full.Replace(
            "\"timestamp-ms\":1515100955770},{", "\"timestamp-ms\":1555101015769},{", StringComparison.Ordinal)).SnapshotLog.Count);

    [Fact]
    public void Version_1_has_one_schema_one_spec_and_no_sequence_numbers()
    {
        var metadata = Read(
            """
            {"format-version":1,"location":"/lake/t","last-updated-ms":1602638573874,"last-column-id":2,
             "schema":{"type":"struct","fields":[{"id":1,"name":"x","required":true,"type":"long"},{"id":2,"name":"y","required":true,"type":"long"}]},
             "partition-spec":[{"name":"x","transform":"identity","source-id":1}],"properties":{},"current-snapshot-id":-1,
             "snapshots":[{"snapshot-id":1,"timestamp-ms":1515100955770,"manifests":["a.avro","b.avro"]}]}
            """);
        Assert.Equal((1, null, 0L, 1000), (metadata.FormatVersion, metadata.TableUuid, metadata.LastSequenceNumber, metadata.LastPartitionId));
        Assert.Equal(1000, metadata.Spec.Fields[0].FieldId);
        Assert.Null(metadata.CurrentSnapshot);
        Assert.Equal(["a.avro", "b.avro"], metadata.Snapshots[0].Manifests);
        Assert.Empty(metadata.SortOrder.Fields);
        Assert.Throws<NotSupportedException>(metadata.ToJson);
    }

    public static TheoryData<string> ValidFixtures =>
    [
        "java/TableMetadataV1Valid.json", "java/TableMetadataV2Valid.json", "java/TableMetadataV2ValidMinimal.json",
        "java/TableMetadataStatisticsFiles.json", "java/TableMetadataPartitionStatisticsFiles.json",
        "rust/TableMetadataV1Compat.json", "rust/TableMetadataV1Valid.json", "rust/TableMetadataV2Valid.json",
        "rust/TableMetadataV2ValidMinimal.json", "rust/TableMetadataV1SchemasWithoutCurrentId.json",
        "rust/TableMetadataV1PartitionSpecsWithoutDefaultId.json", "rust/example_empty_table_metadata_v2.json",
        "go/TableMetadataV2Valid.json", "go/TableMetadataV2ValidMinimal.json",
        "go/TableMetadataV1PartitionSpecsWithoutDefaultId.json", "go/TableMetadataV1SchemasWithoutCurrentId.json",
        "rust-datafusion/TableMetadataV2.json", "rust/example_table_metadata_v2.json",
        "rust/example_table_metadata_v2_deep_history.json", "rust/example_table_metadata_v2_partition_evolution.json",
        "java/TableMetadataV3ValidMinimal.json", "rust/TableMetadataV3ValidMinimal.json",
        "rust/TableMetadataV3ValidEncryption.json", "go/TableMetadataV3WithPartitionStatistics.json",
    ];

    [Theory]
    [MemberData(nameof(ValidFixtures))]
    public void Valid_metadata_of_other_implementations_is_read_and_written_back(string name)
    {
        var metadata = TableMetadata.FromJson(File.ReadAllBytes(SharedFixtures.Path($"metadata-json/{name}")), name);
        if (metadata.FormatVersion == 2)
        {
            var again = TableMetadata.FromJson(metadata.ToJson(), name);
            Assert.Equal(Encoding.UTF8.GetString(metadata.ToJson()), Encoding.UTF8.GetString(again.ToJson()));
            Assert.Equal(metadata.Schemas, again.Schemas);
            Assert.Equal(metadata.Specs, again.Specs);
        }
    }

    public static TheoryData<string> InvalidFixtures =>
    [
        "java/TableMetadataUnsupportedVersion.json", "java/TableMetadataV1MissingSchemaType.json",
        "java/TableMetadataV2CurrentSchemaNotFound.json", "java/TableMetadataV2MissingLastPartitionId.json",
        "java/TableMetadataV2MissingPartitionSpecs.json", "java/TableMetadataV2MissingSchemas.json",
        "java/TableMetadataV2MissingSortOrder.json", "rust/TableMetadataV1NoValidSchema.json",
        "rust/TableMetadataUnsupportedVersion.json", "rust/TableMetadataV2MissingSortOrder.json",
        "go/TableMetadataV1NoValidSchema.json", "go/TableMetadataV2MissingSchemas.json",
        "go/TableMetadataV2Valid.zstd.metadata.json",
        "rust/TableMetadataV2CurrentSchemaNotFound.json", "rust/TableMetadataV2MissingLastPartitionId.json",
        "rust/TableMetadataV2MissingPartitionSpecs.json", "rust/TableMetadataV2MissingSchemas.json",
        "go/TableMetadataV2CurrentSchemaNotFound.json", "go/TableMetadataV2MissingLastPartitionId.json",
        "go/TableMetadataV2MissingPartitionSpecs.json", "go/TableMetadataV2MissingSortOrder.json",
    ];

    [Theory]
    [MemberData(nameof(InvalidFixtures))]
    public void Invalid_or_newer_metadata_of_other_implementations_is_refused(string name) =>
        Assert.Throws<IcebergFormatException>(() =>
            TableMetadata.FromJson(File.ReadAllBytes(SharedFixtures.Path($"metadata-json/{name}")), name));

    [Fact]
    public void Every_fixture_is_known_to_be_valid_or_not()
    {
        var all = Directory.EnumerateFiles(SharedFixtures.Path("metadata-json"), "*.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(SharedFixtures.Path("metadata-json"), file));
        var known = ValidFixtures.Concat(InvalidFixtures).Select(row => row.Data);
        Assert.Equal(all.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_metadata_file_of_the_fixture_tables_is_read_but_the_one_that_is_bad()
    {
        var read = 0;
        foreach (var file in Directory.EnumerateFiles(SharedFixtures.Path("data/persistent"), "*metadata.json", SearchOption.AllDirectories))
        {
            if (!file.Contains("bad_data", StringComparison.Ordinal))
            {
                _ = TableMetadata.FromJson(File.ReadAllBytes(file), file);
                read++;
            }
        }

        Assert.True(read > 50, $"{read} read");
        var bad = SharedFixtures.Path("data/persistent/bad_data/bad_iceberg_metadata.json");
        Assert.Throws<IcebergFormatException>(() => TableMetadata.FromJson(File.ReadAllBytes(bad), bad));
    }

    private static TableMetadata Read(string json) => TableMetadata.FromJson(Encoding.UTF8.GetBytes(json), "here.json");
}
