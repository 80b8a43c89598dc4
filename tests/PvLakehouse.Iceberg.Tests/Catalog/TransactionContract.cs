using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <summary>What transactions on every catalog must do: one table, new and replaced tables, several tables at once.</summary>
public abstract class TransactionContract
{
    private static readonly Namespace Bronze = new("bronze");
    private static readonly TableIdentifier Energy = new(Bronze, "energy");
    private static readonly TableIdentifier Weather = new(Bronze, "weather");

    private static readonly Schema Schema = new(
        [NestedField.Mandatory(5, "id", IcebergType.Long, "row id"), NestedField.Optional(9, "data", IcebergType.String)]);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<ICatalog> OpenAsync();

    [Fact]
    public async Task Several_operations_become_visible_in_one_commit()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await using var transaction = table.NewTransaction();
        await transaction.UpdateProperties().Set("owner", "ann").CommitAsync(Cancel);
        var first = await transaction.NewAppend().Add(await FileAsync(table, "a")).CommitAsync(Cancel);
        var second = await transaction.NewAppend().Add(await FileAsync(table, "b")).CommitAsync(Cancel);
        Assert.Equal(first.SnapshotId, second.ParentSnapshotId);
        Assert.Equal(["a", "b"], await FilesAsync(transaction.NewScan()));
        Assert.Null((await catalog.LoadTableAsync(Energy, Cancel)).CurrentSnapshot);

        Assert.Same(table, await transaction.CommitAsync(Cancel));

        var loaded = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal(table.MetadataLocation, loaded.MetadataLocation);
        Assert.Single(loaded.Metadata.MetadataLog);
        Assert.Equal("ann", loaded.Metadata.Properties["owner"]);
        Assert.Equal([first.SnapshotId, second.SnapshotId], loaded.Metadata.Snapshots.Select(s => s.SnapshotId));
        Assert.Equal([second.SnapshotId], loaded.Metadata.SnapshotLog.Select(e => e.SnapshotId));
        Assert.Equal((1, 2), (loaded.Metadata.Snapshots[0].SequenceNumber, loaded.Metadata.Snapshots[1].SequenceNumber));
        Assert.Equal(["a", "b"], await FilesAsync(loaded.NewScan()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.NewAppend().CommitAsync(Cancel));
    }

    [Fact]
    public async Task Operations_are_repeated_on_what_others_committed()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        var other = await catalog.LoadTableAsync(Energy, Cancel);
        await using var transaction = table.NewTransaction();
        await transaction.NewAppend().Add(await FileAsync(table, "a")).CommitAsync(Cancel);
        await transaction.UpdateProperties().Set("owner", "ann").CommitAsync(Cancel);
        await other.NewAppend().Add(await FileAsync(table, "b")).CommitAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        Assert.Equal(["a", "b"], await FilesAsync(table.NewScan()));
        Assert.Equal("ann", table.Metadata.Properties["owner"]);
        Assert.Equal(2, table.CurrentSnapshot!.SequenceNumber);
    }

    [Fact]
    public async Task A_table_is_made_together_with_its_rows()
    {
        var catalog = await WithBronzeAsync();
        await using var transaction = await catalog.NewCreateTransactionAsync(
            Energy, new() { Schema = Schema, Properties = new Dictionary<string, string> { ["owner"] = "ann" } }, Cancel);
        await transaction.NewAppend().Add(await FileAsync(transaction, "a")).CommitAsync(Cancel);
        Assert.False(await catalog.TableExistsAsync(Energy, Cancel));

        var table = await transaction.CommitAsync(Cancel);
        Assert.Equal(["a"], await FilesAsync((await catalog.LoadTableAsync(Energy, Cancel)).NewScan()));
        await table.NewAppend().Add(await FileAsync(table, "b")).CommitAsync(Cancel);
        Assert.Equal(["a", "b"], await FilesAsync(table.NewScan()));
        Assert.Equal(("ann", 2), (table.Metadata.Properties["owner"], table.Metadata.LastColumnId));
    }

    [Fact]
    public async Task Of_two_who_make_a_table_the_second_fails_and_leaves_nothing()
    {
        var catalog = await WithBronzeAsync();
        await using var transaction = await catalog.NewCreateTransactionAsync(Energy, new() { Schema = Schema }, Cancel);
        var other = new TableCreation { Schema = new([NestedField.Optional(1, "other", IcebergType.Int)]) };
        var snapshot = await transaction.NewAppend().Add(await FileAsync(transaction, "a")).CommitAsync(Cancel);
        var table = await catalog.CreateTableAsync(Energy, other, Cancel);

        await Assert.ThrowsAsync<AlreadyExistsException>(() => transaction.CommitAsync(Cancel));
        Assert.Equal(["other"], (await catalog.LoadTableAsync(Energy, Cancel)).Schema.Columns.Select(c => c.Name));
        Assert.False(await table.Io.ExistsAsync(snapshot.ManifestList!, Cancel));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => catalog.NewCreateTransactionAsync(Energy, other, Cancel));
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() =>
            catalog.NewCreateTransactionAsync(TableIdentifier.Parse("gold.x"), other, Cancel));
    }

    [Fact]
    public async Task A_replaced_table_keeps_its_identity_its_history_and_the_ids_of_its_columns()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(
            Energy, new() { Schema = Schema, Properties = new Dictionary<string, string> { ["owner"] = "ann" } }, Cancel);
        var old = await table.NewAppend().Add(await FileAsync(table, "a")).CommitAsync(Cancel);
        var uuid = table.Metadata.TableUuid;
        var schema = new Schema([NestedField.Optional(1, "n", IcebergType.Int), NestedField.Optional(2, "data", IcebergType.String)]);
        var replacement = new TableCreation
        {
            Schema = schema,
            Spec = PartitionSpec.For(schema).Identity("data").Build(),
            SortOrder = SortOrder.By(schema, "n"),
            Properties = new Dictionary<string, string> { ["b"] = "2" },
        };

        await using var transaction = await catalog.NewReplaceTransactionAsync(Energy, replacement, cancellationToken: Cancel);
        Assert.Empty(await FilesAsync(transaction.NewScan()));
        var file = await FileAsync(transaction, "b") with
        {
            SpecId = transaction.Spec.SpecId,
            Partition = new PartitionValues([Literal.String("x")]),
        };
        await transaction.NewAppend().Add(file).CommitAsync(Cancel);
        Assert.Equal(["a"], await FilesAsync((await catalog.LoadTableAsync(Energy, Cancel)).NewScan()));
        await transaction.CommitAsync(Cancel);

        // id and data were given the ids 1 and 2 when the table was made; n is new.
        var loaded = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal([(3, "n"), (2, "data")], loaded.Schema.Columns.Select(c => (c.Id, c.Name)));
        Assert.Equal((2, 3), (loaded.Spec.Fields[0].SourceId, loaded.SortOrder.Fields[0].SourceId));
        Assert.Equal((uuid, 3), (loaded.Metadata.TableUuid, loaded.Metadata.LastColumnId));
        Assert.Equal(["b"], await FilesAsync(loaded.NewScan()));
        Assert.Equal(["a"], await FilesAsync(loaded.NewScan().UseSnapshot(old.SnapshotId)));
        Assert.Equal([old.SnapshotId, loaded.CurrentSnapshot!.SnapshotId], loaded.Metadata.SnapshotLog.Select(e => e.SnapshotId));
        Assert.Null(loaded.CurrentSnapshot.ParentSnapshotId);
        Assert.Equal(("ann", "2"), (loaded.Metadata.Properties["owner"], loaded.Metadata.Properties["b"]));
        Assert.Equal(table.Metadata.Location, loaded.Metadata.Location);
    }

    [Fact]
    public async Task A_replacement_comes_after_rows_that_others_added_meanwhile()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await using var transaction = await catalog.NewReplaceTransactionAsync(Energy, new() { Schema = Schema }, cancellationToken: Cancel);
        await transaction.NewAppend().Add(await FileAsync(transaction, "b")).CommitAsync(Cancel);
        var meanwhile = await table.NewAppend().Add(await FileAsync(table, "a")).CommitAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        var loaded = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal(["b"], await FilesAsync(loaded.NewScan()));
        Assert.NotNull(loaded.Metadata.FindSnapshot(meanwhile.SnapshotId));
    }

    [Fact]
    public async Task A_replacement_whose_columns_would_get_other_ids_is_a_conflict()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        var columns = new Schema([NestedField.Optional(1, "n", IcebergType.Int)]);
        await using var transaction = await catalog.NewReplaceTransactionAsync(Energy, new() { Schema = columns }, cancellationToken: Cancel);
        var added = new Schema([.. table.Schema.Columns, NestedField.Optional(3, "m", IcebergType.Int)]);
        await table.UpdateAsync(b => b.AddSchema(added).SetCurrentSchema(), Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() => transaction.CommitAsync(Cancel));
        Assert.Equal(["id", "data", "m"], (await catalog.LoadTableAsync(Energy, Cancel)).Schema.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task Replacing_needs_a_table_unless_it_may_be_made()
    {
        var catalog = await WithBronzeAsync();
        await Assert.ThrowsAsync<NoSuchTableException>(() =>
            catalog.NewReplaceTransactionAsync(Energy, new() { Schema = Schema }, cancellationToken: Cancel));
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() => catalog.NewReplaceTransactionAsync(
            TableIdentifier.Parse("gold.x"), new() { Schema = Schema }, orCreate: true, Cancel));
        await using var transaction = await catalog.NewReplaceTransactionAsync(Energy, new() { Schema = Schema }, orCreate: true, Cancel);
        await transaction.CommitAsync(Cancel);
        Assert.True(await catalog.TableExistsAsync(Energy, Cancel));
    }

    [Fact]
    public async Task Several_tables_change_together()
    {
        var (catalog, energy, weather) = await TwoTablesAsync();
        await using var transaction = catalog.NewMultiTableTransaction();
        await transaction.On(energy).NewAppend().Add(await FileAsync(energy, "e")).CommitAsync(Cancel);
        await transaction.On(weather).NewAppend().Add(await FileAsync(weather, "w")).CommitAsync(Cancel);
        await transaction.On(weather).UpdateProperties().Set("a", "1").CommitAsync(Cancel);
        Assert.Null((await catalog.LoadTableAsync(Energy, Cancel)).CurrentSnapshot);
        await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.On(energy).CommitAsync(Cancel));

        await transaction.CommitAsync(Cancel);
        Assert.Equal(["e"], await FilesAsync((await catalog.LoadTableAsync(Energy, Cancel)).NewScan()));
        var loaded = await catalog.LoadTableAsync(Weather, Cancel);
        Assert.Equal(["w"], await FilesAsync(loaded.NewScan()));
        Assert.Equal((loaded.MetadataLocation, "1"), (weather.MetadataLocation, loaded.Metadata.Properties["a"]));
    }

    [Fact]
    public async Task Several_tables_are_tried_again_together()
    {
        var (catalog, energy, weather) = await TwoTablesAsync();
        await using var transaction = catalog.NewMultiTableTransaction();
        await transaction.On(energy).NewAppend().Add(await FileAsync(energy, "e")).CommitAsync(Cancel);
        await transaction.On(weather).NewAppend().Add(await FileAsync(weather, "w")).CommitAsync(Cancel);
        var other = await catalog.LoadTableAsync(Weather, Cancel);
        await other.NewAppend().Add(await FileAsync(other, "v")).CommitAsync(Cancel);
        await transaction.CommitAsync(Cancel);
        Assert.Equal(["e"], await FilesAsync(energy.NewScan()));
        Assert.Equal(["v", "w"], await FilesAsync(weather.NewScan()));
        Assert.Single(energy.Metadata.MetadataLog);
    }

    [Fact]
    public async Task A_conflict_in_one_table_leaves_all_tables_as_they_were()
    {
        var (catalog, energy, weather) = await TwoTablesAsync();
        await weather.NewAppend().Add(await FileAsync(weather, "v")).CommitAsync(Cancel);
        var replaced = await FirstAsync(weather);
        await using var transaction = catalog.NewMultiTableTransaction();
        var snapshot = await transaction.On(energy).NewAppend().Add(await FileAsync(energy, "e")).CommitAsync(Cancel);
        await transaction.On(weather).NewOverwrite().Remove(replaced).Add(await FileAsync(weather, "w")).CommitAsync(Cancel);
        var other = await catalog.LoadTableAsync(Weather, Cancel);
        await other.NewDelete().Delete(replaced).CommitAsync(Cancel);

        await Assert.ThrowsAsync<CommitConflictException>(() => transaction.CommitAsync(Cancel));
        Assert.Null((await catalog.LoadTableAsync(Energy, Cancel)).CurrentSnapshot);
        Assert.Equal(other.MetadataLocation, (await catalog.LoadTableAsync(Weather, Cancel)).MetadataLocation);
        Assert.False(await energy.Io.ExistsAsync(snapshot.ManifestList!, Cancel));
    }

    [Fact]
    public async Task Updates_of_several_tables_need_all_requirements_of_all()
    {
        var (catalog, energy, weather) = await TwoTablesAsync();
        TableCommit Set(Table table, Guid uuid) => new(
            table.Identifier,
            [new TableRequirement.AssertTableUuid(uuid)],
            [new TableUpdate.SetProperties(new Dictionary<string, string> { ["a"] = "1" })]);

        var refused = await catalog.CommitTablesAsync(
            [Set(energy, energy.Metadata.TableUuid!.Value), Set(weather, Guid.Empty)], Cancel);
        Assert.Contains("bronze.weather", Assert.IsType<TablesCommitOutcome.Conflict>(refused).Reason, StringComparison.Ordinal);
        Assert.Equal(energy.MetadataLocation, (await catalog.LoadTableAsync(Energy, Cancel)).MetadataLocation);

        var done = await catalog.CommitTablesAsync(
            [Set(weather, weather.Metadata.TableUuid!.Value), Set(energy, energy.Metadata.TableUuid!.Value)], Cancel);
        var tables = Assert.IsType<TablesCommitOutcome.Committed>(done).Tables;
        Assert.Equal(
            [weather.Metadata.TableUuid, energy.Metadata.TableUuid], tables.Select(t => t.Metadata.TableUuid));
        Assert.Equal(tables[1].MetadataLocation, (await catalog.LoadTableAsync(Energy, Cancel)).MetadataLocation);
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.CommitTablesAsync([Set(energy, Guid.Empty), Set(energy, Guid.Empty)], Cancel));
    }

    [Fact]
    public async Task A_table_is_registered_by_its_metadata_file()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await table.NewAppend().Add(await FileAsync(table, "a")).CommitAsync(Cancel);
        await catalog.DropTableAsync(Energy, Cancel);

        var registered = await catalog.RegisterTableAsync(Weather, table.MetadataLocation, Cancel);
        Assert.Equal(table.MetadataLocation, registered.MetadataLocation);
        Assert.Equal(["a"], await FilesAsync((await catalog.LoadTableAsync(Weather, Cancel)).NewScan()));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => catalog.RegisterTableAsync(Weather, table.MetadataLocation, Cancel));
        await Assert.ThrowsAsync<NoSuchNamespaceException>(() =>
            catalog.RegisterTableAsync(TableIdentifier.Parse("gold.x"), table.MetadataLocation, Cancel));
        await Assert.ThrowsAsync<IcebergFormatException>(() => catalog.RegisterTableAsync(Energy, table.MetadataLocation + "x", Cancel));
        await registered.NewAppend().Add(await FileAsync(registered, "b")).CommitAsync(Cancel);
    }

    [Fact]
    public async Task A_purged_table_leaves_no_file()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await table.NewAppend().Add(await FileAsync(table, "a")).CommitAsync(Cancel);
        var first = await FirstAsync(table);
        await table.NewOverwrite().Remove(first).Add(await FileAsync(table, "b")).CommitAsync(Cancel);
        Assert.NotEmpty(await StoredAsync(table));

        await catalog.DropTableAsync(Energy, purge: true, Cancel);
        Assert.False(await catalog.TableExistsAsync(Energy, Cancel));
        Assert.Empty(await StoredAsync(table));
        await Assert.ThrowsAsync<NoSuchTableException>(() => catalog.DropTableAsync(Energy, purge: true, Cancel));
    }

    [Fact]
    public async Task Dropping_without_purge_leaves_all_files_and_a_table_may_keep_its_data_files()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(
            Energy, new() { Schema = Schema, Properties = new Dictionary<string, string> { ["gc.enabled"] = "false" } }, Cancel);
        await table.NewAppend().Add(await FileAsync(table, "a")).CommitAsync(Cancel);
        var before = await StoredAsync(table);
        await catalog.DropTableAsync(Energy, purge: false, Cancel);
        Assert.Equal(before, await StoredAsync(table));

        await catalog.RegisterTableAsync(Energy, table.MetadataLocation, Cancel);
        await catalog.DropTableAsync(Energy, purge: true, Cancel);
        Assert.EndsWith("/a", Assert.Single(await StoredAsync(table)), StringComparison.Ordinal);
    }

    private static async Task<DataFile> FileAsync(WritableTable table, string name)
    {
        var path = $"{table.Locations.DataRoot}/{name}";
        await using var file = await table.Io.CreateAsync(path, Cancel);
        await file.Content.WriteAsync("rows"u8.ToArray(), Cancel);
        await file.CompleteAsync(Cancel);
        return new DataFile { FilePath = path, RecordCount = 1, FileSizeInBytes = 4, SpecId = table.Spec.SpecId };
    }

    private static async Task<DataFile> FirstAsync(Table table)
    {
        await foreach (var task in table.NewScan().PlanFilesAsync(Cancel))
        {
            return task.File;
        }

        throw new InvalidOperationException("The table is empty.");
    }

    private static async Task<List<string>> FilesAsync(TableScan scan)
    {
        var names = new List<string>();
        await foreach (var task in scan.PlanFilesAsync(Cancel))
        {
            names.Add(task.File.FilePath.Split('/')[^1]);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static async Task<List<string>> StoredAsync(Table table)
    {
        var locations = new List<string>();
        await foreach (var file in table.Io.ListAsync(table.Metadata.Location, Cancel))
        {
            locations.Add(file.Location);
        }

        locations.Sort(StringComparer.Ordinal);
        return locations;
    }

    private async Task<ICatalog> WithBronzeAsync()
    {
        var catalog = await OpenAsync();
        await catalog.CreateNamespaceAsync(Bronze, cancellationToken: Cancel);
        return catalog;
    }

    private async Task<(ICatalog Catalog, Table Energy, Table Weather)> TwoTablesAsync()
    {
        var catalog = await WithBronzeAsync();
        return (
            catalog,
            await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel),
            await catalog.CreateTableAsync(Weather, new() { Schema = Schema }, Cancel));
    }
}
