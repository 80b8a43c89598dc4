using PvLakehouse.Iceberg;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>Compaction with real files: the rows before and after are the same, the files are not.</summary>
public sealed class CompactionTests : IAsyncLifetime
{
    private const string Name = "silver.energy";

    private static readonly (string Name, IcebergType Type)[] Columns =
        [("farm", IcebergType.String), ("hour", IcebergType.TimestampTz), ("mwh", IcebergType.Double)];

    private Lake _lake = null!;
    private ISqlSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        _lake = await Lake.MakeAsync();
        _session = await _lake.OpenAsync();
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    [Fact]
    public async Task Small_files_become_one_for_each_partition_and_every_row_stays()
    {
        await _lake.CreateAsync(Name, Columns, s => PartitionSpec.For(s).Month("hour").Build(), sortedBy: ["farm"]);
        for (var i = 0; i < 5; i++)
        {
            await AppendAsync($"A{i}", 40);
        }

        var before = await RowsAsync();
        var table = await _lake.LoadAsync(Name);
        var plan = await table.RewriteDataFiles().PlanAsync(Lake.Cancel);
        var result = await table.RewriteDataFiles().RunAsync(_session, Lake.Cancel);

        // 40 days from 1 January lie in two months; each append made a file in both.
        Assert.Equal(["hour_month=2026-01", "hour_month=2026-02"],
            plan.Groups.Select(g => g.Partition).Order(StringComparer.Ordinal));
        Assert.Equal((10, 10L, 2L, 0L),
            (plan.FilesCount, result.RewrittenDataFilesCount, result.AddedDataFilesCount, result.FailedDataFilesCount));
        Assert.Equal(plan.SizeBytes, result.RewrittenBytesCount);
        Assert.Equal("replace", table.CurrentSnapshot?.Operation);
        Assert.Equal(before, await RowsAsync());
        Assert.Equal(200, before.Length);
        Assert.Equal(2, (await _lake.FilesAsync(Name)).Count);
        Assert.Empty((await table.RewriteDataFiles().PlanAsync(Lake.Cancel)).Groups);

        // The file keeps the order that the table asks for.
        var january = (await _lake.FilesAsync(Name)).Single(
            f => f.FilePath.Contains("2026-01", StringComparison.Ordinal));
        Assert.Equal(table.SortOrder.OrderId, january.SortOrderId);
    }

    [Fact]
    public async Task The_snapshots_before_still_read_and_expire_with_their_files()
    {
        await _lake.CreateAsync(Name, Columns);
        for (var i = 0; i < 5; i++)
        {
            await AppendAsync($"A{i}", 10);
        }

        var table = await _lake.LoadAsync(Name);
        var old = table.CurrentSnapshot!.SnapshotId;
        await table.RewriteDataFiles().RunAsync(_session, Lake.Cancel);
        await _session.BindAsync("earlier", new TableAt(TableIdentifier.Parse(Name), old), Lake.Cancel);
        Assert.Equal(50L, await _session.ScalarAsync("SELECT count(*) FROM earlier"));

        var before = await RowsAsync();
        var expired = await table.ExpireSnapshots().OlderThan(DateTimeOffset.MaxValue).RunAsync(Lake.Cancel);

        Assert.Equal(5, expired.Files.DataFiles);
        Assert.Single(_lake.FilesOnDisk());
        Assert.Equal(before, await RowsAsync());
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 0)]
    public async Task A_file_with_many_deleted_rows_is_rewritten_without_them_and_its_deletes_go(
        int deleted, int rewritten)
    {
        var table = await _lake.CreateAsync(Name, Columns);
        await AppendAsync("A", 10);
        await DeleteAsync(deleted);
        var before = await RowsAsync();
        Assert.Equal(10 - deleted, before.Length);

        // 3 of 10 rows are the 0.3 from which on a file is rewritten whatever its size; it is alone in its group.
        await table.RefreshAsync(Lake.Cancel);
        var result = await table.RewriteDataFiles().RunAsync(_session, Lake.Cancel);

        Assert.Equal(
            (rewritten, rewritten, rewritten),
            (result.RewrittenDataFilesCount, result.AddedDataFilesCount, result.RemovedDeleteFilesCount));
        Assert.Equal(before, await RowsAsync());
        Assert.Equal(1 - rewritten, await table.Inspect().DeleteFilesAsync(null, Lake.Cancel).CountAsync(Lake.Cancel));
    }

    [Fact]
    public async Task Rows_that_somebody_deletes_meanwhile_are_a_conflict_and_do_not_come_back()
    {
        var table = await _lake.CreateAsync(Name, Columns);
        await AppendAsync("A", 10);
        var engine = new Interrupted(_session, () => DeleteAsync(2));
        await table.RefreshAsync(Lake.Cancel);

        await Assert.ThrowsAsync<CommitConflictException>(
            () => table.RewriteDataFiles(new() { RewriteAll = true }).RunAsync(engine, Lake.Cancel));

        Assert.Equal(8, (await RowsAsync()).Length);
    }

    [Fact]
    public async Task Another_order_sorts_the_rows_of_the_new_file()
    {
        var table = await _lake.CreateAsync(Name, Columns, sortedBy: ["farm"]);
        for (var i = 0; i < 3; i++)
        {
            await AppendAsync($"A{i}", 20);
        }

        var byEnergy = new SortOrder(
            1, [new SortField(3, Transform.Identity, SortDirection.Descending, NullOrder.Last)]);
        await table.RewriteDataFiles(new() { RewriteAll = true, SortOrder = byEnergy }).RunAsync(_session, Lake.Cancel);

        // The table has no such order, so its id cannot be recorded.
        var file = Assert.Single(await _lake.FilesAsync(Name));
        Assert.Null(file.SortOrderId);
        Assert.Equal("true", (await _session.LinesAsync(
            $"SELECT bool_and(mwh <= before) FROM (SELECT mwh, lag(mwh) OVER () AS before FROM iceberg.{Name}) WHERE before IS NOT NULL"))[0], ignoreCase: true);
    }

    [Fact]
    public async Task Large_files_are_cut_to_the_target_size()
    {
        var table = await _lake.CreateAsync(Name, Columns);
        await _session.AppendAsync(
            Name, "SELECT 'A' AS farm, TIMESTAMPTZ '2026-01-01' + INTERVAL 1 HOUR * i AS hour, random() AS mwh FROM range(200000) r(i)");
        var size = Assert.Single(await _lake.FilesAsync(Name)).FileSizeInBytes;
        var before = await _session.LinesAsync($"SELECT count(*), sum(hash(mwh)) FROM iceberg.{Name}");

        var result = await table.RewriteDataFiles(new() { TargetFileSizeBytes = size / 4 }).RunAsync(
            _session, Lake.Cancel);

        Assert.Equal((1L, 4L), (result.RewrittenDataFilesCount, result.AddedDataFilesCount));
        Assert.All(await _lake.FilesAsync(Name), f => Assert.InRange(f.FileSizeInBytes, size / 8, size / 2));
        Assert.Equal(before, await _session.LinesAsync($"SELECT count(*), sum(hash(mwh)) FROM iceberg.{Name}"));
    }

    [Fact]
    public async Task Files_of_an_old_spec_are_laid_by_the_new_one()
    {
        var table = await _lake.CreateAsync(Name, Columns);
        await AppendAsync("A", 40);
        await AppendAsync("B", 40);
        await table.RefreshAsync(Lake.Cancel);
        await table.UpdateAsync(
            b => b.AddSpec(PartitionSpec.For(table.Schema).Month("hour").Build()).SetDefaultSpec(-1), Lake.Cancel);
        var before = await RowsAsync();

        await table.RewriteDataFiles(new() { RewriteAll = true }).RunAsync(_session, Lake.Cancel);

        Assert.Equal(before, await RowsAsync());
        Assert.Equal(["2026-01", "2026-02"], (await _lake.FilesAsync(Name))
            .Select(f => table.Spec.PartitionPath(f.Partition)["hour_month=".Length..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_filter_rewrites_only_what_may_match()
    {
        var table = await _lake.CreateAsync(Name, Columns, s => PartitionSpec.For(s).Identity("farm").Build());
        for (var i = 0; i < 2; i++)
        {
            await AppendAsync("A", 5);
            await AppendAsync("B", 5);
        }

        var result = await table.RewriteDataFiles(new() { Filter = Expression.Equal("farm", "A"), MinInputFiles = 2 })
            .RunAsync(_session, Lake.Cancel);

        Assert.Equal((2L, 1L), (result.RewrittenDataFilesCount, result.AddedDataFilesCount));
        Assert.Equal(["A", "B", "B"],
            (await _lake.FilesAsync(Name)).Select(f => f.Partition[0]!.Value.AsString).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_that_somebody_replaces_meanwhile_is_a_conflict_and_the_new_files_go()
    {
        var table = await _lake.CreateAsync(Name, Columns);
        await AppendAsync("A", 5);
        await AppendAsync("B", 5);
        var engine = new Interrupted(_session, () => _session.MergeAsync(
            Name, "SELECT 'A' AS farm, TIMESTAMPTZ '2026-01-01' AS hour, 99.0 AS mwh", "farm", "hour"));
        var files = _lake.FilesOnDisk().Count;

        await Assert.ThrowsAsync<CommitConflictException>(
            () => table.RewriteDataFiles(new() { MinInputFiles = 2 }).RunAsync(engine, Lake.Cancel));

        // The merge added one file; nothing of the compaction is left.
        Assert.Equal(files + 1, _lake.FilesOnDisk().Count);
        Assert.Equal("99", (await _session.LinesAsync(
            $"SELECT mwh FROM iceberg.{Name} WHERE farm = 'A' AND hour = '2026-01-01'"))[0]);
    }

    [Fact]
    public async Task Rows_that_somebody_adds_meanwhile_are_no_conflict()
    {
        var table = await _lake.CreateAsync(Name, Columns);
        await AppendAsync("A", 5);
        await AppendAsync("B", 5);
        var engine = new Interrupted(_session, () => AppendAsync("C", 5));

        await table.RewriteDataFiles(new() { MinInputFiles = 2 }).RunAsync(engine, Lake.Cancel);

        Assert.Equal(2, (await _lake.FilesAsync(Name)).Count);
        Assert.Equal("15", (await _session.LinesAsync($"SELECT count(*) FROM iceberg.{Name}"))[0]);
    }

    [Fact]
    public async Task With_partial_progress_a_failed_commit_costs_only_its_own_groups()
    {
        var table = await _lake.CreateAsync(Name, Columns, s => PartitionSpec.For(s).Identity("farm").Build());
        foreach (var farm in new[] { "A", "B", "C" })
        {
            await AppendAsync(farm, 5);
            await AppendAsync(farm, 6);
        }

        // While the first group is being rewritten, one of its files is replaced.
        var engine = new Interrupted(_session, async group => await _session.MergeAsync(
            Name, $"SELECT '{group.Files[0].File.Partition[0]}' AS farm, TIMESTAMPTZ '2026-01-01' AS hour, 99.0 AS mwh",
                "farm", "hour"));
        var options = new RewriteDataFilesOptions { MinInputFiles = 2, PartialProgress = true,
            PartialProgressMaxCommits = 3 };
        var result = await table.RewriteDataFiles(options).RunAsync(engine, Lake.Cancel);

        Assert.Equal((4L, 2L, 2L),
            (result.RewrittenDataFilesCount, result.AddedDataFilesCount, result.FailedDataFilesCount));
        Assert.NotNull(result.FirstFailure);
        Assert.Equal("33", (await _session.LinesAsync($"SELECT count(*) FROM iceberg.{Name}"))[0]);
    }

    [Fact]
    public async Task An_engine_that_loses_rows_gets_nothing_committed()
    {
        var table = await _lake.CreateAsync(Name, Columns);
        await AppendAsync("A", 5);
        await AppendAsync("B", 5);
        var before = await RowsAsync();
        var files = _lake.FilesOnDisk();

        var refused = await Assert.ThrowsAsync<IcebergException>(
            () => table.RewriteDataFiles(new() { MinInputFiles = 2 }).RunAsync(new Losing(_session), Lake.Cancel));

        Assert.Contains("hold 5 rows and those that they replace 10", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await RowsAsync());
        Assert.Equal(files, _lake.FilesOnDisk());
    }

    private Task<WriteOutcome> AppendAsync(string farm, int days) =>
        _session.AppendAsync(Name, FormattableString.Invariant(
        $"SELECT '{farm}' AS farm, TIMESTAMPTZ '2026-01-01' + INTERVAL 1 DAY * i AS hour, CASE WHEN i = 3 THEN NULL ELSE hash(i, '{farm}') / 1e15 END AS mwh FROM range({days}) r(i)"));

    /// <summary>Deletes the first rows of the only data file by their positions, as merge-on-read writers do.</summary>
    private async Task DeleteAsync(int count)
    {
        var data = Assert.Single(await _lake.FilesAsync(Name));
        var path = Path.Combine(Path.GetDirectoryName(data.FilePath)!, $"{count}-deletes.parquet");
        await _session.ExecuteAsync(
            $$"""
            COPY (SELECT '{{data.FilePath}}' AS file_path, i AS pos FROM range({{count}}) r(i)) TO '{{path}}'
            (FORMAT parquet, FIELD_IDS {file_path: 2147483546, pos: 2147483545})
            """,
            Lake.Cancel);
        var deletes = new DataFile
        {
            Content = FileContent.PositionDeletes,
            FilePath = path,
            RecordCount = count,
            FileSizeInBytes = new FileInfo(path).Length,
            ReferencedDataFile = data.FilePath,
        };
        await (await _lake.LoadAsync(Name)).NewRowDelta().AddDeletes(deletes).CommitAsync(Lake.Cancel);
    }

    private Task<string[]> RowsAsync() => _session.LinesAsync($"SELECT * FROM iceberg.{Name} ORDER BY ALL");

    /// <summary>An engine during whose first group something else happens.</summary>
    private sealed class Interrupted(IFileGroupRewriter inner, Func<FileGroup, Task> meanwhile) : IFileGroupRewriter
    {
        private bool _done;

        public Interrupted(IFileGroupRewriter inner, Func<Task> meanwhile)
            : this(inner, _ => meanwhile())
        {
        }

        public async Task<IReadOnlyList<DataFile>> RewriteAsync(
            Table table, FileGroup group, CancellationToken cancellationToken = default)
        {
            var files = await inner.RewriteAsync(table, group, cancellationToken);
            if (!_done)
            {
                _done = true;
                await meanwhile(group);
            }

            return files;
        }
    }

    /// <summary>An engine that forgets every group's last file.</summary>
    private sealed class Losing(IFileGroupRewriter inner) : IFileGroupRewriter
    {
        public Task<IReadOnlyList<DataFile>> RewriteAsync(
            Table table, FileGroup group, CancellationToken cancellationToken = default) =>
            inner.RewriteAsync(table, group with { Files = [group.Files[0]] }, cancellationToken);
    }
}
