using CsCheck;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>Statements on tables whose rows are partly deleted by delete files: what was deleted stays so, and all else stays.</summary>
public sealed class RowStatementDeleteTests
{
    /// <summary>Rows 1 to 6 with values 10 to 60, of which 1 is deleted by its place and 2 by its key.</summary>
    [Theory]
    [InlineData("UPDATE iceberg.silver.t SET v = v + 1", "0|4|0", "3|31; 4|41; 5|51; 6|61")]
    [InlineData("UPDATE iceberg.silver.t SET v = 0 WHERE id IN (1, 2, 5)", "0|1|0", "3|30; 4|40; 5|0; 6|60")]
    [InlineData("UPDATE iceberg.silver.t SET id = 2 WHERE id = 3", "0|1|0", "2|30; 4|40; 5|50; 6|60")] // The delete of key 2 is older.
    [InlineData("UPDATE iceberg.silver.t SET v = 1 WHERE id <= 2", "0|0|0", "3|30; 4|40; 5|50; 6|60")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE id <= 3", "0|0|1", "4|40; 5|50; 6|60")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE v < 25", "0|0|0", "3|30; 4|40; 5|50; 6|60")]
    [InlineData("DELETE FROM iceberg.silver.t", "0|0|4", "")]
    [InlineData("DELETE FROM iceberg.silver.t WHERE id IS NOT NULL", "0|0|4", "")]
    [InlineData("TRUNCATE TABLE iceberg.silver.t", "0|0|4", "")]
    [InlineData("INSERT INTO iceberg.silver.t VALUES (1, 11), (2, 22)", "2|0|0", "1|11; 2|22; 3|30; 4|40; 5|50; 6|60")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t VALUES (2, 22)", "1|0|4", "2|22")]
    [InlineData("""
        MERGE INTO iceberg.silver.t USING (VALUES (1, 111), (2, 222), (3, 333)) s(id, v) ON t.id = s.id
        WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT *
        """, "2|1|0", "1|111; 2|222; 3|333; 4|40; 5|50; 6|60")]
    [InlineData("""
        MERGE INTO iceberg.silver.t USING (VALUES (1), (4)) s(id) ON t.id = s.id
        WHEN MATCHED THEN DELETE WHEN NOT MATCHED BY SOURCE THEN UPDATE SET v = -1
        """, "0|3|1", "3|-1; 5|-1; 6|-1")]
    public async Task Deleted_rows_are_neither_changed_nor_counted(string sql, string counts, string rows)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.t", [("id", IcebergType.Int), ("v", IcebergType.Int)]);
        await session.AppendAsync("silver.t", "SELECT i::INTEGER AS id, 10 * i::INTEGER AS v FROM range(1, 7) r(i)");
        var deletes = new MergeOnRead(lake, session, "silver.t");
        await deletes.DeletePositionsAsync("id = 1");
        await deletes.DeleteKeysAsync("id", 1, "[2]");
        Assert.Equal(["3|30", "4|40", "5|50", "6|60"], await session.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id"));

        var line = Assert.Single(await session.RunLinesAsync(sql));

        Assert.Equal(counts, line[..line.LastIndexOf('|')]);
        Assert.Equal(rows, string.Join("; ", await session.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id")));
    }

    [Fact]
    public async Task Only_the_files_that_a_statement_touches_lose_their_deletes()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.t", [("id", IcebergType.Int), ("v", IcebergType.Int)]);
        await session.AppendAsync("silver.t", "SELECT i::INTEGER AS id, 0 AS v FROM range(4) r(i)");
        await session.AppendAsync("silver.t", "SELECT i::INTEGER AS id, 0 AS v FROM range(10, 14) r(i)");
        await new MergeOnRead(lake, session, "silver.t").DeletePositionsAsync("id IN (1, 11)");
        var before = await lake.FilesAsync("silver.t");

        await session.RunLinesAsync("UPDATE iceberg.silver.t SET v = 5 WHERE id = 2");

        var after = await lake.FilesAsync("silver.t");
        Assert.Equal(2, after.Count);
        Assert.Single(after, a => before.Any(b => b.FilePath == a.FilePath)); // That of 10 to 13.
        Assert.Equal(["0|0", "2|5", "3|0", "10|0", "12|0", "13|0"], await session.LinesAsync("SELECT * FROM iceberg.silver.t ORDER BY id"));
    }

    [Fact]
    public Task Rows_are_those_of_a_plain_table_whoever_deletes() =>
        Gen.Select(Gen.Bool, RowStatementGen.Insert.Array[2], Steps).SampleAsync(
            (partitioned, first, steps) => CheckAsync(partitioned, [.. first.Select(s => new Step(s)), .. steps]), iter: 15, threads: 1);

    private static readonly Gen<Step> Places = Gen.Select(Gen.Int[2, 4], Gen.Int[0, 3], (by, rest) =>
        new Step(FormattableString.Invariant($"DELETE FROM TABLE_HERE WHERE id % {by} = {rest}"), Where: FormattableString.Invariant($"id % {by} = {rest}")));

    private static readonly Gen<Step> Ids = Gen.Int[0, 30].Array[1, 8].Select(ids =>
        new Step($"DELETE FROM TABLE_HERE WHERE id IN ({string.Join(", ", ids)})", "id", 1, $"[{string.Join(", ", ids)}]::INTEGER[]"));

    private static readonly Gen<Step> Groups = Gen.Int[0, 3].Select(g => g == 3
        ? new Step("DELETE FROM TABLE_HERE WHERE g IS NULL", "g", 2, "[NULL]::VARCHAR[]")
        : new Step($"DELETE FROM TABLE_HERE WHERE g = '{"abc"[g]}'", "g", 2, $"['{"abc"[g]}']"));

    private static readonly Gen<Step> Overwrite = RowStatementGen.Insert.Select(s => new Step(
        s, Overwrites: true));

    private static readonly Gen<Step[]> Steps = Gen.Frequency(
        (5, RowStatementGen.Statement.Select(s => new Step(s))), (2, Places), (2, Ids), (1, Groups), (1, Overwrite)).Array[4, 8];

    private static async Task CheckAsync(bool partitioned, Step[] steps)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync(
            "silver.t",
            [("id", IcebergType.Int), ("g", IcebergType.String), ("v", IcebergType.Double)],
            s => partitioned ? PartitionSpec.For(s).Identity("g").Build() : PartitionSpec.Unpartitioned);
        await session.ExecuteAsync("CREATE TEMP TABLE plain (id INTEGER, g VARCHAR, v DOUBLE)", Lake.Cancel);
        var deletes = new MergeOnRead(lake, session, "silver.t");
        foreach (var step in steps)
        {
            var before = await CountAsync(session, "plain");
            if (step.Overwrites)
            {
                // Those partitions go that get rows; without partitions that is everything.
                var groups = $"(SELECT g FROM ({step.Sql[step.Sql.IndexOf("VALUES", StringComparison.Ordinal)..]}) n(id, g, v))";
                await session.ExecuteAsync(
                    partitioned ? $"DELETE FROM plain WHERE EXISTS (FROM {groups} n WHERE n.g IS NOT DISTINCT FROM plain.g)" : "DELETE FROM plain", Lake.Cancel);
            }

            var without = await CountAsync(session, "plain");
            await session.ExecuteAsync(step.Sql.Replace("TABLE_HERE", "plain", StringComparison.Ordinal), Lake.Cancel);
            if (step.Where is { } where)
            {
                await deletes.DeletePositionsAsync(where);
            }
            else if (step.Column is { } column)
            {
                await deletes.DeleteKeysAsync(column, step.Id, step.Values!);
            }
            else
            {
                var sql = step.Sql.Replace("TABLE_HERE", "iceberg.silver.t", StringComparison.Ordinal);
                var counts = Assert.Single(await session.RunLinesAsync(
                    step.Overwrites ? sql.Replace("INSERT INTO", "INSERT OVERWRITE", StringComparison.Ordinal) : sql)).Split('|');
                if (counts.Length == 4)
                {
                    var (inserted, deleted) = (Number(counts[0]), Number(counts[2]));
                    Assert.Equal(await CountAsync(session, "plain") - before, inserted - deleted);
                    Assert.True(!step.Overwrites || deleted == before - without, $"{step.Sql} counts {deleted} deleted rows instead of {before - without}");
                }
            }

            var different = await session.LinesAsync("""
                (FROM iceberg.silver.t EXCEPT ALL FROM plain) UNION ALL (FROM plain EXCEPT ALL FROM iceberg.silver.t)
                """);
            Assert.True(different.Length == 0, $"{step}\nleaves other rows: {string.Join("; ", different)}");
        }
    }

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<long> CountAsync(ISqlSession session, string table) => (long)(await session.ScalarAsync($"SELECT count(*) FROM {table}"))!;

    /// <summary>A statement, or what delete files do and the statement for a plain table that does the same.</summary>
    private sealed record Step(string Sql, string? Column = null, int Id = 0, string? Values = null, string? Where = null, bool Overwrites = false);
}
