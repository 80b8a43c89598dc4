using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

public sealed class MergeTests
{
    private static readonly (string, IcebergType)[] Hours =
    [
        ("farm", IcebergType.String), ("hour", IcebergType.TimestampTz), ("energy", IcebergType.Double),
        ("created_at", IcebergType.TimestampTz), ("updated_at", IcebergType.TimestampTz),
    ];

    private static readonly MergeOptions Options = new()
    {
        KeyColumns = ["farm", "hour"], InsertStampColumns = ["created_at"], UpdateStampColumns = ["updated_at"],
    };

    private static readonly TableIdentifier Table = TableIdentifier.Parse("silver.hours");

    [Fact]
    public async Task New_rows_are_inserted_changed_ones_replaced_and_identical_ones_left_alone()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var before = await lake.FilesAsync("silver.hours");

        var outcome = await session.MergeAsync(Table, Rows("2024-01-02", """
            ('A', '2024-01-10', 1.0), -- the same
            ('B', '2024-01-10', 20.0), -- another energy
            ('C', '2024-02-10', NULL), -- a number becomes null
            ('D', '2024-03-10', 4.0) -- new, in a new month
            """), Options, Lake.Cancel);

        Assert.Equal((1, 2, 0, 1), (outcome.RowsInserted, outcome.RowsUpdated, outcome.RowsDeleted, outcome.RowsUnchanged));
        Assert.Equal(
            [
                "A|2024-01-10T00:00:00Z|1|2024-01-01T00:00:00Z|2024-01-01T00:00:00Z",
                "B|2024-01-10T00:00:00Z|20|2024-01-01T00:00:00Z|2024-01-02T00:00:00Z",
                "C|2024-02-10T00:00:00Z|null|2024-01-01T00:00:00Z|2024-01-02T00:00:00Z",
                "D|2024-03-10T00:00:00Z|4|2024-01-02T00:00:00Z|2024-01-02T00:00:00Z",
                "E|2024-04-10T00:00:00Z|5|2024-01-01T00:00:00Z|2024-01-01T00:00:00Z",
            ],
            await session.LinesAsync("SELECT * FROM iceberg.silver.hours ORDER BY farm"));

        // January and February are rewritten, March is new, April keeps its file.
        var after = await lake.FilesAsync("silver.hours");
        Assert.Equal(4, after.Count);
        Assert.Single(after, a => before.Any(b => b.FilePath.Equals(a.FilePath, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_merge_that_changes_nothing_leaves_no_trace()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var files = lake.FilesOnDisk();
        var snapshot = (await lake.LoadAsync("silver.hours")).CurrentSnapshot!.SnapshotId;

        var outcome = await session.MergeAsync(Table, Rows("2024-01-02", "('A', '2024-01-10', 1.0), ('E', '2024-04-10', 5.0)"), Options, Lake.Cancel);

        Assert.Equal(new WriteOutcome(null, 0, 0, 0, 2, 0), outcome);
        Assert.Equal(files, lake.FilesOnDisk());
        Assert.Equal(snapshot, (await lake.LoadAsync("silver.hours")).CurrentSnapshot!.SnapshotId);
    }

    [Fact]
    public async Task A_watermark_advances_even_when_no_row_changes()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var options = Options with
        {
            Write = new WriteOptions
            {
                CommitWhenEmpty = true,
                SnapshotProperties = new Dictionary<string, string>(StringComparer.Ordinal) { ["pvlake.source"] = "42" },
            },
        };
        var same = Rows("2024-01-02", "('A', '2024-01-10', 1.0)");

        Assert.True((await session.MergeAsync(Table, same, options, Lake.Cancel)).Committed);
        Assert.Equal("42", (await lake.LoadAsync("silver.hours")).CurrentSnapshot!.Summary["pvlake.source"]);
        Assert.False((await session.MergeAsync(Table, same, options, Lake.Cancel)).Committed);
        Assert.Equal(["4"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.hours"));
    }

    [Fact]
    public async Task Pure_inserts_only_add_files()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var before = (await lake.FilesAsync("silver.hours")).Select(f => f.FilePath).ToHashSet(StringComparer.Ordinal);

        var outcome = await session.MergeAsync(Table, Rows("2024-01-02", "('X', '2024-01-10', 1.0)"), Options, Lake.Cancel);

        Assert.Equal(1, outcome.RowsInserted);
        var after = (await lake.FilesAsync("silver.hours")).Select(f => f.FilePath).ToList();
        Assert.Superset(before, after.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(before.Count + 1, after.Count);
    }

    [Theory]
    [InlineData("('A', '2024-01-10', 1.0), ('B', '2024-01-10', 2.0), ('A', '2024-01-10', 3.0)", "The merge into silver.hours has 2 rows of one key (farm = 'A', hour = 2024-01-10 00:00:00Z); the SELECT must give each key once.")]
    [InlineData("(NULL, '2024-01-10', 1.0)", "The merge into silver.hours has a row with a null in its key (farm = null, hour = 2024-01-10 00:00:00Z); key columns must have values.")]
    public async Task A_source_with_doubtful_keys_is_refused(string rows, string message)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.MergeAsync(Table, Rows("2024-01-02", rows), Options, Lake.Cancel));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task Unknown_merge_columns_are_refused()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var error = await Assert.ThrowsAsync<SqlEngineException>(() =>
            session.MergeAsync(Table, Rows("2024-01-02", "('A', '2024-01-10', 1.0)"), Options with { KeyColumns = ["plant"] }, Lake.Cancel));
        Assert.Equal("Table silver.hours has no column 'plant' to be a key column of a merge; it has farm, hour, energy, created_at, updated_at.", error.Message);
    }

    [Fact]
    public async Task Missing_rows_are_deleted_only_inside_the_scope()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        await session.ExecuteAsync("CREATE TEMP TABLE affected AS SELECT 'B' AS farm UNION ALL SELECT 'C' UNION ALL SELECT 'A'", Lake.Cancel);

        var outcome = await session.MergeAsync(
            Table, Rows("2024-01-02", "('C', '2024-02-10', 3.0)"),
            Options with { DeleteMissing = "hour < TIMESTAMPTZ '2024-03-01 00:00:00+00' AND farm IN (SELECT farm FROM affected) -- of these" },
            Lake.Cancel);

        Assert.Equal((0, 0, 2, 1), (outcome.RowsInserted, outcome.RowsUpdated, outcome.RowsDeleted, outcome.RowsUnchanged));
        Assert.Equal(["C", "E"], await session.LinesAsync("SELECT farm FROM iceberg.silver.hours ORDER BY farm"));
        Assert.Equal(2, (await lake.FilesAsync("silver.hours")).Count);
    }

    [Fact]
    public async Task A_merge_can_make_the_table_equal_the_source()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var outcome = await session.MergeAsync(Table, Rows("2024-01-02", "('B', '2024-01-10', 2.5)"), Options with { DeleteMissing = "true" }, Lake.Cancel);
        Assert.Equal((0, 1, 3, 0), (outcome.RowsInserted, outcome.RowsUpdated, outcome.RowsDeleted, outcome.RowsUnchanged));
        Assert.Equal(["B|2.5"], await session.LinesAsync("SELECT farm, energy FROM iceberg.silver.hours"));

        outcome = await session.MergeAsync(Table, Rows("2024-01-02", "('B', '2024-01-10', 2.5)") + " WHERE false", Options with { DeleteMissing = "true" }, Lake.Cancel);
        Assert.Equal(1, outcome.RowsDeleted);
        Assert.Empty(await lake.FilesAsync("silver.hours"));
    }

    [Fact]
    public async Task A_merge_finds_its_rows_among_many_files_and_partitions()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.hours", Hours, s => PartitionSpec.For(s).Month("hour").Build(), ["farm", "hour"]);
        var session = await lake.OpenAsync();
        var random = new Random(20240101);
        var model = new Dictionary<(string, DateTime), double?>();
        for (var round = 0; round < 8; round++)
        {
            var start = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            var batch = Enumerable.Range(0, 60)
                .Select(_ => ($"F{random.Next(4)}", start.AddHours(6 * random.Next(300)), random.Next(5) == 0 ? (double?)null : random.Next(3)))
                .DistinctBy(r => (r.Item1, r.Item2)).ToList();
            await session.StageAsync(
                "batch",
                [new("farm", IcebergType.String), new("hour", IcebergType.TimestampTz), new("energy", IcebergType.Double)],
                batch.Select(r => new object?[] { r.Item1, r.Item2, r.Item3 }).ToAsyncEnumerable(), Lake.Cancel);

            var outcome = await session.MergeAsync(Table, "SELECT * FROM batch", Options, Lake.Cancel);

            var inserted = batch.Count(r => !model.ContainsKey((r.Item1, r.Item2)));
            var updated = batch.Count(r => model.TryGetValue((r.Item1, r.Item2), out var old) && old != r.Item3);
            Assert.Equal((inserted, updated, batch.Count - inserted - updated), (outcome.RowsInserted, outcome.RowsUpdated, outcome.RowsUnchanged));
            batch.ForEach(r => model[(r.Item1, r.Item2)] = r.Item3);
            var expected = model.Select(e => (e.Key.Item1, e.Key.Item2, e.Value)).Order();
            var rows = await (await session.QueryAsync("SELECT farm, hour, energy FROM iceberg.silver.hours ORDER BY ALL", null, Lake.Cancel)).ToListAsync(Lake.Cancel);
            Assert.Equal(expected, rows.Select(r => ((string)r[0]!, (DateTime)r[1]!, (double?)r[2])).Order());
        }
    }

    [Fact]
    public async Task Concurrent_merges_lose_and_double_nothing()
    {
        await using var lake = await Lake.MakeAsync();
        await StartAsync(lake);

        // Each writer inserts rows of its own, and all of them insert or raise the same shared row.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            await using var session = await lake.Engine.OpenSessionAsync(Lake.Cancel);
            for (var i = 0; i < 3; i++)
            {
                await session.MergeAsync(
                    Table,
                    Rows("2024-01-02", $"('W{writer}', '2024-01-{10 + i}', {i}), ('shared', '2024-01-01', {(writer * 10) + i})"),
                    Options, Lake.Cancel);
            }
        }));

        var session = await lake.OpenAsync();
        Assert.Equal(["17|17"], await session.LinesAsync("SELECT count(*), count(DISTINCT (farm, hour)) FROM iceberg.silver.hours"));
        Assert.Equal(["0|3", "1|3", "2|3", "3|3"], await session.LinesAsync(
            "SELECT farm[2:], count(*) FROM iceberg.silver.hours WHERE farm LIKE 'W%' GROUP BY ALL ORDER BY ALL"));
        Assert.Equal(
            (await session.LinesAsync("SELECT count(*) FROM glob('" + lake.Warehouse + "/**/*.parquet')"))[0],
            lake.FilesOnDisk().Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await AssertNoStrayFilesAsync(lake);
    }

    [Fact]
    public async Task Concurrent_overwrites_and_appends_end_in_some_order()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.n", [("n", IcebergType.Int)]);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async writer =>
        {
            await using var session = await lake.Engine.OpenSessionAsync(Lake.Cancel);
            for (var i = 0; i < 3; i++)
            {
                await session.AppendAsync(TableIdentifier.Parse("silver.n"), "SELECT 1 AS n", WriteOptions.Default, Lake.Cancel);
                await session.OverwriteAsync(TableIdentifier.Parse("silver.n"), "SELECT * FROM iceberg.silver.n", WriteOptions.Default, Lake.Cancel);
            }
        }));
        var session = await lake.OpenAsync();
        Assert.Equal(["9"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.n"));
    }

    private static async Task<ISqlSession> StartAsync(Lake lake)
    {
        await lake.CreateAsync("silver.hours", Hours, s => PartitionSpec.For(s).Month("hour").Build(), ["farm", "hour"], required: ["farm", "hour"]);
        var session = await lake.OpenAsync();
        await session.MergeAsync(Table, Rows("2024-01-01", "('A', '2024-01-10', 1.0), ('B', '2024-01-10', 2.0), ('C', '2024-02-10', 3.0), ('E', '2024-04-10', 5.0)"), Options, Lake.Cancel);
        return session;
    }

    private static string Rows(string stamp, string values) => $"""
        SELECT farm, CAST(day || ' 00:00:00+00' AS TIMESTAMPTZ) AS hour, energy,
               TIMESTAMPTZ '{stamp} 00:00:00+00' AS created_at, TIMESTAMPTZ '{stamp} 00:00:00+00' AS updated_at
        FROM (VALUES {values}
        ) t(farm, day, energy)
        """;

    /// <summary>Every data file on disk must be known to some snapshot.</summary>
    private static async Task AssertNoStrayFilesAsync(Lake lake)
    {
        var table = await lake.LoadAsync("silver.hours");
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var snapshot in table.Metadata.Snapshots)
        {
            await foreach (var task in table.NewScan().UseSnapshot(snapshot.SnapshotId).PlanFilesAsync(Lake.Cancel))
            {
                known.Add(Iceberg.IO.LocalFileIO.PathOf(task.File.FilePath));
            }
        }

        Assert.Equal(known.Order(StringComparer.Ordinal).ToArray(), lake.FilesOnDisk().ToArray());
    }
}
