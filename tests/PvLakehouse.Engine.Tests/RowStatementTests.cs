using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>INSERT, UPDATE, DELETE and MERGE, with results worked out by hand.</summary>
public sealed class RowStatementTests
{
    private static readonly (string, IcebergType)[] Columns = [("id", IcebergType.Int), ("name", IcebergType.String), ("value", IcebergType.Double)];

    [Theory]
    [InlineData("INSERT INTO iceberg.silver.t VALUES (4, 'd', 4.5), (5, NULL, NULL)", "2|0|0", "1|a|1.5; 2|b|null; 3|null|3.5; 4|d|4.5; 5|null|null")]
    [InlineData("INSERT INTO iceberg.silver.t (value, id) SELECT id * 2, id + 10 FROM iceberg.silver.t WHERE id < 3", "2|0|0", "1|a|1.5; 2|b|null; 3|null|3.5; 11|null|2; 12|null|4")]
    [InlineData("INSERT INTO TABLE iceberg.silver.t BY NAME SELECT 'x' AS name, 9 AS id;", "1|0|0", "1|a|1.5; 2|b|null; 3|null|3.5; 9|x|null")]
    [InlineData("INSERT INTO iceberg.silver.t WITH q AS (SELECT 7 AS a) SELECT a, 'w', 0 FROM q -- end", "1|0|0", "1|a|1.5; 2|b|null; 3|null|3.5; 7|w|0")]
    [InlineData("INSERT INTO iceberg.silver.t SELECT * FROM iceberg.silver.t WHERE false", "0|0|0", "1|a|1.5; 2|b|null; 3|null|3.5")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t SELECT 8, 'o', 8.0", "1|0|3", "8|o|8")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE value > 2", "0|0|1", "1|a|1.5; 2|b|null")] // null > 2 is null: the row stays.
    [InlineData("DELETE FROM iceberg.silver.t WHERE NOT value > 2", "0|0|1", "2|b|null; 3|null|3.5")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE name IN (SELECT name FROM iceberg.silver.t WHERE id = 2)", "0|0|1", "1|a|1.5; 3|null|3.5")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE name NOT IN (SELECT name FROM iceberg.silver.t)", "0|0|0", "1|a|1.5; 2|b|null; 3|null|3.5")] // a null among them
    [InlineData("DELETE FROM iceberg.silver.t AS x WHERE EXISTS (SELECT 1 FROM iceberg.silver.t y WHERE y.id = x.id + 1)", "0|0|2", "3|null|3.5")]
    [InlineData("DELETE FROM iceberg.silver.t", "0|0|3", "")]
    [InlineData("TRUNCATE TABLE iceberg.silver.t", "0|0|3", "")]
    [InlineData("UPDATE iceberg.silver.t SET value = id, name = name || '!' WHERE id <> 1", "0|2|0", "1|a|1.5; 2|b!|2; 3|null|3")]
    [InlineData("UPDATE iceberg.silver.t AS x SET x.id = x.id + 10, value = CASE WHEN id = 1 THEN NULL ELSE value END", "0|3|0", "11|a|null; 12|b|null; 13|null|3.5")]
    [InlineData("UPDATE iceberg.silver.t SET id = 2 * id, value = id", "0|3|0", "2|a|1; 4|b|2; 6|null|3")] // from old values
    [InlineData("UPDATE iceberg.silver.t SET name = s.n FROM (VALUES (1, 'one'), (9, 'nine')) s(i, n) WHERE id = s.i", "0|1|0", "1|one|1.5; 2|b|null; 3|null|3.5")]
    [InlineData("UPDATE iceberg.silver.t SET value = (SELECT max(y.value) FROM iceberg.silver.t y WHERE y.id <= t.id) WHERE value IS NULL", "0|1|0", "1|a|1.5; 2|b|1.5; 3|null|3.5")]
    [InlineData("UPDATE iceberg.silver.t SET name = 'x' WHERE name IS DISTINCT FROM 'a'", "0|2|0", "1|a|1.5; 2|x|null; 3|x|3.5")]
    [InlineData("UPDATE iceberg.silver.t SET name = 'x' WHERE id > 100", "0|0|0", "1|a|1.5; 2|b|null; 3|null|3.5")]
    [InlineData("""
        MERGE INTO iceberg.silver.t AS t USING (VALUES (1, 'A', 1.0), (4, 'D', 4.0)) AS s(id, name, value) ON t.id = s.id
        WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *
        """, "1|1|0", "1|A|1; 2|b|null; 3|null|3.5; 4|D|4")]
    [InlineData("""
        MERGE INTO iceberg.silver.t USING (SELECT id + 1 AS k, name AS n FROM iceberg.silver.t) s ON t.id = k
        WHEN MATCHED AND s.n = 'a' THEN DELETE
        WHEN MATCHED THEN UPDATE SET name = s.n, value = t.value + 1
        WHEN NOT MATCHED BY TARGET AND k > 0 THEN INSERT (id, name) VALUES (k * 10, CASE WHEN n IS NULL THEN '?' END)
        """, "1|1|1", "1|a|1.5; 3|b|4.5; 40|?|null")] // k = 2: n = a, deleted; k = 3: n = b, updated; k = 4: n is null, new.
    [InlineData("""
        MERGE INTO iceberg.silver.t USING (VALUES (2)) s(id) ON t.id = s.id
        WHEN NOT MATCHED BY SOURCE AND value > 2 THEN DELETE
        WHEN NOT MATCHED BY SOURCE THEN UPDATE SET name = 'gone'
        """, "0|1|1", "1|gone|1.5; 2|b|null")]
    [InlineData("""
        MERGE INTO iceberg.silver.t USING (VALUES (2, 'new'), (9, 'nine')) s(id, name) ON t.id = s.id
        WHEN MATCHED AND t.name = 'b' THEN DO NOTHING WHEN MATCHED THEN DELETE
        WHEN NOT MATCHED BY SOURCE AND t.id = 3 THEN DELETE
        WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.name, 0)
        """, "1|0|1", "1|a|1.5; 2|b|null; 9|nine|0")]
    [InlineData("""
        MERGE INTO iceberg.silver.t USING (VALUES (1), (NULL)) s(id) ON t.id = s.id
        WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (name) VALUES ('null key')
        """, "1|0|1", "2|b|null; 3|null|3.5; null|null key|null")]
    [InlineData("""
        MERGE INTO iceberg.silver.t USING (VALUES (2.5, 'near')) s(x, n) ON t.id > s.x AND s.n = 'near'
        WHEN MATCHED THEN UPDATE SET name = n
        """, "0|1|0", "1|a|1.5; 2|b|null; 3|near|3.5")]
    [InlineData("MERGE INTO iceberg.silver.t USING (SELECT 1 AS id WHERE false) s ON t.id = s.id WHEN MATCHED THEN DELETE", "0|0|0", "1|a|1.5; 2|b|null; 3|null|3.5")]
    public async Task Rows_change_as_the_statement_says(string sql, string counts, string rows)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);

        var line = Assert.Single(await session.RunLinesAsync(sql));

        Assert.Equal(counts, line[..line.LastIndexOf('|')]);
        Assert.Equal(rows, string.Join("; ", await session.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id")));
    }

    [Theory]
    [InlineData("INSERT INTO iceberg.silver.t VALUES (1, 'x')", "The INSERT into silver.t has 2 values in a row; expected 3: id, name, value.")]
    [InlineData("INSERT INTO iceberg.silver.t (id, nope) VALUES (1, 'x')", "Table silver.t has no column 'nope'; it has id, name, value.")]
    [InlineData("INSERT INTO iceberg.silver.t (id, ID) VALUES (1, 2)", "Column 'id' is named twice in the INSERT into silver.t.")]
    [InlineData("INSERT INTO iceberg.silver.needed (name) SELECT 'x'", "The SELECT lacks the column 'id', which table silver.needed requires.")]
    [InlineData("INSERT INTO iceberg.silver.t VALUES (3000000000, 'x', 1)", "Type INT64 with value 3000000000 can't be cast because the value is out of range for the destination type INT32 when casting from source column id.")]
    [InlineData("INSERT INTO iceberg.silver.t VALUES (1.5, 'x', 1)", "Column 'id' of table silver.t holds whole numbers, and a value has a fraction; round it in the statement.")]
    [InlineData("INSERT INTO silver.t VALUES (1, 'x', 1)", "There is no table silver.t; tables of the lake have names of three parts.\nDid you mean \"iceberg.silver.t\"?")]
    [InlineData("INSERT INTO iceberg.silver.u VALUES (1, 'x', 1)", "There is no table iceberg.silver.u.\nDid you mean \"iceberg.silver.t\"?")]
    [InlineData("UPDATE iceberg.silver.needed SET id = NULL WHERE id = 1", "Column 'id' of the SELECT is null in some row, but table silver.needed requires a value.")]
    [InlineData("UPDATE iceberg.silver.t SET nope = 1", "Table silver.t has no column 'nope'; it has id, name, value.")]
    [InlineData("UPDATE iceberg.silver.t SET id = id + 2147483647 WHERE id = 3", "Overflow in addition of INT32 (3 + 2147483647)!")]
    [InlineData("UPDATE iceberg.silver.t SET value = x.v FROM (VALUES (1, 1), (1, 2)) x(i, v) WHERE id = x.i", "A row of silver.t meets 2 source rows that would change it; expected at most one. Nothing was written.")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE nope = 1", "Referenced column \"nope\" not found in FROM clause!\nCandidate bindings: \"name\"")]
    [InlineData("MERGE INTO iceberg.silver.t USING (VALUES (1), (1)) s(id) ON t.id = s.id WHEN MATCHED THEN DELETE", "A row of silver.t meets 2 source rows that would change it; expected at most one. Nothing was written.")]
    [InlineData("MERGE INTO iceberg.silver.t USING (VALUES (1)) s(id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET *", "The source of the merge has no column 'name' that * could take for table silver.t; it has id.")]
    public async Task A_statement_that_cannot_be_done_changes_nothing(string sql, string message)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var files = lake.FilesOnDisk();
        var before = (await lake.LoadAsync("silver.t")).MetadataLocation;

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync(sql));

        Assert.Equal(message, error.Message);
        Assert.Equal(before, (await lake.LoadAsync("silver.t")).MetadataLocation);
        Assert.Equal(files, lake.FilesOnDisk());
    }

    [Fact]
    public async Task Parameters_are_bound()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { ["id"] = 1, ["text"] = "it's", ["nothing"] = null };

        foreach (var sql in new[]
        {
            "INSERT INTO iceberg.silver.t VALUES ($id + 3, $text, $nothing)",
            "UPDATE iceberg.silver.t SET name = $text, value = $nothing WHERE id = $id",
            "MERGE INTO iceberg.silver.t USING (SELECT 2 AS k, $text AS n) s ON id = k AND k <> $id WHEN MATCHED AND $id = 1 THEN UPDATE SET name = n || $text",
            "DELETE FROM iceberg.silver.t WHERE id = $id + 2",
        })
        {
            await using var result = await session.RunAsync(sql, parameters, Lake.Cancel);
        }

        Assert.Equal(["1|it's|null", "2|it'sit's|null", "4|it's|null"], await session.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id"));
    }

    [Fact]
    public async Task Only_files_with_changed_rows_are_rewritten_and_emptied_ones_leave_without_being_read()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.p", [("id", IcebergType.Int), ("day", IcebergType.Date)], s => PartitionSpec.For(s).Identity("day").Build());
        await session.AppendAsync("silver.p", "SELECT CAST(range AS INTEGER) AS id, DATE '2024-01-01' + CAST(range % 3 AS INTEGER) AS day FROM range(9)");
        var before = await lake.FilesAsync("silver.p");

        await session.RunLinesAsync("DELETE FROM iceberg.silver.p WHERE day = DATE '2024-01-01' OR (day = DATE '2024-01-02' AND id = 4)");

        var after = await lake.FilesAsync("silver.p");
        Assert.Equal(2, after.Count);
        Assert.Single(after, a => before.Any(b => b.FilePath == a.FilePath)); // The third day.
        Assert.Equal(["1", "7", "2", "5", "8"], await session.LinesAsync("SELECT id FROM iceberg.silver.p ORDER BY day, id"));
    }

    [Theory]
    [InlineData("DELETE FROM iceberg.silver.p WHERE day = DATE '2024-01-01'", 3)]
    [InlineData("DELETE FROM iceberg.silver.p WHERE day <= '2024-01-01' AND id BETWEEN 0 AND 6 AND id IS NOT NULL", 3)] // 0, 3 and 6
    [InlineData("DELETE FROM iceberg.silver.p WHERE day IN (DATE '2024-01-01', DATE '2024-02-01') OR id > 100", 3)]
    [InlineData("DELETE FROM iceberg.silver.p", 9)]
    public async Task A_delete_of_whole_files_does_not_read_them(string sql, int rows)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.p", [("id", IcebergType.Int), ("day", IcebergType.Date)], s => PartitionSpec.For(s).Identity("day").Build());
        await session.AppendAsync("silver.p", "SELECT CAST(range AS INTEGER) AS id, DATE '2024-01-01' + CAST(range % 3 AS INTEGER) AS day FROM range(9)");
        foreach (var file in lake.FilesOnDisk().Where(f => f.Contains("2024-01-01", StringComparison.Ordinal) || rows == 9))
        {
            await File.WriteAllTextAsync(file, "unreadable", Lake.Cancel);
        }

        Assert.StartsWith($"0|0|{rows}|", Assert.Single(await session.RunLinesAsync(sql)), StringComparison.Ordinal);

        Assert.Equal(rows == 9 ? ["0"] : ["6"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.p"));
    }

    [Theory]
    [InlineData("id BETWEEN 0 AND (SELECT 3)", "6")] // One end is no constant: 6 is not between.
    [InlineData("day = DATE '2024-01-01' AND id % 2 = 0", "3")]
    [InlineData("day < DATE '2024-01-02' AND NOT id = 3", "3")]
    public async Task A_condition_that_is_only_partly_understood_deletes_row_by_row(string where, string left)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.p", [("id", IcebergType.Int), ("day", IcebergType.Date)], s => PartitionSpec.For(s).Identity("day").Build());
        await session.AppendAsync("silver.p", "SELECT CAST(range AS INTEGER) AS id, DATE '2024-01-01' + CAST(range % 3 AS INTEGER) AS day FROM range(9)");

        await session.RunLinesAsync($"DELETE FROM iceberg.silver.p WHERE {where}");

        Assert.Equal([left], await session.LinesAsync("SELECT id FROM iceberg.silver.p WHERE day = DATE '2024-01-01'"));
    }

    [Fact]
    public async Task A_dynamic_overwrite_replaces_only_the_partitions_that_get_rows()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.p", [("id", IcebergType.Int), ("day", IcebergType.Date)], s => PartitionSpec.For(s).Identity("day").Build());
        await session.AppendAsync("silver.p", "SELECT CAST(range AS INTEGER) AS id, DATE '2024-01-01' + CAST(range % 3 AS INTEGER) AS day FROM range(9)");

        Assert.StartsWith("1|0|3|", Assert.Single(await session.RunLinesAsync(
            "INSERT OVERWRITE iceberg.silver.p SELECT 100, DATE '2024-01-02'")), StringComparison.Ordinal);

        Assert.Equal(["0", "3", "6", "100", "2", "5", "8"], await session.LinesAsync("SELECT id FROM iceberg.silver.p ORDER BY day, id"));
    }

    [Fact]
    public async Task A_branch_is_written_without_moving_main()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);

        await session.RunLinesAsync("INSERT INTO iceberg.silver.t.branch_audit VALUES (4, 'd', 4)");
        await session.RunLinesAsync("DELETE FROM iceberg.silver.t.branch_audit WHERE id = 1");
        await session.RunLinesAsync("UPDATE iceberg.silver.t FOR VERSION AS OF 'audit' SET name = 'z' WHERE id = 4");

        Assert.Equal(["1", "2", "3"], await session.LinesAsync("SELECT id FROM iceberg.silver.t ORDER BY id"));
        Assert.Equal(["2|b", "3|null", "4|z"], await session.LinesAsync("SELECT id, name FROM iceberg.silver.t FOR VERSION AS OF 'audit' ORDER BY id"));
    }

    /// <summary>A clause behind the target names the branch that is written; behind a source it is time travel.</summary>
    [Theory]
    [InlineData("INSERT INTO iceberg.silver.t FOR VERSION AS OF 'audit' VALUES (9, 'n', 9)", "1,2,3,9")]
    [InlineData("INSERT INTO TABLE iceberg.silver.t FOR VERSION AS OF 'audit' VALUES (9, 'n', 9)", "1,2,3,9")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t FOR VERSION AS OF 'audit' VALUES (9, 'n', 9)", "9")]
    [InlineData("INSERT OVERWRITE TABLE iceberg.silver.t FOR VERSION AS OF 'audit' VALUES (9, 'n', 9)", "9")]
    [InlineData("INSERT OVERWRITE INTO iceberg.silver.t FOR VERSION AS OF 'audit' VALUES (9, 'n', 9)", "9")]
    [InlineData("DELETE FROM iceberg.silver.t FOR VERSION AS OF 'audit' WHERE id = 2", "1,3")]
    [InlineData("UPDATE iceberg.silver.t FOR VERSION AS OF 'audit' SET id = 7 WHERE id = 2", "1,3,7")]
    [InlineData("MERGE INTO iceberg.silver.t FOR VERSION AS OF 'audit' USING (SELECT 2 AS k) s ON id = k WHEN MATCHED THEN DELETE", "1,3")]
    [InlineData("INSERT INTO iceberg.silver.t FOR VERSION AS OF 'audit' SELECT id + 10, name, value FROM iceberg.silver.t FOR VERSION AS OF 'main'", "1,2,3,11,12,13")]
    [InlineData("DELETE FROM iceberg.silver.t FOR VERSION AS OF 'audit' WHERE id IN (SELECT id FROM iceberg.silver.t FOR VERSION AS OF 'main' WHERE id > 1)", "1")]
    public async Task The_branch_behind_a_target_is_the_one_that_is_written(string sql, string left)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        await session.RunLinesAsync("ALTER TABLE iceberg.silver.t CREATE BRANCH audit");

        await session.RunLinesAsync(sql);

        Assert.Equal(["1", "2", "3"], await session.LinesAsync("SELECT id FROM iceberg.silver.t ORDER BY id"));
        Assert.Equal(left.Split(','), await session.LinesAsync("SELECT id FROM iceberg.silver.t FOR VERSION AS OF 'audit' ORDER BY id"));
    }

    /// <summary>Only an equality of a column of the table with one of the source says which files a MERGE can concern.</summary>
    [Theory]
    [InlineData("(SELECT 5 AS id, 5 AS k) s ON s.id = s.k")]
    [InlineData("(SELECT 1 AS n) s ON t.id = t.n", 2)]
    [InlineData("(SELECT '05' AS id) s ON t.id = s.id", 5)]
    [InlineData("(SELECT 5.0 AS id) s ON t.id = s.id", 5)]
    [InlineData("(SELECT 5 AS id) t ON t.id > 0 AND x.id = t.id", 5)]
    public async Task A_merge_finds_its_rows_in_every_file(string source, params int[] met)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.t", [("id", IcebergType.Int), ("n", IcebergType.Int)]);
        await session.AppendAsync("silver.t", "SELECT 1 AS id, 0 AS n");
        await session.AppendAsync("silver.t", "SELECT 2 AS id, 2 AS n");
        await session.AppendAsync("silver.t", "SELECT 5 AS id, 1 AS n");

        await session.RunLinesAsync(
            $"MERGE INTO iceberg.silver.t {(source.Contains("x.", StringComparison.Ordinal) ? "AS x " : "")}USING {source} WHEN MATCHED THEN DELETE");

        // Without ids every row is met.
        Assert.Equal(
            new[] { 1, 2, 5 }.Where(id => met.Length > 0 && !met.Contains(id)).Select(id => $"{id}"), await session.LinesAsync("SELECT id FROM iceberg.silver.t ORDER BY id"));
    }

    /// <summary>DuckDB compares a text with a number as numbers, which no order of texts foretells.</summary>
    [Fact]
    public async Task A_merge_of_numbers_with_texts_finds_its_rows_in_every_file()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.t", [("code", IcebergType.String)]);
        await session.AppendAsync("silver.t", "SELECT '05' AS code");
        await session.AppendAsync("silver.t", "SELECT '7' AS code");

        await session.RunLinesAsync("MERGE INTO iceberg.silver.t USING (SELECT 5 AS k) s ON t.code = s.k WHEN MATCHED THEN DELETE");

        Assert.Equal(["7"], await session.LinesAsync("FROM iceberg.silver.t"));
    }

    [Theory]
    [InlineData("ADD PARTITION FIELD n", "REPLACE PARTITION FIELD n WITH bucket(4, id)")]
    [InlineData("ADD PARTITION FIELD id", "DROP PARTITION FIELD id")]
    public async Task A_merge_finds_its_rows_in_files_of_older_partitions(string first, string second)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.t", [("id", IcebergType.Int), ("n", IcebergType.Int)]);
        await session.AppendAsync("silver.t", "SELECT 1 AS id, 7 AS n");
        await session.RunLinesAsync($"ALTER TABLE iceberg.silver.t {first}");
        await session.AppendAsync("silver.t", "SELECT 2 AS id, 7 AS n");
        await session.MergeAsync("silver.t", "SELECT 1 AS id, 8 AS n UNION ALL SELECT 2, 8", "id");
        Assert.Equal(["1|8", "2|8"], await session.LinesAsync("FROM iceberg.silver.t ORDER BY id"));

        await session.RunLinesAsync($"ALTER TABLE iceberg.silver.t {second}");
        await session.MergeAsync("silver.t", "SELECT 1 AS id, 9 AS n UNION ALL SELECT 3, 9", "id");

        Assert.Equal(["1|9", "2|8", "3|9"], await session.LinesAsync("FROM iceberg.silver.t ORDER BY id"));
    }

    [Fact]
    public async Task Untouched_values_keep_every_bit()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.v",
            [("id", IcebergType.Int), ("d", IcebergType.Double), ("f", IcebergType.Float), ("t", IcebergType.TimestampTz), ("n", IcebergType.Decimal(38, 10)), ("b", IcebergType.Binary)]);
        await session.AppendAsync("silver.v", """
            SELECT * FROM (VALUES
                (1, 'nan'::DOUBLE, '-inf'::FLOAT, TIMESTAMPTZ '0001-01-01 00:00:00+00', 1234567890123456789012345678.0123456789, '\x00\xFF'::BLOB),
                (2, -0.0::DOUBLE, 1e-45::FLOAT, TIMESTAMPTZ '9999-12-31 23:59:59.999999+00', -0.0000000001, ''::BLOB),
                (3, 0.1 + 0.2::DOUBLE, NULL, NULL, NULL, NULL)) v(id, d, f, t, n, b)
            """);
        const string All = "SELECT id, d, 1 / d, f, t, n, b::VARCHAR FROM iceberg.silver.v WHERE id < 3 ORDER BY id";
        var before = await session.LinesAsync(All);

        await session.RunLinesAsync("UPDATE iceberg.silver.v SET d = 0 WHERE id = 3");

        Assert.Equal(before, await session.LinesAsync(All));
        Assert.Contains("|-0|-Infinity|", before[1], StringComparison.Ordinal);
    }

    private static async Task<ISqlSession> StartAsync(Lake lake)
    {
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.t", Columns);
        await session.AppendAsync("silver.t", "SELECT * FROM (VALUES (1, 'a', 1.5), (2, 'b', NULL)) v(id, name, value)");
        await session.AppendAsync("silver.t", "SELECT 3 AS id, 3.5 AS value");
        await lake.CreateAsync("silver.needed", Columns, required: ["id"]);
        await session.AppendAsync("silver.needed", "SELECT 1 AS id");
        return session;
    }
}
