using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Scan;

public sealed class TableScanTests
{
    [Fact]
    public async Task A_half_open_window_plans_only_its_own_partitions_and_skips_manifests_by_their_summaries()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().AddRange([TestTable.Month(2024, 11), TestTable.Month(2024, 12)]).CommitAsync(TestTable.Cancel);
        await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)]).CommitAsync(TestTable.Cancel);

        var scan = table.NewScan().Where(Window(Day(2025, 1, 1), Day(2025, 2, 1)));

        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(scan));
        Assert.Equal(
            (1, 1, 1, 1),
            (scan.Counters.ManifestsRead, scan.Counters.ManifestsSkipped, scan.Counters.FilesPlanned, scan.Counters.FilesSkipped));
    }

    [Fact]
    public async Task Files_of_one_partition_are_told_apart_by_their_bounds()
    {
        var table = await TestTable.CreateAsync();
        var first = TestTable.Month(2025, 1, 1) with { Metrics = TestTable.Hours(Day(2025, 1, 1), 24) };
        var second = TestTable.Month(2025, 1, 2) with { Metrics = TestTable.Hours(Day(2025, 1, 2), 24) };
        await table.NewAppend().AddRange([first, second]).CommitAsync(TestTable.Cancel);

        Assert.Equal(["2025-01-1"], await TestTable.FilesAsync(table.NewScan().Where(Window(Day(2025, 1, 1), Day(2025, 1, 2)))));
        Assert.Equal(["2025-01-2"], await TestTable.FilesAsync(table.NewScan().Where(
            Expression.In("date_hour", [Day(2025, 1, 2).AddHours(5), Day(2026, 1, 1)]))));
    }

    [Fact]
    public async Task A_table_is_read_at_a_snapshot_at_a_time_and_at_a_branch()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Day(2026, 1, 1));
        var table = await TestTable.CreateAsync(context: new(time, new(1)));
        time.Advance(TimeSpan.FromHours(1));
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        time.Advance(TimeSpan.FromHours(1));
        await table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await table.NewAppend().Add(TestTable.Month(2025, 3)).ToBranch("audit").CommitAsync(TestTable.Cancel);

        Assert.Equal(["2025-01-0", "2025-02-0"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan().UseSnapshot(first.SnapshotId)));
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan().AsOf(Day(2026, 1, 1).AddHours(1.5))));
        Assert.Equal(["2025-01-0", "2025-02-0", "2025-03-0"], await TestTable.FilesAsync(table.NewScan().UseRef("audit")));
        Assert.Throws<ArgumentException>(() => table.NewScan().AsOf(Day(2026, 1, 1).AddMinutes(59)));
        Assert.Throws<ArgumentException>(() => table.NewScan().UseSnapshot(1));
        Assert.Throws<ArgumentException>(() => table.NewScan().UseRef("prod"));
    }

    [Fact]
    public async Task Time_travel_reads_with_the_columns_of_that_time_and_old_files_with_those_of_today()
    {
        var table = await TestTable.CreateAsync();
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.UpdateAsync(
            b => b.AddSchema(new Schema([.. TestTable.Schema.Columns, NestedField.Optional(4, "note", IcebergType.String)])).SetCurrentSchema(),
            TestTable.Cancel);

        Assert.Equal(3, table.NewScan().UseSnapshot(first.SnapshotId).Schema.Columns.Count);
        Assert.Equal(4, table.NewScan().Schema.Columns.Count);
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan().Where(Expression.IsNull("note"))));
        Assert.Throws<ArgumentException>(() => table.NewScan().UseSnapshot(first.SnapshotId).Where(Expression.IsNull("note")));
    }

    [Fact]
    public async Task Files_of_an_older_partition_spec_are_pruned_by_their_own_spec()
    {
        var table = await TestTable.CreateAsync();
        await table.NewAppend().AddRange([TestTable.Month(2025, 1), TestTable.Month(2025, 2)]).CommitAsync(TestTable.Cancel);
        await table.UpdateAsync(
            b => b.AddSpec(PartitionSpec.For(TestTable.Schema).Identity("facility").Build()).SetDefaultSpec(), TestTable.Cancel);
        var byFarm = new DataFile
        {
            FilePath = "mem:/data/avlsf.parquet", RecordCount = 1, FileSizeInBytes = 1, SpecId = 1,
            Partition = new PartitionValues([Literal.String("AVLSF")]),
        };
        await table.NewAppend().Add(byFarm).CommitAsync(TestTable.Cancel);

        Assert.Equal(["2025-02-0", "avlsf"], await TestTable.FilesAsync(table.NewScan().Where(
            Expression.And(Expression.Equal("facility", "AVLSF"), Expression.GreaterThanOrEqual("date_hour", Day(2025, 2, 1))))));
        Assert.Equal(["2025-02-0"], await TestTable.FilesAsync(table.NewScan().Where(
            Expression.And(Expression.Equal("facility", "YATSF1"), Expression.GreaterThanOrEqual("date_hour", Day(2025, 2, 1))))));
    }

    [Fact]
    public async Task Filters_that_cannot_be_are_refused_when_they_are_given()
    {
        var table = await TestTable.CreateAsync();
        var unknown = Assert.Throws<ArgumentException>(() => table.NewScan().Where(Expression.Equal("facilty", "A")));
        Assert.Contains("there are facility, date_hour, energy", unknown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => table.NewScan().Where(Expression.Equal("energy", "A")));
        Assert.Throws<ArgumentException>(() => table.NewScan().Where(Expression.StartsWith("energy", "A")));
        Assert.Throws<ArgumentException>(() => table.NewScan().Where(Expression.Equal("FACILITY", "A")));
        Assert.Empty(await TestTable.FilesAsync(table.NewScan().IgnoreCase().Where(Expression.Equal("FACILITY", "A"))));
    }

    [Fact]
    public async Task Numbers_beyond_the_range_of_a_column_compare_as_they_should()
    {
        var schema = new Schema([NestedField.Optional(1, "i", IcebergType.Int)]);
        var table = await CreateAsync(schema);
        var metrics = DataFileMetrics.From(table.Metadata, new Dictionary<int, ColumnStatistics>
        {
            [1] = new() { ValueCount = 2, NullCount = 0, Min = Literal.Int(1), Max = Literal.Int(2) },
        });
        await table.NewAppend().Add(TestTable.File("f") with { Metrics = metrics }).CommitAsync(TestTable.Cancel);

        Assert.Equal(["f"], await TestTable.FilesAsync(table.NewScan().Where(Expression.LessThan("i", 3_000_000_000L))));
        Assert.Empty(await TestTable.FilesAsync(table.NewScan().Where(Expression.GreaterThan("i", 3_000_000_000L))));
        Assert.Empty(await TestTable.FilesAsync(table.NewScan().Where(Expression.Equal("i", -3_000_000_000L))));
        Assert.Equal(["f"], await TestTable.FilesAsync(table.NewScan().Where(Expression.NotEqual("i", -3_000_000_000L))));
        Assert.Empty(await TestTable.FilesAsync(table.NewScan().Where(Expression.In("i", [-3_000_000_000L, 3]))));
    }

    private static async Task<Table> CreateAsync(Schema schema)
    {
        var catalog = new InMemoryCatalog("mem:/w", new PvLakehouse.Iceberg.IO.InMemoryFileIO());
        await catalog.CreateNamespaceAsync(TestTable.Name.Namespace, cancellationToken: TestTable.Cancel);
        return await catalog.CreateTableAsync(TestTable.Name, new() { Schema = schema }, TestTable.Cancel);
    }

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private static Expression Window(DateTimeOffset from, DateTimeOffset to) => Expression.And(
        Expression.GreaterThanOrEqual("date_hour", from), Expression.LessThan("date_hour", to));
}
