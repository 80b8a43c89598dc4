using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Metadata;

public sealed class TableMetadataBuilderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_new_table_gets_fresh_ids_level_by_level_and_specs_follow_them()
    {
        var schema = new Schema(
        [
            NestedField.Optional(10, "tags", new ListType(50, IcebergType.String, true)),
            NestedField.Mandatory(20, "at", new StructType([NestedField.Mandatory(60, "day", IcebergType.Date)])),
        ]);
        var spec = new PartitionSpec(7, [new PartitionField(60, 1234, "at_day", Transform.Day)]);

        var table = NewTable.Build(new TableCreation { Schema = schema, Spec = spec }, "/t/", Guid.Empty).Build(Noon);

        // tags 1, at 2; then the element of tags 3, the field of at 4.
        Assert.Equal([("tags", 1), ("tags.element", 3), ("at", 2), ("at.day", 4)], table.Schema.AllFields.Select(f => (f.FullName, f.Id)));
        Assert.Equal((0, "[1000: at_day: day(4)]"), (table.DefaultSpecId, table.Spec.ToString()));
        Assert.Equal((4, 1000, "/t"), (table.LastColumnId, table.LastPartitionId, table.Location));
        Assert.Equal("zstd", table.Properties["write.parquet.compression-codec"]);
        Assert.Equal(Noon.ToUnixTimeMilliseconds(), table.LastUpdatedMs);
    }

    [Fact]
    public void Updates_replayed_on_nothing_give_the_same_table()
    {
        var builder = NewTable.Build(
            new TableCreation { Schema = TestTable.Schema, Spec = TestTable.ByMonth, SortOrder = SortOrder.By(TestTable.Schema, "facility") },
            "/t",
            Guid.Empty);
        var replayed = TableMetadataBuilder.ForNewTable().Apply(builder.Changes);
        Assert.Equal(builder.Build(Noon).ToJson(), replayed.Build(Noon).ToJson());
        Assert.Equal(
            ["assign-uuid", "upgrade-format-version", "set-location", "add-schema", "set-current-schema", "add-spec",
             "set-default-spec", "add-sort-order", "set-default-sort-order", "set-properties"],
            builder.Changes.Select(c => c.Action));
    }

    [Fact]
    public void Ids_added_in_the_same_change_are_recorded_as_the_last_added()
    {
        var builder = TableMetadataBuilder.From(Base()).AddSchema(Wider()).SetCurrentSchema();
        Assert.Equal(new TableUpdate.SetCurrentSchema(-1), builder.Changes[1]);
        Assert.Equal(1, builder.Build(Noon).CurrentSchemaId);
    }

    [Fact]
    public void An_equal_schema_spec_or_order_is_used_again()
    {
        var table = Base();
        var builder = TableMetadataBuilder.From(table)
            .AddSchema(table.Schema.WithId(9)).SetCurrentSchema()
            .AddSpec(new PartitionSpec(5, table.Spec.Fields)).SetDefaultSpec()
            .AddSortOrder(SortOrder.Unsorted).SetDefaultSortOrder();
        Assert.Empty(builder.Changes);
        Assert.Same(table, builder.Build(Noon));
    }

    [Fact]
    public void A_field_of_an_older_spec_keeps_its_partition_field_id()
    {
        var table = TableMetadataBuilder.From(Base())
            .AddSpec(PartitionSpec.For(TestTable.Schema).Identity("facility").Build()).SetDefaultSpec()
            .Build(Noon);
        var again = TableMetadataBuilder.From(table)
            .AddSpec(PartitionSpec.For(TestTable.Schema).Identity("facility").Month("date_hour").Build()).SetDefaultSpec()
            .Build(Noon);
        Assert.Equal([1001, 1000], again.Spec.Fields.Select(f => f.FieldId));
        Assert.Equal((2, 1001), (again.DefaultSpecId, again.LastPartitionId));
    }

    [Fact]
    public void Moving_main_is_logged_with_the_time_of_the_snapshot_and_a_rollback_with_that_of_the_change()
    {
        var table = WithSnapshots(1, 2);
        var rolledBack = TableMetadataBuilder.From(table).SetBranch("main", 1).Build(Noon);
        Assert.Equal(
            [new(1001, 1), new(1002, 2), new SnapshotLogEntry(Noon.ToUnixTimeMilliseconds(), 1)], rolledBack.SnapshotLog);
        Assert.Equal(1, rolledBack.CurrentSnapshotId);
        Assert.Equal(2, rolledBack.SnapshotAsOf(Noon.AddMilliseconds(-1))?.SnapshotId);
        Assert.Equal(1, rolledBack.SnapshotAsOf(Noon)?.SnapshotId);
        Assert.Null(rolledBack.SnapshotAsOf(DateTimeOffset.FromUnixTimeMilliseconds(1000)));
    }

    [Fact]
    public void Snapshots_that_were_current_only_inside_a_change_leave_no_trace_in_the_log()
    {
        var table = TableMetadataBuilder.From(Base())
            .AddSnapshot(Snapshot(1, null)).SetBranch("main", 1)
            .AddSnapshot(Snapshot(2, 1)).SetBranch("main", 2)
            .Build(Noon);
        Assert.Equal([new SnapshotLogEntry(1002, 2)], table.SnapshotLog);
    }

    [Fact]
    public void Other_branches_do_not_touch_main_or_its_log()
    {
        var table = TableMetadataBuilder.From(WithSnapshots(1)).AddSnapshot(Snapshot(2, 1)).SetBranch("audit", 2).Build(Noon);
        Assert.Equal((1L, 1, 2L), (table.CurrentSnapshotId!.Value, table.SnapshotLog.Count, table.FindRef("audit")!.SnapshotId));
    }

    [Fact]
    public void Removed_snapshots_take_their_refs_and_all_history_before_them_along()
    {
        var table = WithSnapshots(1, 2, 3);
        table = TableMetadataBuilder.From(table).SetRef("old", new SnapshotRef(2, SnapshotRefKind.Tag)).Build(Noon);
        var after = TableMetadataBuilder.From(table).RemoveSnapshots([2]).Build(Noon);
        Assert.Equal([1, 3], after.Snapshots.Select(s => s.SnapshotId));
        Assert.Equal(["main"], after.Refs.Keys);
        Assert.Equal([new SnapshotLogEntry(1003, 3)], after.SnapshotLog);
    }

    [Fact]
    public void A_sequence_number_that_is_taken_is_a_conflict() =>
        Assert.Throws<CommitConflictException>(() =>
            TableMetadataBuilder.From(WithSnapshots(1)).AddSnapshot(Snapshot(2, 1) with { SequenceNumber = 1 }));

    [Fact]
    public void Refs_need_snapshots_and_main_is_no_tag()
    {
        var builder = TableMetadataBuilder.From(WithSnapshots(1));
        Assert.Throws<IcebergException>(() => builder.SetBranch("b", 99));
        Assert.Throws<IcebergException>(() => builder.SetRef("main", new SnapshotRef(1, SnapshotRefKind.Tag)));
    }

    [Fact]
    public void The_metadata_log_keeps_as_many_files_as_the_table_asks_for()
    {
        var table = TableMetadataBuilder.From(Base())
            .SetProperties(new Dictionary<string, string> { ["write.metadata.previous-versions-max"] = "2" })
            .WithPreviousMetadata("v0").Build(Noon);
        for (var i = 1; i <= 3; i++)
        {
            table = TableMetadataBuilder.From(table)
                .SetProperties(new Dictionary<string, string> { ["i"] = $"{i}" }).WithPreviousMetadata($"v{i}").Build(Noon.AddSeconds(i));
        }

        // v3 was the file written at Noon + 2 s.
        Assert.Equal(["v2", "v3"], table.MetadataLog.Select(e => e.MetadataFile));
        Assert.Equal(Noon.AddSeconds(2).ToUnixTimeMilliseconds(), table.MetadataLog[1].TimestampMs);
    }

    [Fact]
    public void Reserved_properties_are_refused() =>
        Assert.Throws<IcebergException>(() => TableMetadataBuilder.From(Base())
            .SetProperties(new Dictionary<string, string> { ["current-snapshot-id"] = "1" }));

    [Fact]
    public void Requirements_follow_from_the_updates()
    {
        var table = WithSnapshots(1);
        var builder = TableMetadataBuilder.From(table)
            .AddSchema(Wider()).SetCurrentSchema()
            .AddSpec(PartitionSpec.For(TestTable.Schema).Identity("facility").Build()).SetDefaultSpec()
            .AddSnapshot(Snapshot(2, 1)).SetBranch("main", 2).SetBranch("audit", 2);

        var requirements = TableRequirements.For(table, builder.Changes);

        Assert.Equal(
            [
                new TableRequirement.AssertTableUuid(table.TableUuid!.Value),
                new TableRequirement.AssertLastAssignedFieldId(3),
                new TableRequirement.AssertCurrentSchemaId(0),
                new TableRequirement.AssertLastAssignedPartitionId(1000),
                new TableRequirement.AssertDefaultSpecId(0),
                new TableRequirement.AssertRefSnapshotId("main", 1),
                new TableRequirement.AssertRefSnapshotId("audit", null),
            ],
            requirements);
        Assert.All(requirements, r => Assert.Null(r.Validate(table)));
        var moved = builder.Build(Noon);
        Assert.Equal([null, "field id", "schema id", "partition field id", "spec id", "'main'", "'audit'"], requirements.Select(r =>
            r.Validate(moved) is { } reason ? Array.Find(["partition field id", "field id", "schema id", "spec id", "'main'", "'audit'"], reason.Contains) : null));
    }

    [Fact]
    public void A_new_table_requires_that_there_is_none()
    {
        var requirement = Assert.Single(TableRequirements.For(null, []));
        Assert.Null(requirement.Validate(null));
        Assert.NotNull(requirement.Validate(Base()));
    }

    private static TableMetadata Base() => NewTable
        .Build(new TableCreation { Schema = TestTable.Schema, Spec = TestTable.ByMonth }, "/t", Guid.Parse("9c12d441-03fe-4693-9a96-a0705ddf69c1"))
        .Build(Noon.AddDays(-1));

    private static Schema Wider() =>
        new([.. TestTable.Schema.Columns, NestedField.Optional(4, "note", IcebergType.String)]);

    private static TableMetadata WithSnapshots(params long[] ids)
    {
        var table = Base();
        foreach (var id in ids)
        {
            table = TableMetadataBuilder.From(table)
                .AddSnapshot(Snapshot(id, table.CurrentSnapshotId)).SetBranch("main", id).Build(Noon.AddDays(-1));
        }

        return table;
    }

    private static Snapshot Snapshot(long id, long? parent) => new()
    {
        SnapshotId = id,
        ParentSnapshotId = parent,
        SequenceNumber = id,
        TimestampMs = 1000 + id,
        ManifestList = $"{id}.avro",
        Summary = new Dictionary<string, string> { ["operation"] = "append" },
    };
}
