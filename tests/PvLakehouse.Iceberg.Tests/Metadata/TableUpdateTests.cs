using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Metadata;

/// <summary>Every update of table metadata is recorded, replayed and guarded by requirements.</summary>
public sealed class TableUpdateTests
{
    private static readonly DateTimeOffset Noon = new(2027, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_update_is_recorded_and_gives_the_same_table_when_replayed()
    {
        var @base = await BaseAsync();
        var first = @base.Snapshots[0].SnapshotId;
        var second = @base.Snapshots[1].SnapshotId;
        var snapshot = new Snapshot
        {
            SnapshotId = 77, ParentSnapshotId = second, SequenceNumber = 3, TimestampMs = Noon.ToUnixTimeMilliseconds(), ManifestList = "mem:/l",
            Summary = new Dictionary<string, string> { ["operation"] = "append" },
        };
        var builder = TableMetadataBuilder.From(@base)
            .SetLocation("mem:/new").SetProperties(new Dictionary<string, string> { ["a"] = "1" }).RemoveProperties(["write.parquet.compression-codec"])
            .AddSchema(new Schema([.. @base.Schema.Columns, NestedField.Optional(4, "n", IcebergType.Int)])).SetCurrentSchema()
            .AddSpec(PartitionSpec.For(@base.Schema).Identity("facility").Build()).SetDefaultSpec().RemoveSpecs([0])
            .AddSortOrder(SortOrder.By(@base.Schema, "facility")).SetDefaultSortOrder()
            .AddSnapshot(snapshot).SetBranch("main", 77).SetRef("t", new SnapshotRef(77, SnapshotRefKind.Tag)).RemoveRef("t")
            .SetStatistics(Statistics(77)).SetPartitionStatistics(Statistics(77)).SetStatistics(Statistics(second)).SetPartitionStatistics(Statistics(second))
            .RemoveStatistics(second).RemovePartitionStatistics(second)
            .RemoveSnapshots([first, second]).RemoveSchemas([0]);
        var all = typeof(TableUpdate).GetNestedTypes().Select(t => t.Name).Except(["AssignUuid", "UpgradeFormatVersion"]).Order(StringComparer.Ordinal);
        Assert.Equal(all, builder.Changes.Select(c => c.GetType().Name).Distinct().Order(StringComparer.Ordinal));

        var made = builder.Build(Noon);
        Assert.Equal(made.ToJson(), TableMetadataBuilder.From(@base).Apply(builder.Changes).Build(Noon).ToJson());
        Assert.Equal([77L], made.Snapshots.Select(s => s.SnapshotId));
        Assert.Equal([77L], made.SnapshotLog.Select(e => e.SnapshotId));
        Assert.Equal([1], made.Schemas.Select(s => s.SchemaId));
        Assert.Equal([1], made.Specs.Select(s => s.SpecId));
        Assert.Equal([77L], made.Statistics.Select(s => s.SnapshotId));
        Assert.Equal([77L], made.PartitionStatistics.Select(s => s.SnapshotId));
        var read = TableMetadata.FromJson(made.ToJson());
        Assert.Equal(made.ToJson(), read.ToJson());
    }

    [Fact]
    public async Task What_is_in_use_cannot_be_removed()
    {
        var table = await BaseAsync();
        TableMetadataBuilder New() => TableMetadataBuilder.From(table);
        Assert.Throws<IcebergException>(() => New().RemoveSchemas([0]));
        Assert.Throws<IcebergException>(() => New().RemoveSpecs([0]));
        Assert.Throws<IcebergException>(() => New().SetStatistics(Statistics(5)));

        // The schema of a snapshot that is still kept.
        var wider = new Schema([.. table.Schema.Columns, NestedField.Optional(4, "n", IcebergType.Int)]);
        Assert.Throws<IcebergException>(() => New().AddSchema(wider).SetCurrentSchema().RemoveSchemas([0]));
        Assert.Empty(New().RemoveSchemas([9]).RemoveSpecs([9]).RemoveStatistics(9).RemovePartitionStatistics(9).Changes);
    }

    [Fact]
    public async Task Removing_what_nobody_uses_requires_that_nobody_commits_in_between()
    {
        var table = await BaseAsync();
        var requirements = TableRequirements.For(table, [new TableUpdate.RemoveSchemas([0]), new TableUpdate.RemoveSpecs([0])]);
        Assert.Equal(
            ["assert-table-uuid", "assert-current-schema-id", "assert-ref-snapshot-id", "assert-default-spec-id"], requirements.Select(r => r.Type));
    }

    private static StatisticsEntry Statistics(long snapshotId) => new(
        snapshotId, $$"""{"snapshot-id":{{snapshotId}},"statistics-path":"mem:/s","file-size-in-bytes":1,"file-footer-size-in-bytes":1,"blob-metadata":[]}""");

    private static async Task<TableMetadata> BaseAsync()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        return table.Metadata;
    }
}
