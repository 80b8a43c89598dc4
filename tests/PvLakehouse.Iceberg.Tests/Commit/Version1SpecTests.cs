using System.Text;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>
/// Partition evolution of tables of version 1 (spec: "Partition Evolution"): fields are not reordered and not dropped but
/// become <c>void</c>, and new ones come last. Only version 2 is written, so such a table is upgraded by the same commit.
/// Names are those that the reference implementation gives.
/// </summary>
public sealed class Version1SpecTests
{
    // Version 1 may leave out field ids, specs and orders: ids count from 1000 then.
    private const string Metadata =
        """
        {"format-version":1,"location":"mem:/old/t","last-updated-ms":1602638573590,"last-column-id":3,
         "schema":{"type":"struct","fields":[{"id":1,"name":"id","required":true,"type":"long"},
           {"id":2,"name":"ts","required":true,"type":"timestamptz"},{"id":3,"name":"category","required":false,"type":"string"}]},
         "partition-spec":[{"name":"category","transform":"identity","source-id":3},
           {"name":"ts_day","transform":"day","source-id":2},{"name":"shard","transform":"bucket[16]","source-id":1}],
         "properties":{},"current-snapshot-id":-1,"snapshots":[]}
        """;

    [Fact]
    public async Task A_removed_field_becomes_void_in_its_place_and_new_ones_come_last()
    {
        var table = await RegisterAsync();
        Assert.Equal(1, table.Metadata.FormatVersion);
        Assert.Equal(
            "[1000: category: void(3), 1001: ts_day: day(2), 1002: shard: bucket[16](1), 1003: ts_hour: hour(2)]",
            table.UpdateSpec().RemoveField("category").AddField("ts", Transform.Hour).Apply().ToString());

        // The name of what is void is free: who takes it changes that of the void one.
        Assert.Equal(
            "[1000: category: identity(3), 1001: ts_day: day(2), 1002: shard_1002: void(1), 1003: shard: bucket[8](1)]",
            table.UpdateSpec().RemoveField("shard").AddField("id", Transform.Bucket(8), "shard").Apply().ToString());
        Assert.Equal(
            "[1000: category: identity(3), 1001: ts_day_1001: void(2), 1002: ts_day: bucket[16](1)]",
            table.UpdateSpec().RemoveField("ts_day").RenameField("shard", "ts_day").Apply().ToString());
    }

    [Fact]
    public async Task The_change_alone_is_refused_because_version_1_is_not_written()
    {
        var table = await RegisterAsync();
        var refused = await Assert.ThrowsAsync<NotSupportedException>(() =>
            table.UpdateSpec().RemoveField("category").CommitAsync(TestTable.Cancel));
        Assert.Contains("format version 1 are not written; version 2 is: upgrade the table first", refused.Message, StringComparison.Ordinal);
        var loaded = await table.Catalog.LoadTableAsync(table.Identifier, TestTable.Cancel);
        Assert.Equal((1, "mem:/old/t/metadata/v1.metadata.json"), (loaded.Metadata.FormatVersion, loaded.MetadataLocation));
    }

    [Fact]
    public async Task With_the_upgrade_behind_it_void_fields_stay_with_their_ids()
    {
        var table = await RegisterAsync();
        await using var transaction = table.NewTransaction();
        await transaction.UpdateSpec().RemoveField("category").AddField("ts", Transform.Hour).CommitAsync(TestTable.Cancel);
        await transaction.UpgradeFormatVersionAsync(2, TestTable.Cancel);
        await transaction.CommitAsync(TestTable.Cancel);
        var loaded = await table.Catalog.LoadTableAsync(table.Identifier, TestTable.Cancel);
        Assert.Equal(
            "[1000: category: void(3), 1001: ts_day: day(2), 1002: shard: bucket[16](1), 1003: ts_hour: hour(2)]",
            loaded.Spec.ToString());
        Assert.Equal((2, 1, 1003), (loaded.Metadata.FormatVersion, loaded.Metadata.DefaultSpecId, loaded.Metadata.LastPartitionId));
        Assert.Equal(
            "[1000: category: identity(3), 1001: ts_day: day(2), 1002: shard: bucket[16](1)]", loaded.Metadata.Specs[0].ToString());

        // From then on a field that comes back is the old one, and the void one can go.
        await loaded.UpdateSpec().RemoveField("category").AddField("category").CommitAsync(TestTable.Cancel);
        Assert.Equal(
            "[1001: ts_day: day(2), 1002: shard: bucket[16](1), 1003: ts_hour: hour(2), 1000: category: identity(3)]",
            loaded.Spec.ToString());
    }

    [Fact]
    public async Task A_field_that_comes_back_beside_its_void_one_has_an_id_of_its_own()
    {
        var table = await RegisterAsync();
        await using var transaction = table.NewTransaction();
        await transaction.UpdateSpec().RemoveField("category").CommitAsync(TestTable.Cancel);
        Assert.Equal(1, transaction.Spec.SpecId);
        await transaction.UpdateSpec().AddField("category").CommitAsync(TestTable.Cancel);
        Assert.Equal(
            "[1000: category_1000: void(3), 1001: ts_day: day(2), 1002: shard: bucket[16](1), 1003: category: identity(3)]",
            transaction.Spec.ToString());
        await transaction.UpgradeFormatVersionAsync(2, TestTable.Cancel);
        await transaction.CommitAsync(TestTable.Cancel);
        Assert.Equal((2, 1003), (table.Metadata.DefaultSpecId, table.Metadata.LastPartitionId));
    }

    [Fact]
    public async Task With_the_upgrade_before_it_the_field_is_gone()
    {
        var table = await RegisterAsync();
        await table.UpgradeFormatVersionAsync(2, TestTable.Cancel);
        await table.UpdateSpec().RemoveField("category").CommitAsync(TestTable.Cancel);
        Assert.Equal("[1001: ts_day: day(2), 1002: shard: bucket[16](1)]", table.Spec.ToString());
    }

    private static async Task<Table> RegisterAsync()
    {
        const string location = "mem:/old/t/metadata/v1.metadata.json";
        var files = new InMemoryFileIO();
        await using (var file = await files.CreateAsync(location, TestTable.Cancel))
        {
            await file.Content.WriteAsync(Encoding.UTF8.GetBytes(Metadata), TestTable.Cancel);
            await file.CompleteAsync(TestTable.Cancel);
        }

        var catalog = new InMemoryCatalog("mem:/warehouse", files, context: TestTable.Seeded());
        await catalog.CreateNamespaceAsync(TestTable.Name.Namespace, cancellationToken: TestTable.Cancel);
        return await catalog.RegisterTableAsync(TestTable.Name, location, TestTable.Cancel);
    }
}
