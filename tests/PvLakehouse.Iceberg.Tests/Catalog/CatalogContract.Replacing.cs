using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <content>Making and replacing tables by transactions, alone and while others do the same.</content>
public abstract partial class CatalogContract
{
    [Fact]
    public async Task A_complete_table_of_several_steps_is_made_at_once()
    {
        var catalog = await WithBronzeAsync();
        await using var create = await catalog.NewCreateTransactionAsync(
            Energy,
            new()
            {
                Schema = Schema,
                Spec = PartitionSpec.For(Schema).Bucket("id", 4).Build(),
                SortOrder = SortOrder.By(Schema, "data"),
                Location = LocationOf("complete"),
                Properties = new Dictionary<string, string> { ["owner"] = "ann", ["format-version"] = "2" },
            },
            Cancel);
        Assert.False(await catalog.TableExistsAsync(Energy, Cancel));
        await create.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(Cancel);
        await create.UpdateProperties().Set("b", "2").CommitAsync(Cancel);
        Assert.False(await catalog.TableExistsAsync(Energy, Cancel));
        await create.CommitAsync(Cancel);

        var table = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal(["id", "data", "n"], table.Schema.Columns.Select(c => c.Name));
        Assert.Equal("[1000: id_bucket: bucket[4](1)]", table.Spec.ToString());
        Assert.Equal(2, table.SortOrder.Fields[0].SourceId);
        Assert.Equal((LocationOf("complete"), 2), (table.Metadata.Location, table.Metadata.FormatVersion));
        Assert.Equal(("ann", "2"), (table.Metadata.Properties["owner"], table.Metadata.Properties["b"]));
        Assert.DoesNotContain("format-version", table.Metadata.Properties.Keys);
        Assert.Empty(table.Metadata.MetadataLog);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_table_is_made_or_replaced_by_the_same_transaction(bool isThere)
    {
        var catalog = await WithBronzeAsync();
        Guid? uuid = null;
        if (isThere)
        {
            var old = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
            await old.NewAppend().Add(await DataAsync(old, "old")).CommitAsync(Cancel);
            uuid = old.Metadata.TableUuid;
        }

        await using var transaction = await catalog.NewReplaceTransactionAsync(Energy, new() { Schema = Wider }, orCreate: true, Cancel);
        await transaction.NewAppend().Add(await DataAsync(transaction, "new")).CommitAsync(Cancel);
        await transaction.CommitAsync(Cancel);

        var table = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal(["new"], await FilesAsync(table));
        Assert.Equal(["id", "data", "n"], table.Schema.Columns.Select(c => c.Name));
        Assert.Equal(isThere ? 2 : 1, table.Metadata.Snapshots.Count);
        Assert.True(uuid is null || uuid == table.Metadata.TableUuid);

        // Rows from before the replacement stay in the history.
        Assert.Equal(isThere, table.Metadata.Snapshots[0].SnapshotId != table.CurrentSnapshot!.SnapshotId);
    }

    [Theory]

    // Who comes second decides what the table is, as long as both number columns and partitions in the same way.
    [InlineData("plain", "plain", true)]
    [InlineData("schema", "plain", true)]
    [InlineData("plain", "schema", true)]
    [InlineData("schema", "other schema", false)]
    [InlineData("spec", "plain", true)]
    [InlineData("plain", "spec", true)]
    [InlineData("spec", "other spec", false)]
    [InlineData("order", "plain", true)]
    [InlineData("order", "other order", true)]
    public async Task Of_two_who_replace_a_table_the_second_decides_unless_ids_would_be_given_twice(string first, string second, bool both)
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await table.NewAppend().Add(await DataAsync(table, "old")).CommitAsync(Cancel);
        await using var one = await catalog.NewReplaceTransactionAsync(Energy, Creation(first), cancellationToken: Cancel);
        await using var two = await catalog.NewReplaceTransactionAsync(Energy, Creation(second), cancellationToken: Cancel);
        await one.NewAppend().Add(await DataAsync(one, "one") with { SpecId = one.Spec.SpecId, Partition = Partition(one.Spec) }).CommitAsync(Cancel);
        await two.NewAppend().Add(await DataAsync(two, "two") with { SpecId = two.Spec.SpecId, Partition = Partition(two.Spec) }).CommitAsync(Cancel);
        await one.CommitAsync(Cancel);
        if (both)
        {
            await two.CommitAsync(Cancel);
        }
        else
        {
            await Assert.ThrowsAsync<CommitConflictException>(() => two.CommitAsync(Cancel));
        }

        var loaded = await catalog.LoadTableAsync(Energy, Cancel);
        var expected = Creation(both ? second : first);
        Assert.Equal(both ? ["two"] : ["one"], await FilesAsync(loaded));
        Assert.Equal(expected.Schema.Columns.Select(c => c.Name), loaded.Schema.Columns.Select(c => c.Name));
        Assert.Equal(expected.Spec.Fields.Select(f => f.Name), loaded.Spec.Fields.Select(f => f.Name));
        Assert.Equal(expected.SortOrder.Fields.Select(f => f.SourceId), loaded.SortOrder.Fields.Select(f => f.SourceId));
        Assert.Equal(table.Metadata.TableUuid, loaded.Metadata.TableUuid);
        Assert.Equal(both ? 3 : 2, loaded.Metadata.Snapshots.Count);
    }

    private static TableCreation Creation(string what) => what switch
    {
        "schema" => new() { Schema = Wider },
        "other schema" => new() { Schema = Other },
        "spec" => new() { Schema = new Schema(Columns), Spec = ByBucket },
        "other spec" => new() { Schema = new Schema(Columns), Spec = ByData },
        "order" => new() { Schema = new Schema(Columns), SortOrder = SortOrder.By(new Schema(Columns), "id") },
        "other order" => new() { Schema = new Schema(Columns), SortOrder = SortOrder.By(new Schema(Columns), "data") },
        _ => new() { Schema = new Schema(Columns) },
    };

    private static PartitionValues Partition(PartitionSpec spec) => spec.Fields switch
    {
        [{ Name: "id_bucket" }] => new PartitionValues([Literal.Int(3)]),
        [{ Name: "data" }] => new PartitionValues([Literal.String("x")]),
        _ => new PartitionValues([]),
    };
}
