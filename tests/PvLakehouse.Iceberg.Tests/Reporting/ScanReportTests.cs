using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Reporting;

public sealed class ScanReportTests
{
    private static readonly Expression FromFebruary = Expression.GreaterThanOrEqual(
        "date_hour", new DateTimeOffset(2025, 2, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly RecordingReporter _told = new();
    private readonly InstantTime _time = new();
    private readonly HookedFileIO _files = new(new InMemoryFileIO());

    [Fact]
    public async Task A_scan_tells_what_it_read_and_what_it_left_alone()
    {
        var table = await CreateAsync();
        Assert.Equal(["2025-02-0"], await TestTable.FilesAsync(table.NewScan().Where(FromFebruary)));

        // Two commits made two manifests: that of January is ruled out by its summary, in the other the file of March 2024.
        var report = Assert.Single(_told.Scans);
        Assert.Equal(("memory", TestTable.Name), (report.CatalogName, report.Table));
        Assert.Equal((table.CurrentSnapshot!.SnapshotId, 0, true), (report.SnapshotId, report.SchemaId, report.IsComplete));
        Assert.Contains("date_hour", report.Filter.ToString(), StringComparison.Ordinal);
        var counters = report.Counters;
        Assert.Equal((1, 1), (counters.ManifestsRead, counters.ManifestsSkipped));
        Assert.Equal((1, 1, 1000), (counters.FilesPlanned, counters.FilesSkipped, counters.PlannedFilesSizeInBytes));
        Assert.Equal((0, 0, 0), (counters.DeleteManifestsRead, counters.DeleteFilesRead, counters.DeletesPlanned));
    }

    [Fact]
    public async Task Each_planning_of_a_scan_counts_for_itself_and_the_scan_sums_up()
    {
        var scan = (await CreateAsync()).NewScan();
        await TestTable.FilesAsync(scan);
        await TestTable.FilesAsync(scan);
        Assert.Equal([3, 3], _told.Scans.Select(s => s.Counters.FilesPlanned));
        Assert.Equal((6, 4, 3000L * 2), (scan.Counters.FilesPlanned, scan.Counters.ManifestsRead, scan.Counters.PlannedFilesSizeInBytes));
    }

    [Fact]
    public async Task The_time_of_the_caller_is_not_that_of_planning()
    {
        var table = await CreateAsync();
        _files.BeforeRead = () =>
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            return Task.CompletedTask;
        };
        await foreach (var task in table.NewScan().PlanFilesAsync(TestTable.Cancel))
        {
            Assert.NotNull(task);
            _time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal(TimeSpan.FromSeconds(3), Assert.Single(_told.Scans).Duration);
    }

    [Fact]
    public async Task A_scan_that_is_left_early_or_fails_says_that_it_did_not_end()
    {
        var table = await CreateAsync();
        await foreach (var task in table.NewScan().PlanFilesAsync(TestTable.Cancel))
        {
            Assert.NotNull(task);
            _time.Advance(TimeSpan.FromHours(1));
            break;
        }

        var left = Assert.Single(_told.Scans);
        Assert.Equal((false, 1, TimeSpan.Zero), (left.IsComplete, left.Counters.FilesPlanned, left.Duration));

        _told.Clear();
        _files.BeforeRead = () =>
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            throw new IOException("The disk is gone.");
        };
        await Assert.ThrowsAsync<IOException>(() => TestTable.FilesAsync(table.NewScan()));
        var failed = Assert.Single(_told.Scans);
        Assert.Equal((false, 0, TimeSpan.FromSeconds(5)), (failed.IsComplete, failed.Counters.FilesPlanned, failed.Duration));
    }

    [Fact]
    public async Task A_table_without_snapshot_and_the_past_are_told_as_such()
    {
        var table = await CreateAsync(empty: true);
        Assert.Empty(await TestTable.FilesAsync(table.NewScan()));
        Assert.Null(Assert.Single(_told.Scans).SnapshotId);
        var first = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().AddColumn("more", Iceberg.Spec.IcebergType.Int).CommitAsync(TestTable.Cancel);
        await TestTable.FilesAsync(table.NewScan());
        await TestTable.FilesAsync(table.NewScan().UseSnapshot(first.SnapshotId));
        Assert.Equal([0, 1, 0], _told.Scans.Select(s => s.SchemaId));
    }

    private async Task<Table> CreateAsync(bool empty = false)
    {
        var catalog = new InMemoryCatalog(
            "mem:/warehouse",
            _files,
            context: new CommitContext(_time, new IdSource(4)),
            options: new CatalogOptions { Reporter = _told });
        await catalog.CreateNamespaceAsync(TestTable.Name.Namespace, cancellationToken: TestTable.Cancel);
        var table = await catalog.CreateTableAsync(
            TestTable.Name, new() { Schema = TestTable.Schema, Spec = TestTable.ByMonth }, TestTable.Cancel);
        if (!empty)
        {
            await table.NewFastAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
            await table.NewFastAppend().Add(TestTable.Month(2025, 2)).Add(TestTable.Month(2024, 3)).CommitAsync(TestTable.Cancel);
        }

        return table;
    }
}
