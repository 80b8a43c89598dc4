using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Tests.Catalog;

/// <content>Tables about tables, and metadata that nothing needs any more.</content>
public abstract partial class CatalogContract
{
    private static readonly TableIdentifier EnergyFiles = TableIdentifier.Parse("bronze.energy.files");

    [Fact]
    public async Task A_metadata_table_is_loaded_by_its_name_behind_that_of_its_table()
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        var files = await catalog.LoadMetadataTableAsync(EnergyFiles, Cancel);
        Assert.Equal(("files", EnergyFiles), (files.Kind.Name, files.Identifier));
        Assert.Equal(table.Metadata.TableUuid, files.Table.Metadata.TableUuid);
        Assert.Empty(await files.ReadAsync(cancellationToken: Cancel).ToListAsync(Cancel));
        var first = await table.NewAppend().Add(await DataAsync(table, "a")).CommitAsync(Cancel);
        await table.NewAppend().Add(await DataAsync(table, "b")).CommitAsync(Cancel);
        Assert.Empty(await files.ReadAsync(cancellationToken: Cancel).ToListAsync(Cancel));

        await files.RefreshAsync(Cancel);

        var path = files.Schema.Columns.Select(c => c.Name).ToList().IndexOf("file_path");
        Assert.Equal(
            [$"{table.Metadata.Location}/data/a", $"{table.Metadata.Location}/data/b"],
            (await files.ReadAsync(cancellationToken: Cancel).ToListAsync(Cancel)).Select(r => (string)r[path]!).Order(StringComparer.Ordinal));
        Assert.Single(await files.ReadAsync(first.SnapshotId, Cancel).ToListAsync(Cancel));
        var snapshots = await catalog.LoadMetadataTableAsync(TableIdentifier.Parse("bronze.energy.SNAPSHOTS"), Cancel);
        Assert.Equal("bronze.energy.snapshots", snapshots.Identifier.ToString());
        Assert.Equal(2, (await snapshots.ReadAsync(cancellationToken: Cancel).ToListAsync(Cancel)).Count);
    }

    [Fact]
    public async Task A_name_that_leads_to_no_metadata_table_is_refused_by_a_sentence()
    {
        var catalog = await WithBronzeAsync();
        await FailsAsync("bronze.energy.files", "Table does not exist: bronze.energy ");
        await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        await FailsAsync("bronze.energy.rows", "expected namespace.table.kind, where kind is one of snapshots, history");
        await FailsAsync("energy.files", "names no metadata table");

        // A table is no metadata table, and a metadata table is no table: neither is taken for the other.
        var failure = await Assert.ThrowsAsync<NoSuchTableException>(() => catalog.LoadTableAsync(EnergyFiles, Cancel));
        Assert.Contains("A table about table bronze.energy is loaded by LoadMetadataTableAsync", failure.Message, StringComparison.Ordinal);
        Assert.False(await catalog.TableExistsAsync(EnergyFiles, Cancel));
        await catalog.CreateNamespaceAsync(EnergyFiles.Namespace, cancellationToken: Cancel);
        await catalog.CreateTableAsync(EnergyFiles, new() { Schema = Schema }, Cancel);
        await FailsAsync("bronze.energy.files", "is a table in its own right");
        Assert.Equal(EnergyFiles, (await catalog.LoadTableAsync(EnergyFiles, Cancel)).Identifier);

        async Task FailsAsync(string name, string reason) => Assert.Contains(
            reason,
            (await Assert.ThrowsAsync<NoSuchTableException>(() =>
                catalog.LoadMetadataTableAsync(TableIdentifier.Parse(name), Cancel))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Partition_specs_that_no_kept_file_uses_are_forgotten_when_asked_for(bool branch)
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = new Schema(Columns), Spec = ByBucket }, Cancel);
        var old = await DataAsync(table, "a") with { Partition = new PartitionValues([Literal.Int(0)]) };
        await table.NewFastAppend().Add(old).CommitAsync(Cancel);
        if (branch)
        {
            await table.ManageSnapshots().CreateBranch("test", table.CurrentSnapshot!.SnapshotId).CommitAsync(Cancel);
        }

        await table.UpdateSpec().AddField("data", Transform.Bucket(16)).CommitAsync(Cancel);
        await table.UpdateSpec().RemoveField("data", Transform.Bucket(16)).AddField("data").CommitAsync(Cancel);
        Assert.Equal([0, 1, 2], table.Metadata.Specs.Select(s => s.SpecId));

        // The file is of spec 0, writers use 2; nothing is of 1. Who does not ask keeps all.
        await table.ExpireSnapshots().RunAsync(Cancel);
        Assert.Equal(3, table.Metadata.Specs.Count);
        Assert.Equal([1], (await table.ExpireSnapshots().CleanExpiredMetadata().PlanAsync(Cancel)).SpecIds);
        Assert.Equal([1], (await table.ExpireSnapshots().CleanExpiredMetadata().RunAsync(Cancel)).SpecIds);
        Assert.Equal([0, 2], (await catalog.LoadTableAsync(Energy, Cancel)).Metadata.Specs.Select(s => s.SpecId));

        await table.NewDelete().Delete(old).CommitAsync(Cancel);
        var file = await DataAsync(table, "b") with
        {
            SpecId = 2,
            Partition = new PartitionValues([Literal.Int(0), Literal.String("x")]),
        };
        await table.NewFastAppend().Add(file).CommitAsync(Cancel);
        await table.ExpireSnapshots().OlderThan(DateTimeOffset.MaxValue).CleanExpiredMetadata().RunAsync(Cancel);

        // Without the branch the only snapshot left is the last one, whose file is of spec 2.
        var loaded = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal(["b"], await FilesAsync(loaded));
        Assert.Equal(branch ? [0, 2] : [2], loaded.Metadata.Specs.Select(s => s.SpecId));
        if (branch)
        {
            Assert.Equal(1, await loaded.NewScan().UseRef("test").PlanFilesAsync(Cancel).CountAsync(Cancel));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Schemas_that_no_kept_snapshot_has_are_forgotten_when_asked_for(bool branch)
    {
        var catalog = await WithBronzeAsync();
        var table = await catalog.CreateTableAsync(Energy, new() { Schema = Schema }, Cancel);
        var first = await table.NewFastAppend().Add(await DataAsync(table, "a")).CommitAsync(Cancel);
        if (branch)
        {
            await table.ManageSnapshots().CreateBranch("test", first.SnapshotId).CommitAsync(Cancel);
        }

        await table.UpdateSchema().AddColumn("short", IcebergType.Int).CommitAsync(Cancel);
        await table.UpdateSchema().DropColumn("short").AddColumn("more", IcebergType.String).CommitAsync(Cancel);
        Assert.Equal([0, 1, 2], table.Metadata.Schemas.Select(s => s.SchemaId));

        // The snapshot has schema 0, writers use 2.
        var result = await table.ExpireSnapshots().CleanExpiredMetadata().RunAsync(Cancel);
        Assert.Equal([1], result.SchemaIds);
        Assert.Empty(result.SnapshotIds);
        Assert.Equal([0, 2], (await catalog.LoadTableAsync(Energy, Cancel)).Metadata.Schemas.Select(s => s.SchemaId));

        await table.UpdateSchema().AddColumn("most", IcebergType.Long).CommitAsync(Cancel);
        await table.NewFastAppend().Add(await DataAsync(table, "b")).CommitAsync(Cancel);
        await table.ExpireSnapshots().OlderThan(DateTimeOffset.MaxValue).CleanExpiredMetadata().RunAsync(Cancel);

        var loaded = await catalog.LoadTableAsync(Energy, Cancel);
        Assert.Equal(branch ? [0, 3] : [3], loaded.Metadata.Schemas.Select(s => s.SchemaId));
        Assert.Equal(branch, loaded.Metadata.FindSnapshot(first.SnapshotId) is not null);
        Assert.Equal(["a", "b"], await FilesAsync(loaded));
    }
}
