using Microsoft.Extensions.Time.Testing;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Inspect;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Inspect;

public sealed class MetadataTableTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string ManifestColumns =
        "content path length partition_spec_id added_snapshot_id added_data_files_count existing_data_files_count "
        + "deleted_data_files_count added_delete_files_count existing_delete_files_count deleted_delete_files_count "
        + "partition_summaries";

    private const string PartitionColumns =
        "partition spec_id record_count file_count total_data_file_size_in_bytes position_delete_record_count "
        + "position_delete_file_count equality_delete_record_count equality_delete_file_count last_updated_at "
        + "last_updated_snapshot_id";

    private const string FileColumns =
        "content file_path file_format spec_id partition record_count file_size_in_bytes column_sizes value_counts "
        + "null_value_counts nan_value_counts lower_bounds upper_bounds key_metadata split_offsets equality_ids "
        + "sort_order_id first_row_id referenced_data_file content_offset content_size_in_bytes readable_metrics";

    private readonly FakeTimeProvider _time = new(Start);

    /// <summary>
    /// Names as in the reference implementation: SnapshotsTable, HistoryTable, and so on of Iceberg 1.10.
    /// </summary>
    [Theory]
    [InlineData("snapshots", "committed_at snapshot_id parent_id operation manifest_list summary")]
    [InlineData("history", "made_current_at snapshot_id parent_id is_current_ancestor")]
    [InlineData("refs", "name type snapshot_id max_reference_age_in_ms min_snapshots_to_keep max_snapshot_age_in_ms")]
    [InlineData("metadata_log_entries", "timestamp file latest_snapshot_id latest_schema_id latest_sequence_number")]
    [InlineData("manifests", ManifestColumns)]
    [InlineData("all_manifests", ManifestColumns + " reference_snapshot_id")]
    [InlineData("partitions", PartitionColumns)]
    [InlineData("files", FileColumns)]
    [InlineData("data_files", FileColumns)]
    [InlineData("delete_files", FileColumns)]
    [InlineData("all_files", FileColumns)]
    [InlineData("all_data_files", FileColumns)]
    [InlineData("all_delete_files", FileColumns)]
    [InlineData("entries", "status snapshot_id sequence_number file_sequence_number data_file readable_metrics")]
    [InlineData("all_entries", "status snapshot_id sequence_number file_sequence_number data_file readable_metrics")]
    public async Task Columns_are_those_of_the_reference_implementation_and_rows_have_as_many_values(
        string name, string columns)
    {
        var table = await CreateAsync();
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var metadataTable = MetadataTable.Find(name)!;

        var schema = metadataTable.SchemaOf(table.Metadata);

        Assert.Equal(columns.Split(' '), schema.Columns.Select(c => c.Name));
        Assert.All(await RowsAsync(name, table), row =>
        {
            Assert.Equal(schema.Columns.Count, row.Length);
            Assert.All(schema.Columns.Zip(row), c => Fits(c.First, c.Second));
        });
    }

    [Fact]
    public void There_are_fifteen_metadata_tables_found_in_any_case()
    {
        Assert.Equal(15, MetadataTables.All.Count);
        Assert.Equal("all_data_files", MetadataTable.Find("ALL_DATA_FILES")?.Name);
        Assert.Null(MetadataTable.Find("position_deletes"));
    }

    [Fact]
    public async Task Snapshots_tell_time_parent_operation_and_summary()
    {
        var table = await CreateAsync();
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        _time.Advance(TimeSpan.FromHours(1));
        var second = await table.NewAppend().Add(TestTable.Month(2025, 2, records: 7)).Set("who", "me").CommitAsync(
            TestTable.Cancel);

        var rows = await RowsAsync("snapshots", table);

        Assert.Equal([Start.UtcDateTime, first.SnapshotId, null, "append", first.ManifestList], rows[0][..5]);
        Assert.Equal([Start.AddHours(1).UtcDateTime, second.SnapshotId, first.SnapshotId, "append"], rows[1][..4]);
        var summary = Assert.IsType<Dictionary<string, string>>(rows[1][5]);
        Assert.Equal(("7", "107", "me"), (summary["added-records"], summary["total-records"], summary["who"]));
    }

    [Fact]
    public async Task History_knows_which_snapshots_a_rollback_left_behind()
    {
        var table = await CreateAsync();
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        _time.Advance(TimeSpan.FromHours(1));
        var second = await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        _time.Advance(TimeSpan.FromHours(1));
        await table.UpdateAsync(b => b.SetBranch("main", first.SnapshotId), TestTable.Cancel);

        var rows = await RowsAsync("history", table);

        Assert.Equal<object?[]>(
            [
                [Start.UtcDateTime, first.SnapshotId, null, true],
                [Start.AddHours(1).UtcDateTime, second.SnapshotId, first.SnapshotId, false],
                [Start.AddHours(2).UtcDateTime, first.SnapshotId, null, true],
            ],
            rows);
    }

    [Fact]
    public async Task Refs_are_branches_and_tags_with_what_keeps_them()
    {
        var table = await CreateAsync();
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.UpdateAsync(
            b => b.SetRef("eoy", new SnapshotRef(first.SnapshotId, SnapshotRefKind.Tag) { MaxRefAgeMs = 5 })
                .SetRef("audit", new SnapshotRef(
                    first.SnapshotId, SnapshotRefKind.Branch) { MinSnapshotsToKeep = 3, MaxSnapshotAgeMs = 4 }),
            TestTable.Cancel);

        Assert.Equal<object?[]>(
            [
                ["audit", "BRANCH", first.SnapshotId, null, 3, 4L],
                ["eoy", "TAG", first.SnapshotId, 5L, null, null],
                ["main", "BRANCH", first.SnapshotId, null, null, null],
            ],
            await RowsAsync("refs", table));
    }

    [Fact]
    public async Task The_metadata_log_ends_with_the_current_file()
    {
        var table = await CreateAsync();
        var created = table.MetadataLocation;
        _time.Advance(TimeSpan.FromHours(1));
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);

        Assert.Equal<object?[]>(
            [
                [Start.UtcDateTime, created, null, null, null],
                [Start.AddHours(1).UtcDateTime, table.MetadataLocation, first.SnapshotId, 0, 1L],
            ],
            await RowsAsync("metadata_log_entries", table));
    }

    [Fact]
    public async Task Manifests_show_counts_and_readable_partition_ranges()
    {
        var table = await CreateAsync();
        var unknown = TestTable.Month(2025, 1, 9) with { Partition = new PartitionValues([null]) };
        var first = await table.NewAppend().AddRange(
            [TestTable.Month(2025, 1), TestTable.Month(2025, 3), unknown]).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2026, 1)).CommitAsync(TestTable.Cancel);

        var row = Assert.Single(await RowsAsync("manifests", table, first.SnapshotId));

        Assert.Equal([0, 0, first.SnapshotId, 3, 0, 0, 0, 0, 0], [row[0], .. row[3..11]]);
        var summary = Assert.Single(Assert.IsType<List<Dictionary<string, object?>>>(row[11]));
        Assert.Equal([true, false, "2025-01", "2025-03"], summary.Values);
        Assert.Equal(2, (await RowsAsync("manifests", table)).Count);

        // The second snapshot names the manifest of the first again.
        Assert.Equal(3, (await RowsAsync("all_manifests", table)).Count);
    }

    [Fact]
    public async Task Files_show_partition_and_metrics_in_readable_form()
    {
        var table = await CreateAsync();
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);

        var row = await OnlyAsync("files", table);

        Assert.Equal((0, "mem:/data/2025-01-0.parquet", "PARQUET", 0),
            (row["content"], row["file_path"], row["file_format"], row["spec_id"]));
        Assert.Equal((100L, 1000L), (row["record_count"], row["file_size_in_bytes"]));

        // January 2025 is 55 years after January 1970: 55 x 12 months.
        Assert.Equal([660], Assert.IsType<Dictionary<string, object?>>(row["partition"]).Values);
        Assert.Equal(744L, Assert.IsType<Dictionary<int, long>>(row["value_counts"])[2]);
        Assert.Null(row["column_sizes"]);
        var metrics = Assert.IsType<Dictionary<string, object?>>(row["readable_metrics"]);
        Assert.Equal(["date_hour", "energy", "facility"], metrics.Keys);
        Assert.Equal(
            [null, 744L, 0L, null, new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                new DateTime(2025, 1, 31, 23, 0, 0, DateTimeKind.Utc)],
            Assert.IsType<Dictionary<string, object?>>(metrics["date_hour"]).Values);
        Assert.All(Assert.IsType<Dictionary<string, object?>>(metrics["energy"]).Values, Assert.Null);
    }

    [Fact]
    public async Task Entries_show_removed_files_and_files_do_not()
    {
        var table = await CreateAsync();
        await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)]).CommitAsync(
            TestTable.Cancel);
        var second = await table.NewOverwrite().Remove(TestTable.Month(2025, 1)).Add(
            TestTable.Month(2025, 1, 1)).CommitAsync(TestTable.Cancel);

        var entries = new Dictionary<string, object?[]>(StringComparer.Ordinal);
        foreach (var row in await RowsAsync("entries", table))
        {
            entries[(string)Assert.IsType<Dictionary<string, object?>>(row[4])["file_path"]!] = row;
        }

        // 0 existing, 1 added, 2 deleted; a removed file keeps its numbers and gets the id of the snapshot that removed
        // it.
        Assert.Equal([2, second.SnapshotId, 1L, 1L], entries["mem:/data/2025-01-0.parquet"][..4]);
        Assert.Equal([0, second.ParentSnapshotId, 1L, 1L], entries["mem:/data/2025-02-0.parquet"][..4]);
        Assert.Equal([1, second.SnapshotId, 2L, 2L], entries["mem:/data/2025-01-1.parquet"][..4]);
        Assert.Equal(["2025-01-1", "2025-02-0"], await NamesAsync("files", table));
        Assert.Equal(["2025-01-1", "2025-02-0"], await NamesAsync("data_files", table));
        Assert.Empty(await NamesAsync("delete_files", table));
        Assert.Equal(["2025-01-0", "2025-02-0"], await NamesAsync("files", table, second.ParentSnapshotId));

        // The first manifest holds two live files, the second keeps one of them, the third holds the new one.
        Assert.Equal(["2025-01-0", "2025-01-1", "2025-02-0", "2025-02-0"], await NamesAsync("all_data_files", table));
        Assert.Equal(5, (await RowsAsync("all_entries", table)).Count);
    }

    [Fact]
    public async Task Partitions_of_several_specs_are_shown_side_by_side()
    {
        var table = await CreateAsync();
        var first = await table.NewAppend().AddRange(
            [TestTable.Month(2025, 1), TestTable.Month(2025, 1, 1, 50), TestTable.Month(2025, 2)]).CommitAsync(
                TestTable.Cancel);
        _time.Advance(TimeSpan.FromHours(1));
        var byFacility = new PartitionSpec(0, [new PartitionField(1, 1001, "facility", Transform.Identity)]);
        await table.UpdateAsync(b => b.AddSpec(byFacility).SetDefaultSpec(TableUpdate.LastAdded), TestTable.Cancel);
        var specId = table.Spec.SpecId;
        var second = await table.NewAppend()
            .Add(TestTable.File("n", 5) with { SpecId = specId,
                Partition = new PartitionValues([Literal.String("NYN")]) })
            .CommitAsync(TestTable.Cancel);

        var rows = await RowsAsync("partitions", table);

        var partitions = rows.ToDictionary(
            r => string.Join('/', Assert.IsType<Dictionary<string,
                object?>>(r[0]).Select(f => $"{f.Key}={f.Value ?? "null"}")),
            r => r[1..],
            StringComparer.Ordinal);
        var (hour, late) = (Start.UtcDateTime, Start.AddHours(1).UtcDateTime);
        Assert.Equal(3, partitions.Count);
        Assert.Equal([0, 150L, 2, 1500L, 0L, 0, 0L, 0, hour, first.SnapshotId],
            partitions["date_hour_month=660/facility=null"]);
        Assert.Equal([0, 100L, 1, 1000L, 0L, 0, 0L, 0, hour, first.SnapshotId],
            partitions["date_hour_month=661/facility=null"]);
        Assert.Equal([specId, 5L, 1, 50L, 0L, 0, 0L, 0, late, second.SnapshotId],
            partitions["date_hour_month=null/facility=NYN"]);
    }

    [Fact]
    public async Task A_table_without_partitions_shows_none_and_one_without_snapshots_shows_no_files()
    {
        var table = await TestTable.CreateAsync(spec: PartitionSpec.Unpartitioned);

        Assert.DoesNotContain(
            "partition", MetadataTable.Find("files")!.SchemaOf(table.Metadata).Columns.Select(c => c.Name));
        Assert.Equal("record_count", MetadataTable.Find("partitions")!.SchemaOf(table.Metadata).Columns[0].Name);
        Assert.All(
            MetadataTables.All.Where(t => t.Name is not "metadata_log_entries"),
            t => Assert.Empty(t.ReadAsync(table, null, TestTable.Cancel).ToBlockingEnumerable(TestTable.Cancel)));
        await table.NewAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);
        Assert.Equal([100L, 1, 1000L], (await RowsAsync("partitions", table))[0][..3]);
        Assert.Equal("a", Assert.Single(await NamesAsync("files", table)));
    }

    [Fact]
    public async Task Two_partition_fields_of_one_name_are_told_apart()
    {
        var table = await CreateAsync();
        await table.UpdateAsync(
            b => b.AddSpec(new PartitionSpec(0, [new PartitionField(2, 1001, "date_hour_month", Transform.Day)]))
                .SetDefaultSpec(TableUpdate.LastAdded),
            TestTable.Cancel);

        Assert.Equal(["date_hour_month_1000", "date_hour_month"],
            table.Inspect().PartitionType.Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task A_snapshot_can_be_asked_for_only_where_rows_are_of_one_snapshot()
    {
        var table = await CreateAsync();
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);

        Assert.Contains("cannot be read at a snapshot", Assert.Throws<ArgumentException>(
            () => MetadataTable.Find("history")!.ReadAsync(table, first.SnapshotId, TestTable.Cancel)).Message,
                StringComparison.Ordinal);
        Assert.Contains("There is no snapshot 1;", Assert.Throws<ArgumentException>(
            () => MetadataTable.Find("files")!.ReadAsync(table, 1, TestTable.Cancel)).Message,
                StringComparison.Ordinal);
    }

    /// <summary>
    /// expected.json: lineitem_iceberg v2 has [ADDED, data, 51793, seq 2] and [DELETED, data, 60175, seq 1].
    /// </summary>
    [Fact]
    public async Task Entries_of_a_foreign_table_are_as_its_authors_say()
    {
        var table = FixtureTable.Load(
            "data/persistent/iceberg/lineitem_iceberg/metadata/v2.metadata.json", "data/persistent/iceberg");

        var entries = (await RowsAsync("entries", table)).ConvertAll(
            r => (Status: r[0], Rows: Assert.IsType<Dictionary<string, object?>>(r[4])["record_count"],
                Sequence: r[2]));

        Assert.Equal([(1, 51793L, 2L), (2, 60175L, 1L)], entries.OrderBy(e => (int)e.Status!));
    }

    /// <summary>
    /// Rows 1.2300 and 1234.5432 in decimal partitions; a foreign writer's delete files keep their keys.
    /// </summary>
    [Fact]
    public async Task Decimal_partitions_and_delete_files_of_foreign_tables_are_shown()
    {
        var decimals = FixtureTable.Load("data/persistent/partition_decimal_integer/metadata/v2.metadata.json");
        var values = (await RowsAsync("partitions", decimals)).ConvertAll(
            r => Assert.IsType<Dictionary<string, object?>>(r[0])["partition_col"]);
        Assert.Contains(1234.5432m, values);
        Assert.Contains(1.2300m, values);

        var deletes = FixtureTable.Load(
            "data/persistent/equality_deletes/warehouse/mydb/mytable/metadata/v7.metadata.json");
        var files = await RowsAsync("delete_files", deletes);
        Assert.NotEmpty(files);
        Assert.Contains(files, f => f[0] is 2);
    }

    /// <summary>Whether a value has the .NET form that its column promises.</summary>
    private static void Fits(NestedField field, object? value)
    {
        Assert.True(value is not null || !field.Required, field.Name);
        if (value is null)
        {
            return;
        }

        var expected = field.Type switch
        {
            StructType => typeof(Dictionary<string, object?>),
            MapType { Key.Kind: TypeKind.String } => typeof(Dictionary<string, string>),
            MapType { Value.Kind: TypeKind.Long } => typeof(Dictionary<int, long>),
            MapType => typeof(Dictionary<int, byte[]>),
            ListType { Element: StructType } => typeof(List<Dictionary<string, object?>>),
            ListType { Element.Kind: TypeKind.Long } => typeof(List<long>),
            ListType => typeof(List<int>),
            { Kind: TypeKind.Long } => typeof(long),
            { Kind: TypeKind.Int } => typeof(int),
            { Kind: TypeKind.Boolean } => typeof(bool),
            { Kind: TypeKind.Binary } => typeof(byte[]),
            { Kind: TypeKind.TimestampTz } => typeof(DateTime),
            _ => typeof(string),
        };
        Assert.IsType(expected, value);
        if (field.Type is StructType type)
        {
            var fields = (Dictionary<string, object?>)value;
            Assert.Equal(type.Fields.Select(f => f.Name), fields.Keys);
        }
    }

    private Task<Table> CreateAsync() => TestTable.CreateAsync(context: new(_time, new(1)));

    private static async Task<List<object?[]>> RowsAsync(string name, Table table, long? snapshotId = null) =>
        await MetadataTable.Find(name)!.ReadAsync(table, snapshotId, TestTable.Cancel).ToListAsync(TestTable.Cancel);

    private static async Task<Dictionary<string, object?>> OnlyAsync(string name, Table table) =>
        MetadataTable.Find(name)!.SchemaOf(table.Metadata).Columns.Select(c => c.Name)
            .Zip(Assert.Single(await RowsAsync(name, table))).ToDictionary(
                c => c.First, c => c.Second, StringComparer.Ordinal);

    private static async Task<List<string>> NamesAsync(string name, Table table, long? snapshotId = null) =>
        [.. (await RowsAsync(name, table, snapshotId)).Select(
            r => Path.GetFileNameWithoutExtension((string)r[1]!)).Order(StringComparer.Ordinal)];
}
