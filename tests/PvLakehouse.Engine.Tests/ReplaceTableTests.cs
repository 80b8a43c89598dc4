using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

/// <summary>Statements that change several things of a table by one commit.</summary>
public sealed class ReplaceTableTests
{
    [Fact]
    public async Task A_replaced_table_has_the_rows_of_the_query_and_keeps_its_history()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var before = (await lake.LoadAsync("gold.x")).Metadata;

        Assert.StartsWith("2|0|0|", Assert.Single(await session.RunLinesAsync(
            "CREATE OR REPLACE TABLE iceberg.gold.x WITH (partitioning = ARRAY['s']) AS SELECT n + 10 AS n, 'a' AS s FROM iceberg.gold.x WHERE n < 2")), StringComparison.Ordinal);

        Assert.Equal(["10|a", "11|a"], await session.LinesAsync("FROM iceberg.gold.x ORDER BY n"));
        Assert.Equal(["0", "1", "2"], await session.LinesAsync(
            FormattableString.Invariant($"FROM iceberg.gold.x FOR VERSION AS OF {before.CurrentSnapshotId} ORDER BY n")));
        var after = (await lake.LoadAsync("gold.x")).Metadata;
        Assert.Equal(before.TableUuid, after.TableUuid);
        Assert.Equal([(1, "n"), (2, "s")], after.Schema.Columns.Select(c => (c.Id, c.Name)));
        Assert.Equal(2, Assert.Single(after.Spec.Fields).SourceId);
    }

    [Fact]
    public async Task Replacing_by_columns_alone_empties_the_table_and_makes_one_that_is_missing()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);

        Assert.Equal(["Table gold.x is replaced."], await session.RunLinesAsync("CREATE OR REPLACE TABLE iceberg.gold.x (a int)"));
        Assert.Equal(["Table gold.y is made."], await session.RunLinesAsync("CREATE OR REPLACE TABLE iceberg.gold.y (b int)"));

        Assert.Equal(["0"], await session.LinesAsync("SELECT count(a) FROM iceberg.gold.x"));
        Assert.Equal(["0"], await session.LinesAsync("SELECT count(b) FROM iceberg.gold.y"));
    }

    [Fact]
    public async Task A_replacement_that_fails_changes_nothing()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var (before, files) = ((await lake.LoadAsync("gold.x")).MetadataLocation, lake.FilesOnDisk());

        await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync(
            "CREATE OR REPLACE TABLE iceberg.gold.x AS SELECT CASE WHEN n = 2 THEN error('no') ELSE n END AS m FROM iceberg.gold.x"));

        Assert.Equal(before, (await lake.LoadAsync("gold.x")).MetadataLocation);
        Assert.Equal(files, lake.FilesOnDisk());
    }

    [Fact]
    public async Task Several_properties_are_one_commit()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var log = (await lake.LoadAsync("gold.x")).Metadata.MetadataLog.Count;

        await session.RunLinesAsync("ALTER TABLE iceberg.gold.x SET PROPERTIES partitioning = ARRAY['bucket(n, 4)'], sorted_by = ARRAY['n'], \"a.b\" = 'c'");

        var table = await lake.LoadAsync("gold.x");
        Assert.Equal(log + 1, table.Metadata.MetadataLog.Count);
        Assert.Equal(Transform.Bucket(4), Assert.Single(table.Spec.Fields).Transform);
        Assert.Single(table.SortOrder.Fields);
        Assert.Equal("c", table.Metadata.Properties["a.b"]);
    }

    [Fact]
    public async Task Of_several_properties_one_that_is_refused_stops_all()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        var before = (await lake.LoadAsync("gold.x")).MetadataLocation;

        await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync(
            "ALTER TABLE iceberg.gold.x SET PROPERTIES partitioning = ARRAY['n'], format_version = 7"));

        Assert.Equal(before, (await lake.LoadAsync("gold.x")).MetadataLocation);
    }

    [Fact]
    public async Task A_snapshot_of_a_branch_can_be_picked()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);
        await session.RunLinesAsync("INSERT INTO iceberg.gold.x.branch_audit VALUES (50)");
        var picked = (await lake.LoadAsync("gold.x")).Metadata.Refs["audit"].SnapshotId;
        await session.RunLinesAsync("INSERT INTO iceberg.gold.x VALUES (3)");

        var line = Assert.Single(await session.RunLinesAsync(FormattableString.Invariant($"CALL iceberg.system.cherrypick_snapshot('gold.x', {picked})")));

        Assert.Equal(["0", "1", "2", "3", "50"], await session.LinesAsync("FROM iceberg.gold.x ORDER BY n"));
        Assert.Equal(FormattableString.Invariant($"{picked}|{(await lake.LoadAsync("gold.x")).Metadata.CurrentSnapshotId}"), line);
        await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync(FormattableString.Invariant($"CALL iceberg.system.cherrypick_snapshot('gold.x', {picked})")));
    }

    [Theory]
    [InlineData("INSERT INTO iceberg.gold.x VALUES (1), (DEFAULT)", 41)]
    [InlineData("INSERT INTO iceberg.gold.x DEFAULT VALUES", 28)]
    [InlineData("UPDATE iceberg.gold.x SET n = DEFAULT", 31)]
    [InlineData("MERGE INTO iceberg.gold.x USING (SELECT 1 AS k) s ON n = k WHEN NOT MATCHED THEN INSERT (n) VALUES (DEFAULT)", 101)]
    public async Task There_are_no_defaults(string sql, int column)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await StartAsync(lake);

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync(sql));

        Assert.Equal(
            FormattableString.Invariant($"Line 1, column {column}: DEFAULT is not possible: columns of Iceberg tables of version 2 have no default; write NULL, or leave the column out."),
            error.Message);
    }

    private static async Task<ISqlSession> StartAsync(Lake lake)
    {
        var session = await lake.OpenAsync();
        await session.RunLinesAsync("CREATE TABLE iceberg.gold.x AS SELECT range AS n FROM range(3)");
        Assert.True(await lake.Catalog.TableExistsAsync(TableIdentifier.Parse("gold.x"), Lake.Cancel));
        return session;
    }
}
