using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <content>Updates by one or by two at once: each change is prepared on the base, another comes first, then it is committed.</content>
public abstract partial class CatalogContract
{
    private static readonly Schema Wider = new([.. Columns, NestedField.Optional(3, "n", IcebergType.Int)]);

    private static readonly Schema Other = new([.. Columns, NestedField.Optional(3, "x", IcebergType.Double)]);

    private static readonly PartitionSpec ByBucket = PartitionSpec.For(new Schema(Columns)).Bucket("id", 16).Build();

    private static readonly PartitionSpec ByData = PartitionSpec.For(new Schema(Columns)).Identity("data").Build();

    /// <summary>The columns as a new table numbers them.</summary>
    private static NestedField[] Columns =>
        [NestedField.Mandatory(1, "id", IcebergType.Long, "row id"), NestedField.Optional(2, "data", IcebergType.String)];

    [Theory]

    // Columns do not stand against partitions, orders and properties, in either order.
    [InlineData("schema", "properties", null)]
    [InlineData("schema", "order", null)]
    [InlineData("spec", "properties", null)]
    [InlineData("spec", "order", null)]
    [InlineData("order", "properties", null)]
    [InlineData("order", "spec", null)]
    [InlineData("properties", "schema", null)]

    // Both change the same: who comes second has prepared it for another table.
    [InlineData("schema", "schema", "last assigned field id should be 2 but is 3")]
    [InlineData("schema", "other schema", "last assigned field id should be 2 but is 3")]
    [InlineData("current schema", "schema", "current schema id should be 0 but is 1")]
    [InlineData("spec", "spec", "last assigned partition field id should be 999 but is 1000")]
    [InlineData("spec", "other spec", "last assigned partition field id should be 999 but is 1000")]
    [InlineData("default spec", "spec", "default partition spec id should be 0 but is 1")]
    [InlineData("order", "other order", "default sort order id should be 0 but is 1")]
    public async Task A_change_that_another_overtook_is_made_all_the_same_unless_both_change_the_same(
        string change, string overtaking, string? reason)
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        var updates = Change(TableMetadataBuilder.From(table.Metadata), change).Changes;
        var requirements = change switch
        {
            "current schema" => [new TableRequirement.AssertCurrentSchemaId(0)],
            "default spec" => [new TableRequirement.AssertDefaultSpecId(0)],
            _ => TableRequirements.For(table.Metadata, updates),
        };
        await (await catalog.LoadTableAsync(Energy, Cancel)).UpdateAsync(b => Change(b, overtaking), Cancel);
        var before = await catalog.LoadTableAsync(Energy, Cancel);

        var outcome = await catalog.CommitTableAsync(Energy, requirements, updates, Cancel);

        var after = await catalog.LoadTableAsync(Energy, Cancel);
        if (reason is not null)
        {
            Assert.Contains(reason, Assert.IsType<CommitOutcome.Conflict>(outcome).Reason, StringComparison.Ordinal);
            Assert.Equal(before.MetadataLocation, after.MetadataLocation);
            return;
        }

        Assert.IsType<CommitOutcome.Committed>(outcome);
        foreach (var made in new[] { change, overtaking })
        {
            Assert.True(Has(after.Metadata, made), $"{made} is not there");
        }
    }

    [Fact]
    public async Task A_schema_that_is_taken_back_is_the_old_one_again()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await table.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(Cancel);
        Assert.Equal((1, 3), (table.Metadata.CurrentSchemaId, table.Metadata.LastColumnId));
        await table.UpdateSchema().DropColumn("n").CommitAsync(Cancel);
        Assert.Equal((0, 3, 2), (table.Metadata.CurrentSchemaId, table.Metadata.LastColumnId, table.Metadata.Schemas.Count));

        // A column of the same name is another column.
        await table.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(Cancel);
        Assert.Equal((2, 4), (table.Metadata.CurrentSchemaId, table.Schema.Find("n")!.Id));
        Assert.Equal(table.MetadataLocation, (await catalog.LoadTableAsync(Energy, Cancel)).MetadataLocation);
    }

    [Fact]
    public async Task A_spec_and_an_order_that_are_taken_back_are_the_old_ones_again()
    {
        var catalog = await WithBronzeAsync();
        var schema = new Schema(Columns);
        var table = await catalog.CreateTableAsync(
            Energy, new() { Schema = schema, Spec = ByBucket, SortOrder = SortOrder.By(schema, "data") }, Cancel);
        await table.UpdateSpec().AddField("id").CommitAsync(Cancel);
        await table.ReplaceSortOrder().Asc("id").CommitAsync(Cancel);
        Assert.Equal((1, 2), (table.Metadata.DefaultSpecId, table.Metadata.DefaultSortOrderId));
        await table.UpdateSpec().RemoveField("id").CommitAsync(Cancel);
        await table.ReplaceSortOrder().Asc("data").CommitAsync(Cancel);

        var loaded = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal((0, 1), (loaded.Metadata.DefaultSpecId, loaded.Metadata.DefaultSortOrderId));
        Assert.Equal((2, 2), (loaded.Metadata.Specs.Count, loaded.Metadata.SortOrders.Count));
        Assert.Equal("[1000: id_bucket: bucket[16](1)]", loaded.Spec.ToString());
    }

    [Fact]
    public async Task Columns_and_partitions_change_in_one_transaction()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await using var transaction = table.NewTransaction();
        await transaction.UpdateSchema().AddColumn("n", IcebergType.Long).CommitAsync(Cancel);
        await transaction.UpdateSpec().AddField("n", Transform.Bucket(16), "shard").CommitAsync(Cancel);
        Assert.Equal(table.MetadataLocation, (await catalog.LoadTableAsync(Energy, Cancel)).MetadataLocation);
        await transaction.CommitAsync(Cancel);
        var loaded = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal(["id", "data", "n"], loaded.Schema.Columns.Select(c => c.Name));
        Assert.Equal("[1000: shard: bucket[16](3)]", loaded.Spec.ToString());
        Assert.Single(loaded.Metadata.MetadataLog);
    }

    [Fact]
    public async Task Two_writers_who_add_columns_of_their_own_both_succeed()
    {
        var catalog = await WithBronzeAsync();
        var one = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        var two = await catalog.LoadTableAsync(Energy, Cancel);
        await one.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(Cancel);
        await two.UpdateProperties().Set("owner", "ann").CommitAsync(Cancel);
        Assert.Equal(["id", "data", "n"], two.Schema.Columns.Select(c => c.Name));
        Assert.Equal("ann", two.Metadata.Properties["owner"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Appends_at_once_are_all_there_on_an_empty_table_and_on_one_with_rows(bool hasRows)
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        if (hasRows)
        {
            await table.NewAppend().Add(await DataAsync(table, "first")).CommitAsync(Cancel);
        }

        var stale = await catalog.LoadTableAsync(Energy, Cancel);
        await table.NewAppend().Add(await DataAsync(table, "a")).CommitAsync(Cancel);
        await stale.NewAppend().Add(await DataAsync(stale, "b")).CommitAsync(Cancel);

        var loaded = await catalog.LoadTableAsync(Energy, Cancel);
        string[] expected = hasRows ? ["a", "b", "first"] : ["a", "b"];
        Assert.Equal(expected, await FilesAsync(loaded));
        Assert.Equal(table.CurrentSnapshot!.SnapshotId, loaded.CurrentSnapshot!.ParentSnapshotId);
        Assert.Equal($"{expected.Length}", loaded.CurrentSnapshot.Summary["total-records"]);
    }

    private static TableMetadataBuilder Change(TableMetadataBuilder builder, string what) => what switch
    {
        "schema" or "current schema" => builder.AddSchema(Wider).SetCurrentSchema(),
        "other schema" => builder.AddSchema(Other).SetCurrentSchema(),
        "spec" or "default spec" => builder.AddSpec(ByBucket).SetDefaultSpec(),
        "other spec" => builder.AddSpec(ByData).SetDefaultSpec(),
        "order" => builder.AddSortOrder(SortOrder.By(new Schema(Columns), "id")).SetDefaultSortOrder(),
        "other order" => builder.AddSortOrder(SortOrder.By(new Schema(Columns), "data")).SetDefaultSortOrder(),
        _ => builder.SetProperties(new Dictionary<string, string> { ["owner"] = "ann" }),
    };

    private static bool Has(TableMetadata table, string what) => what switch
    {
        "schema" => table.Schema.Columns.Any(c => c.Name == "n"),
        "spec" => table.Spec.Fields is [{ Name: "id_bucket" }],
        "order" => table.SortOrder.Fields is [{ SourceId: 1 }],
        _ => table.Properties.TryGetValue("owner", out var owner) && owner == "ann",
    };
}
