using System.Diagnostics;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Reporting;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Reporting;

public sealed class CommitReportTests
{
    private readonly RecordingReporter _told = new();
    private readonly InstantTime _time = new();

    [Fact]
    public async Task A_commit_tells_what_came_and_what_went()
    {
        var (_, table) = await CreateAsync();
        await table.NewAppend().Add(TestTable.File("a")).Add(TestTable.File("b", 50)).CommitAsync(TestTable.Cancel);
        var deletes = TestTable.File("d", 3) with { Content = FileContent.PositionDeletes };
        await table.NewRowDelta().AddDeletes(deletes).CommitAsync(TestTable.Cancel);
        await table.NewRewrite().Remove(TestTable.File("a")).Remove(TestTable.File("b", 50)).Add(TestTable.File("c", 150))
            .CommitAsync(TestTable.Cancel);

        // A file has ten bytes a record here.
        Assert.Equal(["append", "delete", "replace"], _told.Commits.Select(c => c.Operation));
        Assert.Equal([1L, 2, 3], _told.Commits.Select(c => c.SequenceNumber));
        var (append, delta, rewrite) = (_told.Commits[0], _told.Commits[1], _told.Commits[2]);
        Assert.Equal((2, 150, 1500), (append.AddedDataFiles, append.AddedRecords, append.AddedFilesSizeInBytes));
        Assert.Equal((0, 0, 0, 0), (append.RemovedDataFiles, append.RemovedRecords, append.AddedDeleteFiles, append.RemovedDeleteFiles));
        Assert.Equal((2L, 150L), (append.TotalDataFiles, append.TotalRecords));
        Assert.Equal((1, 0), (append.ManifestsCreated, append.ManifestsKept));
        Assert.Equal((1, 0, 30), (delta.AddedDeleteFiles, delta.AddedDataFiles, delta.AddedFilesSizeInBytes));
        Assert.Equal((1, 2, 150, 150), (rewrite.AddedDataFiles, rewrite.RemovedDataFiles, rewrite.AddedRecords, rewrite.RemovedRecords));

        // The deletes are older than every file that is left, so they go too.
        Assert.Equal((0, 1), (rewrite.AddedDeleteFiles, rewrite.RemovedDeleteFiles));
        Assert.Equal((1500, 1530), (rewrite.AddedFilesSizeInBytes, rewrite.RemovedFilesSizeInBytes));
        Assert.Equal((1L, 150L), (rewrite.TotalDataFiles, rewrite.TotalRecords));
    }

    [Fact]
    public async Task Attempts_and_the_time_of_all_of_them_are_told()
    {
        var (catalog, table) = await CreateAsync();

        // The catalog itself tries five times before it says that there is a conflict; the writer then begins anew.
        foreach (var _ in Enumerable.Range(0, 2 * 5))
        {
            catalog.Script.Enqueue(ScriptedCatalog.Step.Lose);
        }

        await table.NewAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);

        var report = Assert.Single(_told.Commits);
        Assert.Equal(3, report.Attempts);
        Assert.Equal(2, _time.Waits.Count);
        Assert.Equal(_time.Waits[0] + _time.Waits[1], report.Duration);
        Assert.True(report.Duration > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(ScriptedCatalog.Step.HappenAndForget, true)]
    [InlineData(ScriptedCatalog.Step.HappenAndGoSilent, true)]
    [InlineData(ScriptedCatalog.Step.FailAndForget, false)]
    [InlineData(ScriptedCatalog.Step.Refuse, false)]
    public async Task Only_what_is_known_to_have_happened_is_told(object step, bool happened)
    {
        var (catalog, table) = await CreateAsync();
        catalog.Script.Enqueue((ScriptedCatalog.Step)step);
        var failure = await Record.ExceptionAsync(() => table.NewAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel));
        Assert.Equal(happened, failure is null);
        Assert.Equal(happened ? [1] : [], _told.Commits.Select(c => c.Attempts));
    }

    [Fact]
    public async Task Changes_without_a_snapshot_are_not_told()
    {
        var (_, table) = await CreateAsync();
        await table.UpdateProperties().Set("owner", "ann").CommitAsync(TestTable.Cancel);
        await table.UpdateSchema().AddColumn("more", IcebergType.Int).CommitAsync(TestTable.Cancel);
        Assert.Empty(_told.Commits);
    }

    [Fact]
    public async Task A_transaction_tells_of_each_of_its_snapshots_once_it_is_committed()
    {
        var (catalog, table) = await CreateAsync();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            catalog.Script.Enqueue(ScriptedCatalog.Step.Lose);
        }

        await using var transaction = table.NewTransaction();
        await transaction.NewAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);
        await transaction.NewAppend().Add(TestTable.File("b")).CommitAsync(TestTable.Cancel);
        Assert.Empty(_told.Commits);
        await transaction.CommitAsync(TestTable.Cancel);
        Assert.Equal(table.Metadata.Snapshots.Select(s => s.SnapshotId), _told.Commits.Select(c => c.SnapshotId));
        Assert.Equal([2, 2], _told.Commits.Select(c => c.Attempts));
        Assert.Equal(2, _told.Commits.Count);
    }

    [Fact]
    public async Task A_commit_to_several_tables_tells_of_each()
    {
        var catalog = new InMemoryCatalog(
            "mem:/warehouse", new InMemoryFileIO(), options: new CatalogOptions { Reporter = _told });
        await catalog.CreateNamespaceAsync(TestTable.Name.Namespace, cancellationToken: TestTable.Cancel);
        await using var transaction = catalog.NewMultiTableTransaction();
        var names = new[] { "silver.a", "silver.b", "silver.c" }.Select(TableIdentifier.Parse).ToList();
        foreach (var name in names)
        {
            var table = await catalog.CreateTableAsync(name, new() { Schema = TestTable.Schema }, TestTable.Cancel);
            var part = transaction.On(table);
            if (name.Name == "c")
            {
                await part.UpdateProperties().Set("owner", "ann").CommitAsync(TestTable.Cancel);
            }
            else
            {
                await part.NewAppend().Add(TestTable.File(name.Name)).CommitAsync(TestTable.Cancel);
            }
        }

        await transaction.CommitAsync(TestTable.Cancel);
        Assert.Equal(names[..2], _told.Commits.Select(c => c.Table));
    }

    [Fact]
    public async Task A_reporter_that_fails_harms_nothing_and_is_traced()
    {
        using var traced = new StringWriter();
        using var listener = new TextWriterTraceListener(TextWriter.Synchronized(traced));
        var name = TableIdentifier.Parse("silver.failing_reporter");
        var catalog = new InMemoryCatalog(
            "mem:/warehouse", new InMemoryFileIO(), options: new CatalogOptions { Reporter = new Failing() });
        await catalog.CreateNamespaceAsync(name.Namespace, cancellationToken: TestTable.Cancel);
        var table = await catalog.CreateTableAsync(name, new() { Schema = TestTable.Schema }, TestTable.Cancel);
        Trace.Listeners.Add(listener);
        try
        {
            var snapshot = await table.NewAppend().Add(TestTable.File("a")).CommitAsync(TestTable.Cancel);
            Assert.Equal(snapshot.SnapshotId, (await catalog.LoadTableAsync(name, TestTable.Cancel)).CurrentSnapshot!.SnapshotId);
            Assert.True(await table.Io.ExistsAsync(snapshot.ManifestList!, TestTable.Cancel));
            Assert.Equal(["a"], await TestTable.FilesAsync(table.NewScan()));
        }
        finally
        {
            Trace.Listeners.Remove(listener);
        }

        listener.Flush();
        Assert.Contains("about table silver.failing_reporter: System.OperationCanceledException: not today", traced.ToString(), StringComparison.Ordinal);
    }

    private async Task<(ScriptedCatalog Catalog, Table Table)> CreateAsync()
    {
        var catalog = new ScriptedCatalog(
            new InMemoryFileIO(), new CommitContext(_time, new IdSource(3)), new CatalogOptions { Reporter = _told });
        return (catalog, await catalog.CreateTableAsync(TestTable.Name, new() { Schema = TestTable.Schema }, TestTable.Cancel));
    }

    private sealed class Failing : IMetricsReporter
    {
        public void Report(MetricsReport report) => throw new OperationCanceledException("not today");
    }
}
