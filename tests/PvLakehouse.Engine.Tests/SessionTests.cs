using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

public sealed class SessionTests
{
    [Theory]
    [InlineData("DELETE FROM iceberg.silver.t", "DELETE is refused: only statements that read run here.")]
    [InlineData("/* x */ insert into t values (1)", "INSERT is refused: only statements that read run here.")]
    [InlineData("EXPLAIN DELETE FROM t", "DELETE is refused: only statements that read run here.")]
    [InlineData("ATTACH 'x.db'", "ATTACH is refused: expected SELECT, WITH, FROM, VALUES, TABLE, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN, PIVOT or UNPIVOT.")]
    [InlineData("SET threads = 1", "SET is refused: expected SELECT, WITH, FROM, VALUES, TABLE, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN, PIVOT or UNPIVOT.")]
    [InlineData("SELECT 1; SELECT 2", "There are 2 statements; run them one by one.")]
    [InlineData("", "There is no statement; expected one SELECT.")]
    [InlineData("SELEC 1", "Syntax error at or near \"SELEC\".")]
    [InlineData("SELECT nope FROM (SELECT 1 AS nape)", "Referenced column \"nope\" not found in FROM clause!\nCandidate bindings: \"nape\"")]
    [InlineData("SELECT * FROM nothing", "Table with name nothing does not exist!")]
    [InlineData("SELECT CAST('abc' AS INTEGER)", "Could not convert string 'abc' to INT32.")]
    [InlineData("SELECT * FROM nowhere.gold.t", "Catalog \"nowhere\" does not exist!")]
    public async Task A_statement_that_cannot_run_is_answered_with_one_sentence(string sql, string message)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.LinesAsync(sql));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task A_session_sees_nothing_of_the_one_before_it()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", [("x", IcebergType.Int)]);
        await using (var session = await lake.Engine.OpenSessionAsync(Lake.Cancel))
        {
            await session.AppendAsync("silver.t", "SELECT 1 AS x");
            await session.ExecuteAsync("CREATE TEMP TABLE made AS SELECT 2 AS x; CREATE TEMP MACRO twice(a) AS 2 * a", Lake.Cancel);
            Assert.Equal(["1|2|4"], await session.LinesAsync("SELECT t.x, m.x, twice(m.x) FROM iceberg.silver.t t, made m"));
        }

        await lake.Catalog.DropTableAsync(TableIdentifier.Parse("silver.t"), purge: false, Lake.Cancel);
        await using var next = await lake.Engine.OpenSessionAsync(Lake.Cancel);

        foreach (var (sql, missing) in ((string, string)[])
            [
                ("SELECT * FROM made", "Table with name made does not exist!"), ("SELECT twice(1)", "Scalar Function with name twice does not exist!"),
                ("SELECT * FROM iceberg.silver.t", "There is no table iceberg.silver.t."),
            ])
        {
            var error = await Assert.ThrowsAsync<SqlEngineException>(() => next.LinesAsync(sql));
            Assert.StartsWith(missing, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("SET default_null_order = 'nulls_first'", "SELECT current_setting('default_null_order')")]
    [InlineData("CREATE TABLE memory.main.kept AS SELECT 1 AS x", "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'kept'")]
    [InlineData("CREATE MACRO kept() AS 1", "SELECT count(*) FROM duckdb_functions() WHERE function_name = 'kept'")]
    public async Task What_a_program_changes_in_its_DuckDB_ends_with_the_session(string statement, string asked)
    {
        await using var lake = await Lake.MakeAsync();
        string[] before;
        await using (var session = await lake.Engine.OpenSessionAsync(Lake.Cancel))
        {
            before = await session.LinesAsync(asked);
            await session.ExecuteAsync(statement, Lake.Cancel);
            Assert.NotEqual(before, await session.LinesAsync(asked));
        }

        await using var next = await lake.Engine.OpenSessionAsync(Lake.Cancel);

        Assert.Equal(before, await next.LinesAsync(asked));
    }

    [Fact]
    public async Task Sessions_that_are_open_together_have_a_DuckDB_each()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.t", [("x", IcebergType.Int)]);
        await using (await lake.Engine.OpenSessionAsync(Lake.Cancel))
        {
        }

        await using var one = await lake.Engine.OpenSessionAsync(Lake.Cancel);
        await using var two = await lake.Engine.OpenSessionAsync(Lake.Cancel);
        Assert.Equal(["0"], await one.LinesAsync("SELECT count(*) FROM iceberg.silver.t"));
        await one.AppendAsync("silver.t", "SELECT 1 AS x");

        Assert.Equal(["1"], await two.LinesAsync("SELECT count(*) FROM iceberg.silver.t"));
        Assert.Equal(["1"], await one.LinesAsync("SELECT count(*) FROM iceberg.silver.t"));
    }

    [Theory]
    [InlineData("VALUES (1), (2)", 2)]
    [InlineData("FROM range(3);", 3)]
    [InlineData("-- all\nSUMMARIZE SELECT 1 AS a", 1)]
    [InlineData("EXPLAIN ANALYZE SELECT 1", 1)]
    [InlineData("PIVOT (SELECT 1 AS a, 2 AS b) ON a USING sum(b)", 1)]
    [InlineData("SELECT 1 -- no end", 1)]
    public async Task Reading_statements_run(string sql, int rows)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        Assert.Equal(rows, (await session.LinesAsync(sql)).Length);
    }

    [Theory]
    [InlineData("SELECT * FROM read_text('/etc/hostname')")]
    [InlineData("SELECT * FROM '/etc/passwd.csv'")]
    [InlineData("SELECT * FROM glob('/etc/*')")]
    public async Task Files_outside_the_lake_are_out_of_reach(string sql)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.LinesAsync(sql));
        Assert.Contains("disabled by configuration", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT [1, NULL, 3]", "[1, null, 3]")]
    [InlineData("SELECT [[1.5::DOUBLE, NULL], NULL, []]", "[[1.5, null], null, []]")]
    [InlineData("SELECT [DATE '2024-02-29', NULL]::DATE[2]", "[2024-02-29, null]")]
    [InlineData("SELECT ['a', NULL]", "[a, null]")]
    [InlineData("SELECT {'a': [1, 2], 'b': NULL}", "{a=[1, 2], b=null}")]
    public async Task Lists_come_with_their_nulls(string sql, string value)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        var rows = await (await session.QueryAsync(sql, null, Lake.Cancel)).ToListAsync(Lake.Cancel);
        Assert.Equal(value, Reading.Values.Text(rows[0][0]));
    }

    [Fact]
    public async Task A_value_that_net_cannot_hold_is_refused_with_a_way_out()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        var result = await session.QueryAsync("SELECT {'a': [1, NULL]} AS s", null, Lake.Cancel);
        var error = await Assert.ThrowsAsync<SqlEngineException>(() => result.ToListAsync(Lake.Cancel));
        Assert.Equal("Column 's' holds lists with nulls inside of structs or maps, which have no .NET value; select CAST(s AS VARCHAR).", error.Message);
    }

    [Fact]
    public async Task Values_come_as_plain_net_values()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        var result = await session.QueryAsync("""
            SELECT true, 1::TINYINT, 2, 3::BIGINT, 4::HUGEINT, 1.5::FLOAT, 2.5::DOUBLE, 3.25::DECIMAL(9, 2), 'x', DATE '1950-01-02',
                   TIME '10:11:12.5', TIMESTAMP '1960-01-01 00:00:00.5', TIMESTAMPTZ '1960-01-01 00:00:00+10', 'ab'::BLOB,
                   uuid '98593f5a-279b-4286-8d43-10079a261b79', NULL
            """, null, Lake.Cancel);

        var row = Assert.Single(await result.ToListAsync(Lake.Cancel));

        Assert.Equal(
            [
                true, (sbyte)1, 2, 3L, new System.Numerics.BigInteger(4), 1.5f, 2.5, 3.25m, "x", new DateOnly(1950, 1, 2),
                new TimeOnly(10, 11, 12, 500), new DateTime(1960, 1, 1, 0, 0, 0, 500), new DateTime(1959, 12, 31, 14, 0, 0, DateTimeKind.Utc),
                "ab"u8.ToArray(), new Guid("98593f5a-279b-4286-8d43-10079a261b79"), null,
            ],
            row);
        Assert.Equal(DateTimeKind.Unspecified, ((DateTime)row[11]!).Kind);
        Assert.Equal(DateTimeKind.Utc, ((DateTime)row[12]!).Kind);
        Assert.Equal("TIMESTAMP WITH TIME ZONE", result.Columns[12].Type);
    }

    [Fact]
    public async Task Values_beyond_net_come_as_text()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        Assert.Equal(
            ["infinity|-infinity|12024-01-02 03:04:05.500000|-999999999999999999999999999999999999.99"],
            await session.LinesAsync("SELECT 'infinity'::TIMESTAMP, '-infinity'::DATE, TIMESTAMPTZ '12024-01-02 03:04:05.5+00', -999999999999999999999999999999999999.99::DECIMAL(38, 2)"));
    }

    [Fact]
    public async Task Parameters_are_bound_by_name()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        var result = await session.QueryAsync(
            "SELECT $text || '!', $n + 1, $at = TIMESTAMPTZ '2024-01-01 00:00:00+00'",
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["text"] = "it's", ["n"] = 41, ["at"] = new DateTimeOffset(2024, 1, 1, 10, 0, 0, TimeSpan.FromHours(10)),
            },
            Lake.Cancel);
        Assert.Equal(["it's!", 42, true], Assert.Single(await result.ToListAsync(Lake.Cancel)));
    }

    [Fact]
    public async Task A_running_query_is_interrupted()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        using var stop = new CancellationTokenSource();
        var query = session.QueryAsync("SELECT count(*) FROM range(1000000000000)", null, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await (await query).ToListAsync(stop.Token));
        Assert.Equal(["1"], await session.LinesAsync("SELECT 1"));
    }

    [Fact]
    public async Task A_result_is_closed_by_the_next_statement()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        var first = await session.QueryAsync("FROM range(1000000)", null, Lake.Cancel);
        await session.LinesAsync("SELECT 1");
        await Assert.ThrowsAsync<SqlEngineException>(() => first.ToListAsync(Lake.Cancel));
    }

    [Fact]
    public async Task Staged_rows_become_a_table_of_the_session()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        StagedColumn[] columns =
        [
            new("i", IcebergType.Int), new("l", IcebergType.Long), new("d", IcebergType.Double), new("m", IcebergType.Decimal(9, 2)),
            new("s", IcebergType.String), new("t", IcebergType.TimestampTz), new("w", IcebergType.Timestamp), new("day", IcebergType.Date),
            new("b", IcebergType.Boolean), new("raw", IcebergType.Binary), new("list", new ListType(1, IcebergType.String, false)),
        ];
        object?[][] rows =
        [
            [1, 2, 3, 4.25m, "it's", new DateTimeOffset(1960, 1, 1, 10, 0, 0, TimeSpan.FromHours(10)), new DateTime(2024, 1, 2, 3, 4, 5), new DateOnly(2024, 1, 2), true, new byte[] { 1 }, new[] { "x", "y" }],
            new object?[11],
        ];

        var count = await session.StageAsync("staged", columns, rows.ToAsyncEnumerable(), Lake.Cancel);

        Assert.Equal(2, count);
        Assert.Equal(
            ["1|2|3|4.25|it's|1960-01-01T00:00:00Z|2024-01-02 03:04:05|2024-01-02|True|01|x,y", "null|null|null|null|null|null|null|null|null|null|null"],
            await session.LinesAsync("SELECT * REPLACE (hex(raw) AS raw, array_to_string(list, ',') AS list) FROM staged ORDER BY i"));
    }

    [Fact]
    public async Task Staged_values_that_do_not_fit_are_named()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        StagedColumn[] columns = [new("n", IcebergType.Int), new("at", IcebergType.TimestampTz)];

        async Task<string> MessageAsync(params object?[] row) => (await Assert.ThrowsAsync<SqlEngineException>(() =>
            session.StageAsync("staged", columns, new[] { row }.ToAsyncEnumerable(), Lake.Cancel))).Message;

        Assert.Equal("Row 1 of 'staged' has the value 'x' (String) in column 'n', which is no int.", await MessageAsync("x", null));
        Assert.Equal("Row 1 of 'staged' has 1 values; expected 2: n, at.", await MessageAsync(1));
        Assert.StartsWith("Row 1 of 'staged' has the value", await MessageAsync(1, new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_leaves_no_temporary_files()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.Engine.OpenSessionAsync(Lake.Cancel);
        await session.LinesAsync("SELECT 1");
        await session.DisposeAsync();
        await lake.Engine.DisposeAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(lake.Folder, "tmp")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => lake.Engine.OpenSessionAsync(Lake.Cancel).AsTask());
    }
}
