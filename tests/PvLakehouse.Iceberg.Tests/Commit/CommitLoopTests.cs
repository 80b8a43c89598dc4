using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Support;
using Step = PvLakehouse.Iceberg.Tests.Support.ScriptedCatalog.Step;

namespace PvLakehouse.Iceberg.Tests.Commit;

public sealed class CommitLoopTests
{
    /// <summary>A catalog looks again this often before it reports a conflict.</summary>
    private const int SwapAttempts = 5;

    private readonly InstantTime _time = new();
    private readonly InMemoryFileIO _io = new();
    private readonly ScriptedCatalog _catalog;

    public CommitLoopTests() => _catalog = new ScriptedCatalog(_io, new CommitContext(_time, new IdSource(3)));

    [Fact]
    public async Task Retries_wait_ever_longer_and_never_the_same()
    {
        var table = await CreateAsync();
        Script(Step.Lose, 3 * SwapAttempts);
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);

        // The minimum of 100 ms doubles with each retry; jitter takes up to half of it away.
        Assert.Collection(
            _time.Waits.Select(w => w.TotalMilliseconds),
            w => Assert.InRange(w, 50, 100),
            w => Assert.InRange(w, 100, 200),
            w => Assert.InRange(w, 200, 400));
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task Retries_end_where_the_table_says_and_leave_nothing_behind()
    {
        var table = await CreateAsync(new() { ["commit.retry.num-retries"] = "2", ["commit.retry.min-wait-ms"] = "10", ["commit.retry.max-wait-ms"] = "15" });
        var before = _io.Locations;
        Script(Step.Lose, 3 * SwapAttempts);

        var failure = await Assert.ThrowsAsync<CommitConflictException>(() =>
            table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel));

        Assert.Contains("tried 3 times", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, _time.Waits.Count);
        Assert.All(_time.Waits, w => Assert.InRange(w.TotalMilliseconds, 5, 15));
        Assert.Equal(before, _io.Locations);
        Assert.Null(table.CurrentSnapshot);
    }

    [Fact]
    public async Task Retries_end_when_the_time_is_up()
    {
        var table = await CreateAsync(new() { ["commit.retry.num-retries"] = "50", ["commit.retry.total-timeout-ms"] = "1000" });
        Script(Step.Lose, 60 * SwapAttempts);
        await Assert.ThrowsAsync<CommitConflictException>(() => table.NewAppend().CommitAsync(TestTable.Cancel));

        // At most 100 + 200 + 400 + 800 ms and at least half of it pass before more than a second is over.
        Assert.InRange(_time.Waits.Count, 4, 5);
    }

    [Fact]
    public async Task A_commit_whose_base_another_writer_has_expired_starts_from_the_newest()
    {
        var table = await CreateAsync();
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        var other = await _catalog.LoadTableAsync(table.Identifier, TestTable.Cancel);
        await other.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel);
        await other.ExpireSnapshots().OlderThan(DateTimeOffset.MaxValue).RetainLast(1).RunAsync(TestTable.Cancel);
        Assert.DoesNotContain(table.CurrentSnapshot!.ManifestList, _io.Locations);

        await table.NewAppend().Add(TestTable.Month(2025, 3)).CommitAsync(TestTable.Cancel);

        Assert.Equal(["2025-01-0", "2025-02-0", "2025-03-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_base_that_is_broken_is_told_at_once()
    {
        var table = await CreateAsync();
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await _io.DeleteAsync(table.CurrentSnapshot!.ManifestList!, TestTable.Cancel);

        var failure = await Assert.ThrowsAsync<IcebergFormatException>(() =>
            table.NewAppend().Add(TestTable.Month(2025, 2)).CommitAsync(TestTable.Cancel));

        Assert.StartsWith("The manifest list is named by a snapshot but is not there.", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_time.Waits);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_by_looking()
    {
        var table = await CreateAsync();
        _catalog.Script.Enqueue(Step.HappenAndForget);
        var snapshot = await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        Assert.Equal(snapshot.SnapshotId, table.Metadata.CurrentSnapshotId);
        Assert.Equal(2, _catalog.Swaps);
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan()));
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_when_the_catalog_answers_again()
    {
        var table = await CreateAsync();
        _catalog.Script.Enqueue(Step.HappenAndGoSilent);
        await table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal(2, _catalog.Swaps);
    }

    [Fact]
    public async Task An_outcome_that_stays_unknown_deletes_nothing()
    {
        var table = await CreateAsync();
        var before = _io.Locations.Count;
        _catalog.Script.Enqueue(Step.FailAndForget);

        await Assert.ThrowsAsync<CommitStateUnknownException>(() =>
            table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel));

        // Manifest, manifest list and metadata file: whoever may refer to them still can.
        Assert.Equal(before + 3, _io.Locations.Count);
        Assert.Equal(2, _catalog.Swaps);
    }

    [Fact]
    public async Task A_commit_that_certainly_failed_cleans_up_and_is_not_repeated()
    {
        var table = await CreateAsync();
        var before = _io.Locations;
        _catalog.Script.Enqueue(Step.Refuse);
        var failure = await Assert.ThrowsAsync<IcebergException>(() =>
            table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel));
        Assert.Contains("disk of the database", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, _io.Locations);
    }

    [Fact]
    public async Task A_cancelled_commit_leaves_nothing_behind()
    {
        var table = await CreateAsync();
        var before = _io.Locations;
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            table.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(source.Token));
        Assert.Equal(before, _io.Locations);
    }

    [Fact]
    public async Task Properties_are_changed_on_top_of_other_changes()
    {
        var table = await CreateAsync();
        var other = await _catalog.LoadTableAsync(TestTable.Name, TestTable.Cancel);
        await other.NewAppend().Add(TestTable.Month(2025, 1)).CommitAsync(TestTable.Cancel);
        await table.UpdateProperties().Set("a", "1").Remove("write.parquet.compression-codec").CommitAsync(TestTable.Cancel);

        Assert.Equal(new Dictionary<string, string> { ["a"] = "1" }, table.Metadata.Properties);
        Assert.Equal(["2025-01-0"], await TestTable.FilesAsync(table.NewScan()));
        Assert.Equal(2, table.Metadata.MetadataLog.Count);
    }

    [Fact]
    public async Task A_change_without_effect_writes_nothing()
    {
        var table = await CreateAsync(new() { ["a"] = "1" });
        var before = _io.Locations;
        await table.UpdateProperties().Set("a", "1").Remove("b").CommitAsync(TestTable.Cancel);
        Assert.Equal(before, _io.Locations);
    }

    [Fact]
    public async Task Old_metadata_files_are_deleted_when_the_table_asks_for_it()
    {
        var table = await CreateAsync(new() { ["write.metadata.previous-versions-max"] = "2", ["write.metadata.delete-after-commit.enabled"] = "true" });
        for (var i = 0; i < 5; i++)
        {
            await table.UpdateProperties().Set("i", $"{i}").CommitAsync(TestTable.Cancel);
        }

        Assert.Equal([.. table.Metadata.MetadataLog.Select(e => e.MetadataFile), table.MetadataLocation], _io.Locations);
        Assert.StartsWith("mem:/warehouse/silver/energy/metadata/00005-", table.MetadataLocation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_is_written_and_read_as_gzip_when_the_table_asks_for_it()
    {
        var table = await CreateAsync(new() { ["write.metadata.compression-codec"] = "gzip" });
        Assert.EndsWith(".gz.metadata.json", table.MetadataLocation, StringComparison.Ordinal);
        await using var stream = await _io.OpenReadAsync(table.MetadataLocation, TestTable.Cancel);
        Assert.Equal([0x1f, 0x8b], new[] { (byte)stream.ReadByte(), (byte)stream.ReadByte() });
        Assert.Equal(3, (await new MetadataStore(_io, CommitContext.System).ReadAsync(table.MetadataLocation, TestTable.Cancel)).LastColumnId);
    }

    [Fact]
    public async Task A_table_of_the_same_name_is_noticed_to_be_another()
    {
        var catalog = new InMemoryCatalog("mem:/w", _io);
        await catalog.CreateNamespaceAsync(TestTable.Name.Namespace, cancellationToken: TestTable.Cancel);
        var table = await catalog.CreateTableAsync(TestTable.Name, new() { Schema = TestTable.Schema }, TestTable.Cancel);
        await catalog.DropTableAsync(TestTable.Name, TestTable.Cancel);
        await catalog.CreateTableAsync(TestTable.Name, new() { Schema = TestTable.Schema }, TestTable.Cancel);

        var failure = await Assert.ThrowsAsync<IcebergException>(() =>
            table.NewAppend().Add(TestTable.File("f")).CommitAsync(TestTable.Cancel));
        Assert.Contains("another table", failure.Message, StringComparison.Ordinal);
    }

    private Task<Table> CreateAsync(Dictionary<string, string>? properties = null) => _catalog.CreateTableAsync(
        TestTable.Name,
        new() { Schema = TestTable.Schema, Spec = TestTable.ByMonth, Properties = properties ?? [] },
        TestTable.Cancel);

    private void Script(Step step, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _catalog.Script.Enqueue(step);
        }
    }
}
