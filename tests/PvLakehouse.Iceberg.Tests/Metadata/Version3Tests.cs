using System.Text;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Metadata;

public sealed class Version3Tests
{
    private const string Table =
        """
        {"format-version":3,"table-uuid":"9c12d441-03fe-4693-9a96-a0705ddf69c1","location":"mem:/t","last-sequence-number":1,
         "last-updated-ms":1,"last-column-id":3,"current-schema-id":1,
         "schemas":[{"type":"struct","schema-id":0,"fields":[{"id":1,"name":"x","required":false,"type":"long"},
                       {"id":3,"name":"s","required":false,"type":{"type":"struct","fields":[{"id":4,"name":"gone","required":false,"type":"uuid"}]}}]},
                    {"type":"struct","schema-id":1,"fields":[{"id":1,"name":"y","required":false,"type":"long"},{"id":2,"name":"shape","required":false,"type":"geometry"}]}],
         "default-spec-id":0,"partition-specs":[{"spec-id":0,"fields":[
            {"source-ids":[1,2],"field-id":1000,"name":"both","transform":"bucket[4]"},
            {"source-id":1,"field-id":1001,"name":"later","transform":"zorder[3]"},
            {"source-ids":[1],"field-id":1002,"name":"one","transform":"bucket[4]"}]}],
         "last-partition-id":1002,"default-sort-order-id":0,"sort-orders":[{"order-id":0,"fields":[]}],"properties":{},
         "next-row-id":77,"encryption-keys":[{"key-id":"k","encrypted-key-metadata":"AAAA","properties":{"a":"b"}}],
         "current-snapshot-id":5,"snapshots":[{"snapshot-id":5,"timestamp-ms":1,"sequence-number":1,"summary":{"operation":"append"},
            "manifest-list":"mem:/t/list.avro","first-row-id":70,"added-rows":7,"key-id":"k"}]}
        """;

    [Fact]
    public void Row_ids_and_keys_of_version_3_are_read()
    {
        var table = Read(Table);
        Assert.Equal((3, 77L), (table.FormatVersion, table.NextRowId));
        Assert.Equal("k", Assert.Single(table.EncryptionKeys).KeyId);
        Assert.Contains("\"properties\":{\"a\":\"b\"}", table.EncryptionKeys[0].RawJson, StringComparison.Ordinal);
        Assert.Equal((70L, 7L, "k"), (table.CurrentSnapshot!.FirstRowId, table.CurrentSnapshot.AddedRows, table.CurrentSnapshot.KeyId));
        Assert.Empty(table.Extra.Names);
        Assert.Empty(table.CurrentSnapshot.Extra.Names);
    }

    [Fact]
    public void Row_ids_must_be_counted_once_there_is_a_snapshot()
    {
        var lacking = Table.Replace("\"next-row-id\":77,", "", StringComparison.Ordinal);
        Assert.Contains("lacks 'next-row-id'", Assert.Throws<IcebergFormatException>(() => Read(lacking)).Message, StringComparison.Ordinal);
        var empty = lacking[..lacking.IndexOf("\"current-snapshot-id\"", StringComparison.Ordinal)].TrimEnd().TrimEnd(',') + "}";
        Assert.Equal(0, Read(empty).NextRowId);
    }

    [Fact]
    public void Transforms_of_several_columns_and_unknown_ones_are_kept_and_not_taken_for_others()
    {
        var fields = Read(Table).Spec.Fields;
        Assert.Equal([TransformKind.Unknown, TransformKind.Unknown, TransformKind.Bucket], fields.Select(f => f.Transform.Kind));
        Assert.Equal(["bucket[4]", "zorder[3]", "bucket[4]"], fields.Select(f => f.Transform.ToString()));
        Assert.Equal("[1,2]", fields[0].Extra.RawJson("source-ids"));
        Assert.Equal([1, 1, 1], fields.Select(f => f.SourceId));
    }

    [Fact]
    public void A_field_is_found_by_id_in_the_newest_schema_that_has_it()
    {
        var table = Read(Table);
        Assert.Equal("y", table.FindField(1)?.FullName);
        Assert.Equal("s.gone", table.FindField(4)?.FullName);
        Assert.Null(table.FindField(5));
    }

    [Fact]
    public async Task An_encrypted_manifest_list_or_manifest_is_refused_by_name()
    {
        var table = Read(Table);
        var list = await Assert.ThrowsAsync<IcebergFormatException>(() =>
            ManifestListReader.ReadAsync(new InMemoryFileIO(), table, table.CurrentSnapshot!, TestTable.Cancel));
        Assert.Contains("encrypted by key 'k'", list.Message, StringComparison.Ordinal);
        Assert.Equal("mem:/t/list.avro", list.Location);

        var manifest = new ManifestFile { Path = "mem:/m.avro", Length = 1, SpecId = 0, AddedSnapshotId = 5, KeyMetadata = new byte[] { 1 } };
        var refused = await Assert.ThrowsAsync<IcebergFormatException>(async () =>
        {
            await foreach (var entry in new ManifestReader(new InMemoryFileIO(), table).ReadAsync(manifest, TestTable.Cancel))
            {
                Assert.Fail(entry.ToString());
            }
        });
        Assert.Contains("encrypted", refused.Message, StringComparison.Ordinal);
        Assert.Equal("mem:/m.avro", refused.Location);
    }

    [Fact]
    public void Row_ids_are_given_in_the_order_of_the_manifest_to_files_that_have_none()
    {
        var manifest = new ManifestFile { Path = "m", Length = 1, SpecId = 0, AddedSnapshotId = 5, FirstRowId = 1000 };
        var ids = new FirstRowIds(manifest);
        Assert.Equal(1000, ids.Assign(Entry(EntryStatus.Added, 10, null)).File.FirstRowId);
        Assert.Equal(3, ids.Assign(Entry(EntryStatus.Existing, 10, 3)).File.FirstRowId);
        Assert.Null(ids.Assign(Entry(EntryStatus.Deleted, 10, null)).File.FirstRowId);
        Assert.Equal(1010, ids.Assign(Entry(EntryStatus.Existing, 5, null)).File.FirstRowId);
        Assert.Equal(1015, ids.Assign(Entry(EntryStatus.Added, 5, null)).File.FirstRowId);

        // Manifests from before the upgrade give no ids, and delete files have none.
        Assert.Null(new FirstRowIds(manifest with { FirstRowId = null }).Assign(Entry(EntryStatus.Added, 10, 3)).File.FirstRowId);
        Assert.Null(new FirstRowIds(manifest with { Content = ManifestContent.Deletes }).Assign(Entry(EntryStatus.Added, 10, null)).File.FirstRowId);
    }

    [Fact]
    public async Task A_table_of_version_3_is_read_but_not_written()
    {
        var json = Table.Replace(",\"key-id\":\"k\"}]", "}]", StringComparison.Ordinal);
        var io = new InMemoryFileIO();
        await using (var stored = await io.CreateAsync("mem:/t/metadata/v1.metadata.json", TestTable.Cancel))
        {
            await stored.Content.WriteAsync(Encoding.UTF8.GetBytes(json), TestTable.Cancel);
            await stored.CompleteAsync(TestTable.Cancel);
        }

        Assert.Contains("version 3", Assert.Throws<NotSupportedException>(() => Read(json).ToJson()).Message, StringComparison.Ordinal);
        Assert.Throws<IcebergException>(() => TableMetadataBuilder.From(Read(json)).UpgradeFormatVersion(3));
        Assert.Throws<IcebergException>(() => TableMetadataBuilder.From(Read(json)).UpgradeFormatVersion(2));
        var loaded = await StaticTable.LoadAsync(io, "mem:/t", cancellationToken: TestTable.Cancel);
        var state = new TableState(loaded.Metadata with { Specs = [PartitionSpec.Unpartitioned] }, loaded.MetadataLocation);
        var table = new Table(new InMemoryCatalog("mem:/w", io), TestTable.Name, io, state, TestTable.Seeded());
        var refusal = await Assert.ThrowsAsync<NotSupportedException>(() => table.NewAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel));
        Assert.Contains("format version 3; version 2 can be written. It can be read only", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["mem:/t/metadata/v1.metadata.json"], io.Locations);
    }

    [Fact]
    public void Version_2_is_not_written_with_what_it_cannot_hold()
    {
        var table = Read(Table);
        var older = table with { FormatVersion = 2 };
        Assert.Contains("geometry", Assert.Throws<NotSupportedException>(() => older.ToJson()).Message, StringComparison.Ordinal);
        var withoutShape = older with { Schemas = [new Schema([NestedField.Optional(1, "x", IcebergType.Long)], 1)] };
        Assert.Contains("Row ids", Assert.Throws<NotSupportedException>(() => withoutShape.ToJson()).Message, StringComparison.Ordinal);
        Assert.Contains("encryption keys", Assert.Throws<NotSupportedException>(() => (withoutShape with { NextRowId = null }).ToJson()).Message, StringComparison.Ordinal);
        Assert.NotEmpty((withoutShape with { NextRowId = null, EncryptionKeys = [] }).ToJson());
    }

    [Fact]
    public async Task A_version_2_manifest_is_not_written_with_a_deletion_vector()
    {
        var table = await TestTable.CreateAsync(spec: PartitionSpec.Unpartitioned);
        foreach (var file in new[]
        {
            TestTable.File("a") with { FirstRowId = 1 }, TestTable.File("b") with { ContentOffset = 1 }, TestTable.File("c") with { ContentSizeInBytes = 1 },
        })
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => table.NewAppend().Add(file).CommitAsync(TestTable.Cancel));
        }
    }

    private static ManifestEntry Entry(EntryStatus status, long records, long? firstRowId) =>
        new(status, 5, 1, 1, TestTable.File("f", records) with { FirstRowId = firstRowId });

    private static TableMetadata Read(string json) => TableMetadata.FromJson(Encoding.UTF8.GetBytes(json), "here.json");
}
