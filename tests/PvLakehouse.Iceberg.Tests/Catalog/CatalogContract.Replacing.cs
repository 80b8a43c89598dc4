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
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_complete_table_is_made_or_replaced(bool isThere)
    {
        var catalog = await WithBronzeAsync();
        if (isThere)
        {
            await catalog.CreateTableAsync(
                Energy,
                new() { Schema = new Schema(Columns), Properties = new Dictionary<string, string> { ["old"] = "1", ["user"] = "old" } },
                Cancel);
        }

        var creation = new TableCreation
        {
            Schema = new Schema(Columns),
            Spec = ByBucket,
            SortOrder = SortOrder.By(new Schema(Columns), "data"),
            Location = LocationOf("complete"),
            Properties = new Dictionary<string, string> { ["user"] = "someone" },
        };
        await using var transaction = await catalog.NewReplaceTransactionAsync(Energy, creation, orCreate: true, Cancel);
        var file = await DataAsync(transaction, "a");
        await transaction.NewFastAppend()
            .Add(file with { SpecId = transaction.Spec.SpecId, Partition = Partition(transaction.Spec) }).CommitAsync(Cancel);
        Assert.Equal(isThere, await catalog.TableExistsAsync(Energy, Cancel));
        await transaction.CommitAsync(Cancel);

        var table = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal(["id_bucket"], table.Spec.Fields.Select(f => f.Name));
        Assert.Equal([2], table.SortOrder.Fields.Select(f => f.SourceId));
        Assert.Equal((LocationOf("complete"), "someone"), (table.Metadata.Location, table.Metadata.Properties["user"]));
        Assert.Equal(isThere, table.Metadata.Properties.ContainsKey("old"));
        Assert.Equal(["a"], await FilesAsync(table));
        Assert.Equal(isThere ? 1 : 0, table.Metadata.MetadataLog.Count);
    }

    [Theory]
    [InlineData("plain", true)]

    // The rows of the transaction are written with id 1 for the id; in this table 1 is another column.
    [InlineData("turned", false)]

    // The files are of spec 0, which here has a partition.
    [InlineData("spec", false)]
    public async Task A_table_that_another_makes_first_is_replaced_if_its_columns_have_the_same_ids(string made, bool replaced)
    {
        var catalog = await WithBronzeAsync();
        await using var transaction = await catalog.NewReplaceTransactionAsync(
            Energy, new() { Schema = new Schema(Columns) }, orCreate: true, Cancel);
        var snapshot = await transaction.NewAppend().Add(await DataAsync(transaction, "a")).CommitAsync(Cancel);
        var other = await catalog.CreateTableAsync(
            Energy, made == "turned" ? new() { Schema = new Schema([.. Columns.Reverse()]) } : Creation(made), Cancel);

        if (replaced)
        {
            await transaction.CommitAsync(Cancel);
        }
        else
        {
            await Assert.ThrowsAsync<CommitConflictException>(() => transaction.CommitAsync(Cancel));
        }

        var table = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal(other.Metadata.TableUuid, table.Metadata.TableUuid);
        Assert.Equal(replaced ? ["a"] : [], await FilesAsync(table));
        Assert.Equal(replaced, table.MetadataLocation != other.MetadataLocation);

        // What was staged for a table of its own is of no use any more, replaced or not.
        await AssertGoneAsync(table, snapshot.ManifestList!);
    }

    [Fact]
    public async Task A_table_of_several_schemas_and_specs_is_made_by_one_transaction()
    {
        var catalog = await WithBronzeAsync();
        await using var create = await catalog.NewCreateTransactionAsync(
            Energy,
            new() { Schema = new Schema(Columns), Spec = ByBucket, SortOrder = SortOrder.By(new Schema(Columns), "id") },
            Cancel);
        await create.NewFastAppend().Add(await DataAsync(create, "a") with { Partition = Partition(create.Spec) }).CommitAsync(Cancel);
        await create.UpdateSchema().AddColumn("n", IcebergType.Int).CommitAsync(Cancel);
        await create.UpdateSpec().AddField("n").CommitAsync(Cancel);
        await create.ReplaceSortOrder().Asc("n").CommitAsync(Cancel);
        var second = await DataAsync(create, "b") with
        {
            SpecId = create.Spec.SpecId,
            Partition = new PartitionValues([Literal.Int(0), Literal.Int(7)]),
        };
        await create.NewFastAppend().Add(second).CommitAsync(Cancel);
        await create.CommitAsync(Cancel);

        var table = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal((1, 1, 2), (table.Metadata.CurrentSchemaId, table.Metadata.DefaultSpecId, table.Metadata.DefaultSortOrderId));
        Assert.Equal(["id_bucket", "n"], table.Spec.Fields.Select(f => f.Name));
        var specs = new Dictionary<string, int>();
        await foreach (var task in table.NewScan().PlanFilesAsync(Cancel))
        {
            specs.Add(task.File.FilePath.Split('/')[^1], task.Spec.SpecId);
        }

        Assert.Equal(new Dictionary<string, int> { ["a"] = 0, ["b"] = 1 }, specs);
        Assert.Empty(table.Metadata.MetadataLog);
    }

    [Theory]

    // Who comes second decides what the table is, as long as both number columns and partitions in the same way.
    [InlineData("plain", "plain", true)]
    [InlineData("schema", "plain", true)]
    [InlineData("plain", "schema", true)]
    [InlineData("schema", "schema", true)]
    [InlineData("schema", "other schema", false)]
    [InlineData("spec", "plain", true)]
    [InlineData("plain", "spec", true)]
    [InlineData("spec", "spec", true)]
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
