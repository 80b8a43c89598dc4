using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Maintenance;

/// <summary>What expiry must not forget: whatever reading the snapshots that are left still needs.</summary>
public sealed class CleanExpiredMetadataTests
{
    private static readonly TableIdentifier Name = TableIdentifier.Parse("silver.farms");

    private static readonly Schema Schema = new(
        [NestedField.Mandatory(1, "id", IcebergType.Long), NestedField.Optional(2, "code", IcebergType.Int)]);

    [Fact]
    public async Task The_schema_that_types_the_partitions_of_a_kept_file_stays_after_its_column_was_dropped()
    {
        var (_, table) = await CreateAsync(PartitionSpec.For(Schema).Identity("code").Build());
        var partition = new PartitionValues([Literal.Int(7)]);
        await table.NewFastAppend().Add(TestTable.File("a") with { Partition = partition }).CommitAsync(TestTable.Cancel);
        await table.UpdateSpec().RemoveField("code").CommitAsync(TestTable.Cancel);
        await DropCodeAsync(table);

        var result = await CleanAsync(table);

        // Only the snapshot of schema 0 expired; the file of spec 0 is still there, and the partition is an int by schema 0.
        Assert.Single(result.SnapshotIds);
        Assert.Equal([2], result.SchemaIds);
        Assert.Equal([0, 1], table.Metadata.Schemas.Select(s => s.SchemaId));
        var tasks = await table.NewScan().PlanFilesAsync(TestTable.Cancel).ToListAsync(TestTable.Cancel);
        Assert.Equal(partition, tasks.Single(t => t.Spec.SpecId == 0).File.Partition);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_schema_that_types_a_deleted_key_stays_after_its_column_was_dropped(bool deletes)
    {
        var (_, table) = await CreateAsync(PartitionSpec.Unpartitioned);
        await table.NewFastAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);
        if (deletes)
        {
            var keys = TestTable.File("keys") with { Content = FileContent.EqualityDeletes, EqualityIds = [2] };
            await table.NewRowDelta().AddDeletes(keys).CommitAsync(TestTable.Cancel);
        }

        await DropCodeAsync(table);
        await CleanAsync(table);

        Assert.Equal(deletes ? [0, 1] : [1], table.Metadata.Schemas.Select(s => s.SchemaId));
        var tasks = await table.NewScan().PlanFilesAsync(TestTable.Cancel).ToListAsync(TestTable.Cancel);
        Assert.Equal(deletes ? 1 : 0, tasks.Single(t => t.File.FilePath.EndsWith("/a.parquet", StringComparison.Ordinal)).Deletes.Count);
    }

    [Fact]
    public async Task The_type_of_a_deleted_key_is_that_of_the_newest_schema_with_its_column()
    {
        var (_, table) = await CreateAsync(PartitionSpec.Unpartitioned);
        await table.NewFastAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().UpdateColumnType("code", IcebergType.Long).CommitAsync(TestTable.Cancel);
        var keys = TestTable.File("keys") with { Content = FileContent.EqualityDeletes, EqualityIds = [2] };
        await table.NewRowDelta().AddDeletes(keys).CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().DropColumn("code").CommitAsync(TestTable.Cancel);

        await CleanAsync(table);

        // Schema 0 has it as int, schema 1 as long.
        Assert.Equal([1, 2], table.Metadata.Schemas.Select(s => s.SchemaId));
        Assert.Equal(IcebergType.Long, table.Metadata.FindField(2)!.Type);
    }

    [Fact]
    public async Task When_it_is_not_known_whether_metadata_alone_was_forgotten_that_is_said()
    {
        var catalog = new ScriptedCatalog(new InMemoryFileIO(), new Iceberg.Commit.CommitContext(new InstantTime(), new Iceberg.Commit.IdSource(1)));
        var table = await catalog.CreateTableAsync(Name, new() { Schema = Schema }, TestTable.Cancel);
        await table.UpdateSpec().AddField("code").CommitAsync(TestTable.Cancel);
        catalog.Script.Enqueue(ScriptedCatalog.Step.FailAndForget);
        await Assert.ThrowsAsync<CommitStateUnknownException>(() => CleanAsync(table, append: false));
        await table.RefreshAsync(TestTable.Cancel);
        Assert.Equal(2, table.Metadata.Specs.Count);

        catalog.Script.Enqueue(ScriptedCatalog.Step.HappenAndGoSilent);
        Assert.Equal([0], (await CleanAsync(table, append: false)).SpecIds);
    }

    [Fact]
    public async Task A_spec_that_somebody_writes_with_meanwhile_stays()
    {
        var (files, table) = await CreateAsync(PartitionSpec.Unpartitioned);
        await table.NewFastAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);
        await table.UpdateSpec().AddField("code").CommitAsync(TestTable.Cancel);
        await table.UpdateSpec().AddField("id").CommitAsync(TestTable.Cancel);
        var other = await table.Catalog.LoadTableAsync(Name, TestTable.Cancel);
        var late = TestTable.File("b") with { SpecId = 1, Partition = new PartitionValues([Literal.Int(7)]) };
        Assert.Equal([1], (await table.ExpireSnapshots().CleanExpiredMetadata().PlanAsync(TestTable.Cancel)).SpecIds);

        // The catalog is about to write the metadata without spec 1.
        files.BeforeCreate = () => other.NewFastAppend().Add(late).CommitAsync(TestTable.Cancel);
        var result = await CleanAsync(table, append: false);

        Assert.Empty(result.SpecIds);
        Assert.Equal([0, 1, 2], table.Metadata.Specs.Select(s => s.SpecId));
        Assert.Equal(["a", "b"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task Metadata_alone_that_nothing_needs_is_something_to_do()
    {
        var (_, table) = await CreateAsync(PartitionSpec.Unpartitioned);
        await table.UpdateSpec().AddField("code").CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().AddColumn("more", IcebergType.Int).CommitAsync(TestTable.Cancel);
        Assert.True((await table.ExpireSnapshots().PlanAsync(TestTable.Cancel)).IsEmpty);

        var plan = await table.ExpireSnapshots().CleanExpiredMetadata().PlanAsync(TestTable.Cancel);

        Assert.False(plan.IsEmpty);
        Assert.Equal([0], plan.SpecIds);
        Assert.Equal([0], plan.SchemaIds);
        await CleanAsync(table, append: false);
        Assert.True((await table.ExpireSnapshots().CleanExpiredMetadata().PlanAsync(TestTable.Cancel)).IsEmpty);
        var location = table.MetadataLocation;
        await CleanAsync(table, append: false);
        Assert.Equal(location, table.MetadataLocation);
    }

    private static async Task<(HookedFileIO Files, Table Table)> CreateAsync(PartitionSpec spec)
    {
        var files = new HookedFileIO(new InMemoryFileIO());
        var catalog = new InMemoryCatalog("mem:/warehouse", files, context: TestTable.Seeded());
        await catalog.CreateNamespaceAsync(Name.Namespace, cancellationToken: TestTable.Cancel);
        return (files, await catalog.CreateTableAsync(Name, new() { Schema = Schema, Spec = spec }, TestTable.Cancel));
    }

    /// <summary>Schema 1 is without the column; schema 2, with another, is taken back at once.</summary>
    private static async Task DropCodeAsync(Table table)
    {
        await table.UpdateSchema().DropColumn("code").CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().AddColumn("more", IcebergType.Int).CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().DropColumn("more").CommitAsync(TestTable.Cancel);
    }

    /// <summary>Appends a file, so that all earlier snapshots may go, and lets them go.</summary>
    private static async Task<Iceberg.Maintenance.ExpireSnapshotsResult> CleanAsync(Table table, bool append = true)
    {
        if (append)
        {
            var file = TestTable.File("last") with { SpecId = table.Spec.SpecId };
            await table.NewFastAppend().Add(file).CommitAsync(TestTable.Cancel);
        }

        return await table.ExpireSnapshots().OlderThan(DateTimeOffset.MaxValue).CleanExpiredMetadata().RunAsync(TestTable.Cancel);
    }
}
