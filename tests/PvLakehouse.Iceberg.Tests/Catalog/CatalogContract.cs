using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <summary>What every catalog must do; named after the reference implementation's catalog tests, written anew.</summary>
public abstract partial class CatalogContract
{
    private static readonly Namespace Bronze = new("bronze");
    private static readonly TableIdentifier Energy = new(Bronze, "energy");

    private static readonly Schema Schema = new(
        [NestedField.Mandatory(5, "id", IcebergType.Long, "row id"), NestedField.Optional(9, "data", IcebergType.String)]);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens the catalog of the test, which is empty at first.</summary>
    protected abstract Task<ICatalog> OpenAsync(CatalogOptions? options = null);

    [Fact]
    public async Task Namespaces_are_made_listed_and_dropped()
    {
        var catalog = await OpenAsync();
        Assert.Empty(await catalog.ListNamespacesAsync(cancellationToken: Cancel));
        await catalog.CreateNamespaceAsync(new Namespace("silver"), cancellationToken: Cancel);
        await catalog.CreateNamespaceAsync(Bronze, cancellationToken: Cancel);
        Assert.True(await catalog.NamespaceExistsAsync(Bronze, Cancel));
        Assert.Equal([Bronze, new Namespace("silver")], await catalog.ListNamespacesAsync(cancellationToken: Cancel));
        await catalog.DropNamespaceAsync(Bronze, Cancel);
        Assert.False(await catalog.NamespaceExistsAsync(Bronze, Cancel));
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() => catalog.DropNamespaceAsync(Bronze, Cancel));
    }

    [Fact]
    public async Task A_namespace_cannot_be_made_twice()
    {
        var catalog = await WithBronzeAsync();
        await Assert.ThrowsAsync<AlreadyExistsException>(() => catalog.CreateNamespaceAsync(Bronze, cancellationToken: Cancel));
    }

    [Fact]
    public async Task Namespace_properties_are_set_changed_and_removed()
    {
        var catalog = await OpenAsync();
        await catalog.CreateNamespaceAsync(Bronze, new Dictionary<string, string> { ["owner"] = "hank", ["a"] = "1" }, Cancel);
        await catalog.UpdateNamespacePropertiesAsync(
            Bronze, new Dictionary<string, string> { ["owner"] = "ann", ["b"] = "2" }, ["a", "missing"], Cancel);
        Assert.Equal(
            new Dictionary<string, string> { ["owner"] = "ann", ["b"] = "2" },
            await catalog.LoadNamespacePropertiesAsync(Bronze, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            catalog.UpdateNamespacePropertiesAsync(Bronze, new Dictionary<string, string> { ["b"] = "3" }, ["b"], Cancel));
        var missing = new Namespace("missing");
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() => catalog.LoadNamespacePropertiesAsync(missing, Cancel));
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() =>
            catalog.UpdateNamespacePropertiesAsync(missing, new Dictionary<string, string>(), [], Cancel));
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() => catalog.ListNamespacesAsync(missing, Cancel));
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() => catalog.ListTablesAsync(missing, Cancel));
    }

    [Fact]
    public async Task Nested_namespaces_are_listed_level_by_level()
    {
        var catalog = await OpenAsync();
        await catalog.CreateNamespaceAsync(new Namespace("a", "b", "c"), cancellationToken: Cancel);
        await catalog.CreateNamespaceAsync(new Namespace("a", "d"), cancellationToken: Cancel);
        await catalog.CreateNamespaceAsync(new Namespace("ab"), cancellationToken: Cancel);
        Assert.Equal([new("a"), new("ab")], await catalog.ListNamespacesAsync(cancellationToken: Cancel));
        Assert.Equal([new("a", "b"), new("a", "d")], await catalog.ListNamespacesAsync(new("a"), Cancel));
        Assert.Equal([new("a", "b", "c")], await catalog.ListNamespacesAsync(new("a", "b"), Cancel));
        Assert.True(await catalog.NamespaceExistsAsync(new("a", "b"), Cancel));
        await Assert.ThrowsAsync<NamespaceNotEmptyException>(() => catalog.DropNamespaceAsync(new("a"), Cancel));
    }

    [Theory]
    [InlineData("A_")]
    [InlineData("a%")]
    [InlineData("it's")]
    [InlineData("new nam/e")]
    public async Task Names_with_signs_stand_for_themselves_only(string odd)
    {
        var catalog = await OpenAsync();
        await catalog.CreateNamespaceAsync(new Namespace("ab"), cancellationToken: Cancel);
        await catalog.CreateNamespaceAsync(new Namespace("ab", "c"), cancellationToken: Cancel);
        Assert.False(await catalog.NamespaceExistsAsync(new Namespace(odd), Cancel));
        await catalog.CreateNamespaceAsync(new Namespace(odd), cancellationToken: Cancel);
        var table = await catalog.CreateTableAsync(new TableIdentifier(new Namespace(odd), odd), new() { Schema = Schema }, Cancel);
        Assert.Equal([table.Identifier], await catalog.ListTablesAsync(new Namespace(odd), Cancel));
        Assert.True(await catalog.TableExistsAsync(table.Identifier, Cancel));
    }

    [Fact]
    public async Task A_namespace_with_tables_is_not_dropped()
    {
        var catalog = await WithBronzeAsync();
        await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await Assert.ThrowsAsync<NamespaceNotEmptyException>(() => catalog.DropNamespaceAsync(Bronze, Cancel));
        await catalog.DropTableAsync(Energy, Cancel);
        await catalog.DropNamespaceAsync(Bronze, Cancel);
    }

    [Fact]
    public async Task A_complete_table_is_made_with_fresh_ids_and_loads_the_same()
    {
        var catalog = await WithBronzeAsync();
        var made = await catalog.CreateTableAsync(
            Energy,
            new()
            {
                Schema = Schema,
                Spec = PartitionSpec.For(Schema).Bucket("id", 16).Build(),
                SortOrder = SortOrder.By(Schema, "id"),
                Properties = new Dictionary<string, string> { ["user"] = "someone", ["created-at"] = "2022-02-25T00:38:19" },
            },
            Cancel);

        var loaded = await catalog.LoadTableAsync(Energy, Cancel);

        Assert.Equal(["1: id", "2: data"], loaded.Schema.Columns.Select(c => $"{c.Id}: {c.Name}"));
        Assert.Equal("row id", loaded.Schema.Columns[0].Doc);
        Assert.Equal("[1000: id_bucket: bucket[16](1)]", loaded.Spec.ToString());
        Assert.Equal((1, 1), (loaded.SortOrder.OrderId, loaded.SortOrder.Fields[0].SourceId));
        Assert.Equal(("someone", 2), (loaded.Metadata.Properties["user"], loaded.Metadata.FormatVersion));
        Assert.EndsWith("/bronze/energy", loaded.Metadata.Location, StringComparison.Ordinal);
        Assert.StartsWith($"{loaded.Metadata.Location}/metadata/00000-", loaded.MetadataLocation, StringComparison.Ordinal);
        Assert.Equal(made.Metadata.TableUuid, loaded.Metadata.TableUuid);
        Assert.Null(loaded.CurrentSnapshot);
        Assert.Empty(loaded.Metadata.MetadataLog);
    }

    [Fact]
    public async Task A_table_needs_its_namespace_and_a_free_name()
    {
        var catalog = await OpenAsync();
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() => catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel));
        await catalog.CreateNamespaceAsync(Bronze, cancellationToken: Cancel);
        await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await Assert.ThrowsAsync<AlreadyExistsException>(() => catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel));
    }

    [Fact]
    public async Task Missing_tables_are_reported_by_name()
    {
        var catalog = await WithBronzeAsync();
        var elsewhere = TableIdentifier.Parse("nowhere.energy");
        Assert.False(await catalog.TableExistsAsync(Energy, Cancel));
        Assert.StartsWith(
            "Table does not exist: bronze.energy",
            (await Assert.ThrowsAsync<NoSuchTableException>(() => catalog.LoadTableAsync(Energy, Cancel))).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<NoSuchTableException>(() => catalog.LoadTableAsync(elsewhere, Cancel));
        await Assert.ThrowsAsync<NoSuchTableException>(() => catalog.DropTableAsync(Energy, Cancel));
        await Assert.ThrowsAsync<NoSuchTableException>(() => catalog.RenameTableAsync(Energy, new(Bronze, "e"), Cancel));
        await Assert.ThrowsAsync<NoSuchTableException>(() => catalog.CommitTableAsync(
            Energy, [], [new TableUpdate.SetProperties(new Dictionary<string, string> { ["a"] = "1" })], Cancel));
    }

    [Fact]
    public async Task Tables_are_listed_in_order_and_only_of_their_namespace()
    {
        var catalog = await WithBronzeAsync();
        await catalog.CreateNamespaceAsync(new Namespace("bronze", "old"), cancellationToken: Cancel);
        foreach (var name in new[] { "bronze.b", "bronze.a", "bronze.old.c" })
        {
            await catalog.CreateTableAsync(TableIdentifier.Parse(name), new() { Schema = Schema }, Cancel);
        }

        Assert.Equal(["bronze.a", "bronze.b"], (await catalog.ListTablesAsync(Bronze, Cancel)).Select(t => t.ToString()));
    }

    [Fact]
    public async Task A_renamed_table_keeps_its_files_and_frees_its_name()
    {
        var catalog = await WithBronzeAsync();
        await catalog.CreateNamespaceAsync(new Namespace("silver"), cancellationToken: Cancel);
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        var moved = TableIdentifier.Parse("silver.power");
        await catalog.RenameTableAsync(Energy, moved, Cancel);
        Assert.False(await catalog.TableExistsAsync(Energy, Cancel));
        Assert.Equal(table.MetadataLocation, (await catalog.LoadTableAsync(moved, Cancel)).MetadataLocation);
        var again = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        Assert.NotEqual(table.Metadata.TableUuid, again.Metadata.TableUuid);
        await Assert.ThrowsAsync<AlreadyExistsException>(() => catalog.RenameTableAsync(Energy, moved, Cancel));
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() => catalog.RenameTableAsync(Energy, TableIdentifier.Parse("gold.x"), Cancel));
        Assert.Equal(again.MetadataLocation, (await catalog.LoadTableAsync(Energy, Cancel)).MetadataLocation);
    }

    [Fact]
    public async Task A_schema_is_changed_unless_somebody_else_did_so_first()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        var wider = new Schema([.. table.Schema.Columns, NestedField.Optional(3, "n", IcebergType.Int)]);
        var updates = TableMetadataBuilder.From(table.Metadata).AddSchema(wider).SetCurrentSchema().Changes;
        var requirements = TableRequirements.For(table.Metadata, updates);

        var first = Assert.IsType<Iceberg.Commit.CommitOutcome.Committed>(await catalog.CommitTableAsync(Energy, requirements, updates, Cancel));
        var second = Assert.IsType<Iceberg.Commit.CommitOutcome.Conflict>(await catalog.CommitTableAsync(Energy, requirements, updates, Cancel));

        Assert.Equal(["id", "data", "n"], first.Metadata.Schema.Columns.Select(c => c.Name));
        Assert.Contains("last assigned field id should be 2 but is 3", second.Reason, StringComparison.Ordinal);
        await table.RefreshAsync(Cancel);
        Assert.Equal(1, table.Metadata.CurrentSchemaId);
        Assert.Equal(first.MetadataLocation, table.MetadataLocation);
    }

    [Fact]
    public async Task A_spec_and_an_order_are_added_and_taken_back()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await table.UpdateAsync(
            b => b.AddSpec(PartitionSpec.For(table.Schema).Truncate("data", 3).Build()).SetDefaultSpec()
                .AddSortOrder(SortOrder.By(table.Schema, "data")).SetDefaultSortOrder(),
            Cancel);
        Assert.Equal((1, 1, 1000), (table.Metadata.DefaultSpecId, table.Metadata.DefaultSortOrderId, table.Metadata.LastPartitionId));
        await table.UpdateAsync(b => b.SetDefaultSpec(0).SetDefaultSortOrder(0), Cancel);
        Assert.Equal((0, 0, 2), (table.Metadata.DefaultSpecId, table.Metadata.DefaultSortOrderId, table.Metadata.Specs.Count));
    }

    [Fact]
    public async Task A_table_is_made_by_a_commit_that_asserts_that_there_is_none()
    {
        var catalog = await WithBronzeAsync();
        var updates = NewTable.Build(new() { Schema = Schema }, "mem:/elsewhere/energy", Guid.Parse("9c12d441-03fe-4693-9a96-a0705ddf69c1")).Changes;
        TableRequirement[] requirements = [new TableRequirement.AssertCreate()];
        var updatesHere = updates.Select(u => u is TableUpdate.SetLocation ? new TableUpdate.SetLocation(LocationOf("energy")) : u).ToList();
        Assert.IsType<Iceberg.Commit.CommitOutcome.Committed>(await catalog.CommitTableAsync(Energy, requirements, updatesHere, Cancel));
        Assert.IsType<Iceberg.Commit.CommitOutcome.Conflict>(await catalog.CommitTableAsync(Energy, requirements, updatesHere, Cancel));
        Assert.Equal(LocationOf("energy"), (await catalog.LoadTableAsync(Energy, Cancel)).Metadata.Location);
    }

    /// <summary>A location that the catalog's storage can hold.</summary>
    protected abstract string LocationOf(string name);

    private async Task<ICatalog> WithBronzeAsync(CatalogOptions? options = null)
    {
        var catalog = await OpenAsync(options);
        await catalog.CreateNamespaceAsync(Bronze, cancellationToken: Cancel);
        return catalog;
    }
}
