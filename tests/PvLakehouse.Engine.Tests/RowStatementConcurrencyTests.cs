using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Spec;
using PvLakehouse.Iceberg.Sql;

namespace PvLakehouse.Engine.Tests;

/// <summary>Statements during which another catalog and engine commit to the same table, at chosen places.</summary>
public sealed class RowStatementConcurrencyTests
{
    /// <summary>Between reading and writing, and between writing the manifests and swapping the metadata.</summary>
    [Theory]
    [InlineData(".parquet")]
    [InlineData(".avro")]
    public async Task Of_two_updates_at_once_neither_is_lost(string place)
    {
        await using var lake = await StartAsync();
        await using var other = await Second.OpenAsync(lake);
        var first = await lake.OpenAsync();
        other.Io.Before(place, () => first.RunLinesAsync("UPDATE iceberg.silver.t SET n = n + 1"));

        var line = Assert.Single(await other.Session.RunLinesAsync("UPDATE iceberg.silver.t SET n = n + 10"));

        Assert.StartsWith("0|4|0|", line, StringComparison.Ordinal);
        Assert.Equal(["1|11", "2|11", "3|11", "4|11"], await first.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id"));

        // One file of each committed snapshot; the attempt that lost left none.
        Assert.Equal(3, lake.FilesOnDisk().Count);
    }

    [Fact]
    public async Task Updates_of_two_sessions_all_count()
    {
        await using var lake = await StartAsync();
        await using var other = await Second.OpenAsync(lake, conflictRetries: 1000);
        await using var third = await Second.OpenAsync(lake, conflictRetries: 1000);

        await Task.WhenAll(AddAsync(other.Session), AddAsync(third.Session));

        Assert.Equal(["1|12", "2|12", "3|12", "4|12"], await other.Session.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id"));

        static Task AddAsync(ISqlSession session) => Task.Run(
            async () =>
            {
                for (var i = 0; i < 6; i++)
                {
                    await session.RunLinesAsync("UPDATE iceberg.silver.t SET n = n + 1");
                }
            },
            Lake.Cancel);
    }

    /// <summary>A row that meets the condition comes meanwhile: only serializable isolation runs the statement again.</summary>
    [Theory]
    [InlineData("update", "snapshot", "UPDATE iceberg.silver.t SET n = 7 WHERE id > 1", "1|0; 2|7; 3|7; 4|7; 9|0")]
    [InlineData("update", "serializable", "UPDATE iceberg.silver.t SET n = 7 WHERE id > 1", "1|0; 2|7; 3|7; 4|7; 9|7")]
    [InlineData("delete", "snapshot", "DELETE FROM iceberg.silver.t WHERE id > 1", "1|0; 9|0")]
    [InlineData("delete", "serializable", "DELETE FROM iceberg.silver.t WHERE id > 1", "1|0")]
    [InlineData("merge", "snapshot", Merge, "1|0; 2|0; 3|0; 4|5; 9|0; 9|5")]
    [InlineData("merge", "serializable", Merge, "1|0; 2|0; 3|0; 4|5; 9|5")]
    public async Task Isolation_is_that_of_the_table(string statement, string isolation, string sql, string rows)
    {
        await using var lake = await StartAsync();
        await using var other = await Second.OpenAsync(lake);
        var first = await lake.OpenAsync();
        await first.RunLinesAsync($"ALTER TABLE iceberg.silver.t SET TBLPROPERTIES ('write.{statement}.isolation-level' = '{isolation}')");
        other.Io.Before(".avro", () => first.RunLinesAsync("INSERT INTO iceberg.silver.t VALUES (9, 0)"));

        await other.Session.RunLinesAsync(sql);

        Assert.Equal(rows, string.Join("; ", await first.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY ALL")));
    }

    /// <summary>A row comes meanwhile that the statement would not change, but that decides what it does.</summary>
    [Theory]
    [InlineData("UPDATE iceberg.silver.t SET n = (SELECT max(id) FROM iceberg.silver.t) WHERE id = 1", "1|9; 2|0; 3|0; 4|0; 9|0")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE id = 2 OR (id = 1 AND EXISTS (FROM iceberg.silver.t x WHERE x.id = 9))", "3|0; 4|0; 9|0")]
    [InlineData(
        "MERGE INTO iceberg.silver.t USING (SELECT 1 AS k, max(id) AS m FROM iceberg.silver.t) s ON t.id = s.k WHEN MATCHED THEN UPDATE SET n = m",
        "1|9; 2|0; 3|0; 4|0; 9|0")]
    [InlineData("", "1|9; 2|0; 3|0; 4|0; 9|0")]
    public async Task A_statement_that_reads_its_table_elsewhere_minds_every_row_of_it(string sql, string rows)
    {
        await using var lake = await StartAsync();
        await using var other = await Second.OpenAsync(lake);
        var first = await lake.OpenAsync();
        other.Io.Before(".avro", () => first.RunLinesAsync("INSERT INTO iceberg.silver.t VALUES (9, 0)"));

        if (sql.Length > 0)
        {
            await other.Session.RunLinesAsync(sql);
        }
        else
        {
            await other.Session.MergeAsync("silver.t", "SELECT 1 AS id, max(id) AS n FROM iceberg.silver.t", "id");
        }

        Assert.Equal(rows, string.Join("; ", await first.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id")));
    }

    [Theory]
    [InlineData("UPDATE iceberg.silver.t SET n = 7 WHERE id < 3")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE id = 2")]
    [InlineData("MERGE INTO iceberg.silver.t USING (VALUES (1, 7), (2, 7)) s(id, n) ON t.id = s.id WHEN MATCHED THEN UPDATE SET *")]
    public async Task Rows_that_do_not_concern_a_statement_do_not_disturb_it(string sql)
    {
        await using var lake = await StartAsync();
        await using var other = await Second.OpenAsync(lake, conflictRetries: 0);
        var first = await lake.OpenAsync();
        other.Io.Before(".avro", () => first.RunLinesAsync("INSERT INTO iceberg.silver.t VALUES (9, 0)"));

        await other.Session.RunLinesAsync(sql);

        Assert.Contains("9|0", await first.LinesAsync("SELECT * FROM iceberg.silver.t"));
    }

    [Theory]
    [InlineData("UPDATE iceberg.silver.t SET n = 7", "update it")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE id > 2", "delete from it")]
    [InlineData(Merge, "merge into it")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t VALUES (5, 5)", "overwrite it")]
    public async Task A_statement_that_loses_every_race_says_so_and_leaves_nothing(string sql, string doing)
    {
        await using var lake = await StartAsync();
        await using var other = await Second.OpenAsync(lake, conflictRetries: 0);
        var first = await lake.OpenAsync();
        other.Io.Before(".avro", () => first.RunLinesAsync("UPDATE iceberg.silver.t SET n = 1"));

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => other.Session.RunLinesAsync(sql));

        Assert.Equal(
            $"Table silver.t was changed by others during each of 1 attempts to {doing}; nothing was written. Try again when they are done.", error.Message);
        Assert.Equal(["1|1", "2|1", "3|1", "4|1"], await first.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id"));
        Assert.Equal(2, lake.FilesOnDisk().Count);
    }

    /// <summary>Even snapshot isolation may not bring back rows of a file that it rewrites.</summary>
    [Theory]
    [InlineData("update", "UPDATE iceberg.silver.t SET n = 7 WHERE id < 3", "1|7; 2|7; 4|0")]
    [InlineData("delete", "DELETE FROM iceberg.silver.t WHERE id < 3", "4|0")]
    [InlineData("merge", Merge, "1|0; 2|0; 4|5; 9|5")]
    public async Task Rows_that_others_delete_meanwhile_stay_deleted(string statement, string sql, string rows)
    {
        foreach (var byPlace in new[] { true, false })
        {
            await using var lake = await StartAsync();
            await using var other = await Second.OpenAsync(lake);
            var first = await lake.OpenAsync();
            await first.RunLinesAsync($"ALTER TABLE iceberg.silver.t SET TBLPROPERTIES ('write.{statement}.isolation-level' = 'snapshot')");
            var deletes = new MergeOnRead(lake, first, "silver.t");
            other.Io.Before(".avro", () => byPlace ? deletes.DeletePositionsAsync("id = 3") : deletes.DeleteKeysAsync("id", 1, "[3]"));

            await other.Session.RunLinesAsync(sql);

            Assert.Equal(rows, string.Join("; ", await first.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id")));
        }
    }

    [Fact]
    public async Task Columns_that_change_meanwhile_stop_a_statement_that_has_to_run_again()
    {
        await using var lake = await StartAsync();
        await using var other = await Second.OpenAsync(lake);
        var first = await lake.OpenAsync();
        other.Io.Before(".avro", async () =>
        {
            await first.RunLinesAsync("ALTER TABLE iceberg.silver.t ADD COLUMN more integer");
            await first.RunLinesAsync("UPDATE iceberg.silver.t SET more = 5");
        });

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => other.Session.RunLinesAsync("UPDATE iceberg.silver.t SET n = 7"));

        Assert.Equal("The columns or partitions of table silver.t were changed meanwhile; nothing was written. Run the statement again.", error.Message);
        Assert.Equal(["1|0|5", "2|0|5", "3|0|5", "4|0|5"], await first.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id"));
    }

    /// <summary>A dynamic overwrite has to do with its own partitions alone.</summary>
    [Theory]
    [InlineData("b", null)]
    [InlineData("a", "Table silver.p was changed by others during each of 1 attempts to overwrite it; nothing was written. Try again when they are done.")]
    public async Task An_overwrite_of_partitions_minds_only_what_others_do_to_these(string part, string? message)
    {
        await using var lake = await StartAsync();
        await lake.CreateAsync("silver.p", [("id", IcebergType.Int), ("part", IcebergType.String)], s => PartitionSpec.For(s).Identity("part").Build());
        await using var other = await Second.OpenAsync(lake, conflictRetries: 0);
        var first = await lake.OpenAsync();
        await first.AppendAsync("silver.p", "SELECT 1 AS id, 'a' AS part");
        other.Io.Before(".avro", () => first.RunLinesAsync($"INSERT INTO iceberg.silver.p VALUES (2, '{part}')"));

        var overwrite = other.Session.RunLinesAsync("INSERT OVERWRITE iceberg.silver.p VALUES (3, 'a')");
        if (message is null)
        {
            await overwrite;
        }
        else
        {
            Assert.Equal(message, (await Assert.ThrowsAsync<SqlEngineException>(() => overwrite)).Message);
        }

        Assert.Equal(message is null ? ["2", "3"] : ["1", "2"], await first.LinesAsync("SELECT id FROM iceberg.silver.p ORDER BY id"));
    }

    [Fact]
    public async Task An_isolation_that_does_not_exist_is_refused()
    {
        await using var lake = await StartAsync();
        var session = await lake.OpenAsync();
        await session.RunLinesAsync("ALTER TABLE iceberg.silver.t SET TBLPROPERTIES ('write.update.isolation-level' = 'none')");

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync("UPDATE iceberg.silver.t SET n = 7"));

        Assert.Equal("Table property 'write.update.isolation-level' of silver.t is 'none'; expected serializable or snapshot.", error.Message);
        Assert.Single(lake.FilesOnDisk());
    }

    [Fact]
    public async Task A_table_made_from_a_query_is_seen_with_its_rows_or_not_at_all()
    {
        await using var lake = await StartAsync();
        await using var other = await Second.OpenAsync(lake);
        var first = await lake.OpenAsync();
        var missing = "";
        other.Io.Before(".avro", async () =>
        {
            missing = (await Assert.ThrowsAsync<SqlEngineException>(() => first.LinesAsync("FROM iceberg.silver.x"))).Message;
            await first.RunLinesAsync("CREATE TABLE iceberg.silver.x (a int)");
        });

        await Assert.ThrowsAsync<SqlEngineException>(() => other.Session.RunLinesAsync("CREATE TABLE iceberg.silver.x AS SELECT 1 AS n"));

        // The other one was first; its table is whole, and nothing is left of ours.
        Assert.StartsWith("There is no table", missing, StringComparison.Ordinal);
        Assert.Equal(["a"], (await lake.LoadAsync("silver.x")).Schema.Columns.Select(c => c.Name));
        Assert.Single(lake.FilesOnDisk());
    }

    private const string Merge = """
        MERGE INTO iceberg.silver.t USING (VALUES (4, 5), (9, 5)) s(id, n) ON t.id = s.id
        WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *
        """;

    /// <summary>A table of four rows in one file, all with 0.</summary>
    private static async Task<Lake> StartAsync()
    {
        var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", [("id", IcebergType.Int), ("n", IcebergType.Int)]);
        await (await lake.OpenAsync()).AppendAsync("silver.t", "SELECT i::INTEGER AS id, 0 AS n FROM range(1, 5) r(i)");
        return lake;
    }

    /// <summary>A catalog and an engine of their own on a lake that others use too, as in another process.</summary>
    private sealed class Second : IAsyncDisposable
    {
        private readonly SqlCatalog _catalog;

        private readonly DuckDbEngine _engine;

        private Second(SqlCatalog catalog, InterruptedFileIO io, DuckDbEngine engine, ISqlSession session)
        {
            _catalog = catalog;
            _engine = engine;
            Io = io;
            Session = session;
        }

        public InterruptedFileIO Io { get; }

        public ISqlSession Session { get; }

        public static async Task<Second> OpenAsync(Lake lake, int conflictRetries = 8)
        {
            var io = new InterruptedFileIO(new LocalFileIO());
            var catalog = await SqlCatalog.OpenSqliteAsync(Path.Combine(lake.Folder, "catalog.db"), lake.Warehouse, io, cancellationToken: Lake.Cancel);
            var engine = new DuckDbEngine(catalog, new DuckDbEngineOptions
            {
                TemporaryFolder = Path.Combine(lake.Folder, $"tmp-{Guid.NewGuid():N}"),
                AllowedFolders = [lake.Warehouse],
                Threads = 2,
                ConflictRetries = conflictRetries,
            });
            return new Second(catalog, io, engine, await engine.OpenSessionAsync(Lake.Cancel));
        }

        public async ValueTask DisposeAsync()
        {
            await Session.DisposeAsync();
            await _engine.DisposeAsync();
            await _catalog.DisposeAsync();
        }
    }
}
