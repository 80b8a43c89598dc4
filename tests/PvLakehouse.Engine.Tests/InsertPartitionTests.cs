using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>Which rows INSERT OVERWRITE replaces, with and without a PARTITION clause.</summary>
public sealed class InsertPartitionTests
{
    /// <summary>Rows 1 to 6; two for each of three pairs of day and region.</summary>
    private const string Rows = """
        SELECT id::INTEGER AS id, day::DATE AS day, region FROM (VALUES
            (1, '2024-02-28', 'n'), (2, '2024-02-28', 'n'), (3, '2024-02-28', 's'), (4, '2024-02-28', 's'), (5, '2024-02-29', 'n'), (6, '2024-02-29', 'n')
        ) v(id, day, region)
        """;

    [Theory]
    [InlineData("INSERT OVERWRITE iceberg.silver.t SELECT 9, DATE '2024-02-28', 'n'", "3,4,5,6,9", "1|0|2")]
    [InlineData("INSERT OVERWRITE TABLE iceberg.silver.t SELECT 9, DATE '2024-03-01', 'n'", "1,2,3,4,5,6,9", "1|0|0")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t SELECT 9, DATE '2024-02-28', 'n' WHERE false", "1,2,3,4,5,6", "0|0|0")]

    // As Spark in its dynamic mode: with one of two partition columns given, the rows still tell which partitions.
    [InlineData("INSERT OVERWRITE iceberg.silver.t PARTITION (day = DATE '2024-02-28') SELECT 9, 's'", "1,2,5,6,9", "1|0|2")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t PARTITION (day = '2024-02-28', region) SELECT 9, 's'", "1,2,5,6,9", "1|0|2")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t PARTITION (day, region) SELECT 9, DATE '2024-02-28', 's'", "1,2,5,6,9", "1|0|2")]

    // With both, these rows are replaced, whatever comes.
    [InlineData("INSERT OVERWRITE iceberg.silver.t PARTITION (day = DATE '2024-02-28', region = 's') SELECT 9", "1,2,5,6,9", "1|0|2")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t PARTITION (region = lower('S'), DAY = '2024-02-28') VALUES (8), (9)", "1,2,5,6,8,9", "2|0|2")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t PARTITION (day = '2024-02-28', region = 's') SELECT 9 WHERE false", "1,2,5,6", "0|0|2")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t PARTITION (day = '2024-02-28', region = 's') BY NAME SELECT 9 AS id", "1,2,5,6,9", "1|0|2")]
    [InlineData("INSERT OVERWRITE iceberg.silver.t PARTITION (day = '2024-02-28', region = NULL) (id) SELECT 9", "1,2,3,4,5,6,9", "1|0|0")]
    [InlineData("INSERT INTO iceberg.silver.t PARTITION (day = '2024-02-28', region = 's') SELECT 9", "1,2,3,4,5,6,9", "1|0|0")]
    public async Task What_is_replaced_follows_from_the_rows_unless_the_clause_says_all(string sql, string left, string counts)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);

        Assert.StartsWith(counts + "|", Assert.Single(await session.RunLinesAsync(sql)), StringComparison.Ordinal);

        Assert.Equal(left.Split(','), await session.LinesAsync("SELECT id FROM iceberg.silver.t ORDER BY id"));
    }

    [Fact]
    public async Task The_values_of_the_clause_are_those_of_its_rows()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["region"] = "w", ["id"] = 10 };

        await session.RunLinesAsync("INSERT INTO iceberg.silver.t PARTITION (region = NULL, day = '2024-03-01') SELECT 9");
        await using (await session.RunAsync("INSERT OVERWRITE iceberg.silver.t PARTITION (region = $region, day = '2024-03-01') SELECT $id", values, Lake.Cancel))
        {
        }

        await session.RunLinesAsync("INSERT OVERWRITE iceberg.silver.t PARTITION (region = NULL, day = '2024-03-01') SELECT 11");

        Assert.Equal(["10|2024-03-01|w", "11|2024-03-01|null"], await session.LinesAsync("FROM iceberg.silver.t WHERE id > 6 ORDER BY id"));
    }

    /// <summary>By this other engines know that the overwrite replaced partitions.</summary>
    [Fact]
    public async Task A_dynamic_overwrite_says_in_its_summary_that_it_replaced_partitions()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);

        await session.RunLinesAsync("INSERT OVERWRITE iceberg.silver.t SELECT 9, DATE '2024-02-28', 'n'");

        var snapshot = (await lake.LoadAsync("silver.t")).CurrentSnapshot!;
        Assert.Equal("overwrite", snapshot.Operation);
        Assert.Equal(("true", "1", "1"), (snapshot.Summary["replace-partitions"], snapshot.Summary["added-data-files"], snapshot.Summary["deleted-data-files"]));
    }

    [Fact]
    public async Task A_table_without_partitions_is_replaced_whole_with_what_older_partitions_held()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        await session.RunLinesAsync("ALTER TABLE iceberg.silver.t DROP PARTITION FIELD day");
        await session.RunLinesAsync("ALTER TABLE iceberg.silver.t DROP PARTITION FIELD region");

        Assert.StartsWith("1|0|6|", Assert.Single(
            await session.RunLinesAsync("INSERT OVERWRITE iceberg.silver.t SELECT 9, DATE '2024-02-28', 'n'")), StringComparison.Ordinal);

        Assert.Equal(["9"], await session.LinesAsync("SELECT id FROM iceberg.silver.t"));
    }

    [Fact]
    public async Task Rows_of_other_partition_specs_stay_or_stop_the_statement()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.t", [("id", IcebergType.Int), ("day", IcebergType.Date), ("region", IcebergType.String)]);
        await session.AppendAsync("silver.t", Rows);
        await session.RunLinesAsync("ALTER TABLE iceberg.silver.t ADD PARTITION FIELD day");

        // A file of the time before has rows of several days.
        await session.RunLinesAsync("INSERT OVERWRITE iceberg.silver.t SELECT 9, DATE '2024-02-28', 'n'");
        Assert.Equal("7", Assert.Single(await session.LinesAsync("SELECT count(*) FROM iceberg.silver.t")));

        var old = (await lake.FilesAsync("silver.t")).Single(f => f.RecordCount == 6).FilePath;
        var files = lake.FilesOnDisk().Count;
        var error = await Assert.ThrowsAsync<SqlEngineException>(
            () => session.RunLinesAsync("INSERT OVERWRITE iceberg.silver.t PARTITION (day = '2024-02-28') SELECT 9, 'n'"));
        Assert.Equal(
            $"The file '{old}' of silver.t may also hold rows that are not to be replaced, as it was written under other partitions; nothing was "
            + "written. Rewrite the data files first, or use DELETE and INSERT INTO.",
            error.Message);
        Assert.Equal(files, lake.FilesOnDisk().Count);
    }

    [Fact]
    public async Task Deletes_of_replaced_partitions_go_with_them()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var deletes = new MergeOnRead(lake, session, "silver.t");
        await deletes.DeletePositionsAsync("id = 1");
        await deletes.DeleteKeysAsync("id", 1, "[3, 9]");

        Assert.StartsWith("1|0|1|", Assert.Single(
            await session.RunLinesAsync("INSERT OVERWRITE iceberg.silver.t SELECT 9, DATE '2024-02-28', 'n'")), StringComparison.Ordinal);
        Assert.StartsWith("1|0|1|", Assert.Single(await session.RunLinesAsync(
            "INSERT OVERWRITE iceberg.silver.t PARTITION (day = '2024-02-28', region = 's') SELECT 3")), StringComparison.Ordinal);

        Assert.Equal(["3", "5", "6", "9"], await session.LinesAsync("SELECT id FROM iceberg.silver.t ORDER BY id"));
        Assert.Equal(["0"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.\"t$delete_files\" WHERE partition.day = DATE '2024-02-28'"));
    }

    [Theory]
    [InlineData("PARTITION (id = 1) SELECT 'x'", "PARTITION cannot name 'id': table silver.t is partitioned by day, region; partitions that are computed from values follow from the rows.")]
    [InlineData("PARTITION (nope = 1) SELECT 1", "Table silver.t has no column 'nope'; it has id, day, region.")]
    [InlineData("PARTITION (day = DATE '2024-02-28', DAY) SELECT 1", "PARTITION names 'DAY' twice.")]
    [InlineData("PARTITION (region = 'n') (id, region) SELECT 1, 'n'", "Column 'region' is named twice in the INSERT into silver.t.")]
    [InlineData("PARTITION (region = 'n') BY NAME SELECT 1 AS id, 'n' AS region", "The SELECT for table silver.t has two columns named 'region'; name each column once.")]
    [InlineData("PARTITION (region = 'n') SELECT 1, DATE '2024-02-28', 'n'", "The INSERT into silver.t has 3 values in a row; expected 2: id, day.")]
    [InlineData("PARTITION (day = 'infinity'::DATE, region = 'n') SELECT 1", "'infinity' cannot be a partition of silver.t; expected a value of 'day' (date).")]
    public async Task A_clause_that_cannot_be_meant_is_refused(string rest, string message)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync($"INSERT OVERWRITE iceberg.silver.t {rest}"));
        Assert.Equal(message, error.Message);
        Assert.Equal(["6"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.t"));
    }

    [Fact]
    public async Task Partitions_that_are_computed_from_values_cannot_be_named()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.t", [("id", IcebergType.Int), ("at", IcebergType.Date)], s => PartitionSpec.For(s).Month("at").Build());
        var error = await Assert.ThrowsAsync<SqlEngineException>(
            () => session.RunLinesAsync("INSERT OVERWRITE iceberg.silver.t PARTITION (at = '2024-02-01') SELECT 1"));
        Assert.Equal(
            "PARTITION cannot name 'at': table silver.t is partitioned by no column as it is; partitions that are computed from values follow from the rows.",
            error.Message);
    }

    private static async Task<ISqlSession> StartAsync(Lake lake)
    {
        var session = await lake.OpenAsync();
        await lake.CreateAsync(
            "silver.t", [("id", IcebergType.Int), ("day", IcebergType.Date), ("region", IcebergType.String)],
            s => PartitionSpec.For(s).Identity("day").Identity("region").Build());
        await session.AppendAsync("silver.t", Rows);
        return session;
    }
}
