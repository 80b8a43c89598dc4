using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Commit;

/// <summary>Evolution of partitioning and sort order.</summary>
public sealed class UpdateSpecTests
{
    private static readonly Schema Columns = new(
    [
        NestedField.Mandatory(1, "id", IcebergType.Long), NestedField.Optional(2, "ts", IcebergType.TimestampTz), NestedField.Optional(3, "name", IcebergType.String),
        NestedField.Optional(4, "price", IcebergType.Double), NestedField.Optional(5, "tags", new ListType(6, IcebergType.String, ElementRequired: false)),
    ]);

    [Fact]
    public async Task Fields_get_names_and_ids_of_their_own()
    {
        var table = await EvolvingTable.CreateAsync(Columns);
        await table.UpdateSpec().AddField("name").AddField("id", Transform.Bucket(16)).AddField("name", Transform.Truncate(4)).AddField("ts", Transform.Day).AddField("id", Transform.Bucket(8), "shard").CommitAsync(TestTable.Cancel);
        Assert.Equal(
            "[1000: name: identity(3), 1001: id_bucket_16: bucket[16](1), 1002: name_trunc_4: truncate[4](3), 1003: ts_day: day(2), 1004: shard: bucket[8](1)]",
            table.Spec.ToString());
        Assert.Equal((1, 1004), (table.Metadata.DefaultSpecId, table.Metadata.LastPartitionId));
    }

    [Fact]
    public async Task A_removed_field_is_gone_and_gets_its_id_again_when_it_comes_back()
    {
        var table = await EvolvingTable.CreateAsync(Columns);
        await table.UpdateSpec().AddField("name").AddField("ts", Transform.Day).CommitAsync(TestTable.Cancel);
        await table.UpdateSpec().RemoveField("name").AddField("id", Transform.Bucket(4)).CommitAsync(TestTable.Cancel);
        Assert.Equal("[1001: ts_day: day(2), 1002: id_bucket_4: bucket[4](1)]", table.Spec.ToString());
        await table.UpdateSpec().RemoveField("ts", Transform.Day).AddField("name").AddField("ts", Transform.Hour).CommitAsync(TestTable.Cancel);
        Assert.Equal("[1002: id_bucket_4: bucket[4](1), 1000: name: identity(3), 1003: ts_hour: hour(2)]", table.Spec.ToString());

        // The very first spec again is not made twice.
        await table.UpdateSpec().RemoveField("id_bucket_4").RemoveField("name").RemoveField("ts_hour").CommitAsync(TestTable.Cancel);
        Assert.Equal((0, 4), (table.Metadata.DefaultSpecId, table.Metadata.Specs.Count));
    }

    [Fact]
    public async Task A_renamed_field_keeps_its_id()
    {
        var table = await EvolvingTable.CreateAsync(Columns);
        await table.UpdateSpec().AddField("ts", Transform.Day).AddField("id", Transform.Bucket(4)).CommitAsync(TestTable.Cancel);
        await table.UpdateSpec().RenameField("ts_day", "day").CommitAsync(TestTable.Cancel);
        Assert.Equal("[1000: day: day(2), 1001: id_bucket_4: bucket[4](1)]", table.Spec.ToString());
        await table.UpdateSpec().RemoveField("day").AddField("ts", Transform.Day, "d").CommitAsync(TestTable.Cancel);
        Assert.Equal("[1000: d: day(2), 1001: id_bucket_4: bucket[4](1)]", table.Spec.ToString());
        Assert.Equal(1001, table.Metadata.LastPartitionId);
    }

    [Fact]
    public async Task Changes_that_do_not_fit_are_refused()
    {
        var table = await EvolvingTable.CreateAsync(Columns);
        await table.UpdateSpec().AddField("name").AddField("ts", Transform.Day).CommitAsync(TestTable.Cancel);
        UpdateSpec New() => table.UpdateSpec();
        Action[] refused =
        [
            () => New().AddField("name"), () => New().AddField("none"), () => New().AddField("price", Transform.Bucket(4)), () => New().AddField("tags.element"),
            () => New().AddField("id", Transform.Bucket(4), "price"), () => New().AddField("id", Transform.Bucket(4), "ts_day"),
            () => New().AddField("id").AddField("id"), () => New().RemoveField("none"), () => New().RemoveField("id", Transform.Identity),
            () => New().AddField("id").RemoveField("id"), () => New().RenameField("name", "n").RemoveField("name"), () => New().RemoveField("name").RenameField("name", "n"),
            () => New().RenameField("none", "n"), () => New().RenameField("name", "ts_day"), () => New().RenameField("ts_day", "price"),
            () => New().RemoveField("ts_day").AddField("ts", Transform.Hour).AddField("ts", Transform.Year), () => New().AddField("NAME", Transform.Truncate(2)),
        ];
        Assert.All(refused, change => Assert.Throws<ArgumentException>(change));
        Assert.Equal("[1000: name: identity(3), 1001: ts_day: day(2), 1002: name_trunc_2: truncate[2](3)]", await CommittedAsync(New().IgnoreCase().AddField("NAME", Transform.Truncate(2))));

        async Task<string> CommittedAsync(UpdateSpec update)
        {
            await update.CommitAsync(TestTable.Cancel);
            return table.Spec.ToString();
        }
    }

    [Fact]
    public async Task Somebody_elses_change_of_the_spec_or_order_is_a_conflict()
    {
        var table = await EvolvingTable.CreateAsync(Columns);
        var other = await Entries.ReloadAsync(table);
        await other.UpdateSpec().AddField("name").CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() => table.UpdateSpec().AddField("id").CommitAsync(TestTable.Cancel));
        await other.ReplaceSortOrder().Asc("id").CommitAsync(TestTable.Cancel);
        var stale = await Entries.ReloadAsync(table);
        await other.ReplaceSortOrder().Desc("id").CommitAsync(TestTable.Cancel);
        await Assert.ThrowsAsync<CommitConflictException>(() => stale.ReplaceSortOrder().Asc("name").CommitAsync(TestTable.Cancel));
        Assert.Equal("[1000: name: identity(3)]", (await Entries.ReloadAsync(table)).Spec.ToString());
    }

    [Fact]
    public async Task Files_of_old_specs_stay_readable_and_can_be_removed_after_their_column_went()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)]).CommitAsync(TestTable.Cancel);
        await table.UpdateSpec().RemoveField("date_hour_month").AddField("facility").CommitAsync(TestTable.Cancel);
        var file = TestTable.File("new") with { SpecId = table.Spec.SpecId, Partition = new PartitionValues([Literal.String("A")]) };
        await table.NewAppend().Add(file).CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().DropColumn("date_hour").CommitAsync(TestTable.Cancel);
        await table.NewDelete().Delete(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-02-0", "new"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Contains("2025-02-0", (await Entries.OfAsync(table)).Select(e => e.File));
    }

    [Fact]
    public async Task The_sort_order_is_replaced()
    {
        var table = await EvolvingTable.CreateAsync(Columns);
        await table.ReplaceSortOrder().Asc("ts", transform: Transform.Day).Desc("id").Asc("name", NullOrder.Last).CommitAsync(TestTable.Cancel);
        Assert.Equal(
            [(2, "day", SortDirection.Ascending, NullOrder.First), (1, "identity", SortDirection.Descending, NullOrder.Last), (3, "identity", SortDirection.Ascending, NullOrder.Last)],
            table.SortOrder.Fields.Select(f => (f.SourceId, f.Transform.ToString(), f.Direction, f.Nulls)));
        Assert.Equal(1, table.SortOrder.OrderId);
        await table.ReplaceSortOrder().CommitAsync(TestTable.Cancel);
        Assert.Equal(0, table.SortOrder.OrderId);
        Assert.Throws<ArgumentException>(() => table.ReplaceSortOrder().Asc("none"));
        Assert.Throws<ArgumentException>(() => table.ReplaceSortOrder().Asc("tags"));
        Assert.Throws<ArgumentException>(() => table.ReplaceSortOrder().Asc("price", transform: Transform.Day));
    }
}
