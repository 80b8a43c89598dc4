using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

public sealed class ReadingTests
{
    private static readonly (string, IcebergType)[] Hourly =
    [
        ("facility", IcebergType.String), ("date_hour", IcebergType.TimestampTz), ("energy", IcebergType.Double),
    ];

    [Fact]
    public async Task A_table_without_snapshot_is_an_empty_relation_of_the_right_types()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.hours", Hourly);
        var session = await lake.OpenAsync();

        var result = await session.QueryAsync("SELECT * FROM iceberg.silver.hours", null, Lake.Cancel);

        Assert.Equal(["facility VARCHAR", "date_hour TIMESTAMP WITH TIME ZONE", "energy DOUBLE"], result.Columns.Select(c => $"{c.Name} {c.Type}").ToArray());
        Assert.Empty(await result.ToListAsync(Lake.Cancel));
    }

    /// <summary>What a stored view reads cannot be seen in the statement that uses it.</summary>
    [Fact]
    public async Task A_table_that_a_stored_view_reads_is_whole_beside_a_filter_on_it()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.v", [("id", IcebergType.Int)]);
        await session.AppendAsync("silver.v", "SELECT 1 AS id");
        await session.AppendAsync("silver.v", "SELECT 2 AS id");
        await session.ExecuteAsync("CREATE TEMP VIEW stored AS SELECT * FROM iceberg.silver.v", Lake.Cancel);

        Assert.Equal(["1|2"], await session.LinesAsync("SELECT count(*), (SELECT count(*) FROM stored) FROM iceberg.silver.v WHERE id = 1"));
    }

    [Fact]
    public async Task Deletes_that_a_statement_needed_are_gone_with_the_next()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.d", [("id", IcebergType.Int)]);
        await session.AppendAsync("silver.d", "SELECT range::INTEGER AS id FROM range(3)");
        await new MergeOnRead(lake, session, "silver.d").DeletePositionsAsync("id = 1");

        Assert.Equal(["0", "2"], await session.LinesAsync("SELECT id FROM iceberg.silver.d ORDER BY id"));

        Assert.Equal(["0"], await session.LinesAsync("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '!_!_deletes%' ESCAPE '!'"));
    }

    [Fact]
    public async Task Only_files_that_may_hold_matching_rows_are_opened()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.hours", Hourly, s => PartitionSpec.For(s).Month("date_hour").Build(), ["facility", "date_hour"]);
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.hours", """
            SELECT 'F' || f AS facility, TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_hours(h) AS date_hour, h::DOUBLE AS energy
            FROM range(3) a(f), range(24 * 366) b(h)
            """);

        var all = await session.QueryAsync("SELECT count(*) FROM iceberg.silver.hours", null, Lake.Cancel);
        var march = await session.QueryAsync(
            "SELECT count(*) FROM iceberg.silver.hours WHERE date_hour >= '2024-03-05' AND date_hour < DATE '2024-03-06' AND facility = 'F1'", null, Lake.Cancel);
        Assert.Equal(new ScanStatistics(12, 0), all.Scan);
        Assert.Equal(new ScanStatistics(1, 11), march.Scan);
        Assert.Equal(24L, (await march.ToListAsync(Lake.Cancel))[0][0]);

        // Nothing stays pruned for the next statement, however it names the table.
        Assert.Equal(["26352"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.hours"));
        await session.LinesAsync("SELECT count(*) FROM iceberg.silver.hours WHERE energy < 0");
        Assert.Equal(["26352"], await session.LinesAsync("SELECT * FROM query('SELECT count(*) FROM iceberg.silver.hours')"));
        await session.LinesAsync("SELECT count(*) FROM iceberg.silver.hours WHERE energy < 0");
        await Assert.ThrowsAsync<SqlEngineException>(() =>
            session.LinesAsync("SELECT * FROM query('SELECT count(*) FROM ice' || 'berg.silver.hours')"));
    }

    [Fact]
    public async Task Stored_views_and_macros_see_the_whole_table_and_its_newest_rows()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.hours", Hourly, s => PartitionSpec.For(s).Identity("facility").Build());
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.hours", "SELECT 'A' AS facility, 1 AS energy UNION ALL SELECT 'B', 2");
        await session.ExecuteAsync("CREATE TEMP VIEW everything AS SELECT * FROM iceberg.silver.hours", Lake.Cancel);
        await session.ExecuteAsync("CREATE TEMP MACRO of_farm(f) AS TABLE SELECT * FROM iceberg.silver.hours WHERE facility = f", Lake.Cancel);

        await session.LinesAsync("SELECT * FROM iceberg.silver.hours WHERE facility = 'A'");
        Assert.Equal(["2"], await session.LinesAsync("SELECT count(*) FROM everything"));
        await session.AppendAsync("silver.hours", "SELECT 'B' AS facility, 3 AS energy");
        Assert.Equal(["3"], await session.LinesAsync("SELECT count(*) FROM everything"));
        Assert.Equal(["2"], await session.LinesAsync("SELECT count(*) FROM of_farm('B')"));
    }

    [Fact]
    public async Task A_temporary_table_is_filled_from_pruned_files()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("silver.hours", Hourly, s => PartitionSpec.For(s).Identity("facility").Build());
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.hours", "SELECT 'A' AS facility, 1 AS energy UNION ALL SELECT 'B', 2");

        await session.ExecuteAsync("CREATE TEMP TABLE a AS SELECT * FROM iceberg.silver.hours WHERE facility = 'A'", Lake.Cancel);
        Assert.Equal(["A|null|1"], await session.LinesAsync("SELECT * FROM a"));
        Assert.Equal(["2"], await session.LinesAsync("SELECT count(*) FROM iceberg.silver.hours"));
    }

    [Fact]
    public async Task Names_are_found_without_regard_to_case_and_tables_are_listed()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("gold.fact_energy", Hourly);
        await lake.CreateAsync("silver.hours", Hourly);
        var session = await lake.OpenAsync();

        Assert.Equal(["0"], await session.LinesAsync("SELECT count(*) FROM ICEBERG.Gold.Fact_Energy"));
        Assert.Equal(
            ["facility|VARCHAR", "date_hour|TIMESTAMP WITH TIME ZONE", "energy|DOUBLE"],
            await session.LinesAsync("SELECT column_name, column_type FROM (DESCRIBE iceberg.silver.hours)"));
        Assert.Equal(
            ["gold|fact_energy", "silver|hours"],
            await session.LinesAsync("SELECT schema, name FROM (SHOW ALL TABLES) ORDER BY ALL"));
        Assert.Equal(["3"], await session.LinesAsync("SELECT count(*) FROM information_schema.columns WHERE table_name = 'hours'"));
    }

    [Fact]
    public async Task A_wrong_table_name_is_answered_with_the_nearest_one()
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("gold.fact_solar_environmental", Hourly);
        await lake.CreateAsync("silver.hours", Hourly);
        var session = await lake.OpenAsync();

        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.LinesAsync("SELECT * FROM iceberg.gold.fact_solar_enviromental"));

        Assert.Equal("There is no table iceberg.gold.fact_solar_enviromental.\nDid you mean \"iceberg.gold.fact_solar_environmental\"?", error.Message);
    }

    [Theory]
    [InlineData("SELECT * FROM fact_energy")]
    [InlineData("SELECT * FROM gold.Fact_Energy")]
    public async Task A_name_without_all_three_parts_is_answered_with_the_full_one(string sql)
    {
        await using var lake = await Lake.MakeAsync();
        await lake.CreateAsync("gold.fact_energy", Hourly);
        var session = await lake.OpenAsync();
        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.LinesAsync(sql));
        Assert.EndsWith("tables of the lake have names of three parts.\nDid you mean \"iceberg.gold.fact_energy\"?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renamed_columns_are_found_by_id_and_added_ones_are_null_in_old_files()
    {
        await using var lake = await Lake.MakeAsync();
        var table = await lake.CreateAsync("silver.hours", [("a", IcebergType.Int), ("b", IcebergType.Int)]);
        var session = await lake.OpenAsync();
        await session.AppendAsync("silver.hours", "SELECT 1 AS a, 2 AS b");

        await table.UpdateAsync(
            metadata => metadata.AddSchema(new Schema(
            [
                NestedField.Optional(3, "c", IcebergType.Date),
                NestedField.Optional(2, "a", IcebergType.Long),
                NestedField.Optional(1, "was a", IcebergType.Int),
            ])).SetCurrentSchema(),
            Lake.Cancel);
        await session.AppendAsync("silver.hours", "SELECT DATE '2024-01-02' AS c, 20 AS a, 10 AS \"was a\"");

        Assert.Equal(["null|2|1", "2024-01-02|20|10"], await session.LinesAsync("SELECT * FROM iceberg.silver.hours ORDER BY a"));
    }

    [Fact]
    public async Task A_relation_can_be_a_table_at_a_snapshot_or_what_snapshots_added()
    {
        await using var lake = await Lake.MakeAsync();
        var hours = TableIdentifier.Parse("silver.hours");
        await lake.CreateAsync("silver.hours", [("a", IcebergType.Int)]);
        var session = await lake.OpenAsync();
        await session.BindAsync("empty", new TableAt(hours), Lake.Cancel);
        var first = (await session.AppendAsync("silver.hours", "SELECT 1 AS a")).SnapshotId!.Value;
        var second = (await session.AppendAsync("silver.hours", "SELECT 2 AS a")).SnapshotId!.Value;
        var third = (await session.AppendAsync("silver.hours", "SELECT 3 AS a")).SnapshotId!.Value;

        await session.BindAsync("then", new TableAt(hours, second), Lake.Cancel);
        await session.BindAsync("since", new AddedBetween(hours, first, third), Lake.Cancel);
        await session.BindAsync("start", new AddedBetween(hours, null, first), Lake.Cancel);
        await session.BindAsync("nothing", new AddedBetween(hours, third, third), Lake.Cancel);

        Assert.Equal(["0"], await session.LinesAsync("SELECT count(*) FROM empty"));
        Assert.Equal(["1", "2"], await session.LinesAsync("SELECT a FROM \"then\" ORDER BY a"));
        Assert.Equal(["2", "3"], await session.LinesAsync("SELECT a FROM since ORDER BY a"));
        Assert.Equal(["1"], await session.LinesAsync("SELECT a FROM start"));
        Assert.Equal(["0"], await session.LinesAsync("SELECT count(*) FROM nothing"));
        var error = await Assert.ThrowsAsync<SqlEngineException>(() => session.BindAsync("x", new TableAt(hours, 42), Lake.Cancel));
        Assert.Equal("Table silver.hours has no snapshot 42; it was never made or has expired.", error.Message);
    }

    [Fact]
    public async Task Added_rows_include_those_of_merges()
    {
        await using var lake = await Lake.MakeAsync();
        var hours = TableIdentifier.Parse("silver.hours");
        await lake.CreateAsync("silver.hours", [("a", IcebergType.Int), ("b", IcebergType.Int)], s => PartitionSpec.For(s).Identity("a").Build());
        var session = await lake.OpenAsync();
        var first = (await session.AppendAsync("silver.hours", "SELECT 1 AS a, 1 AS b UNION ALL SELECT 2, 2")).SnapshotId!.Value;
        var second = (await session.MergeAsync("silver.hours", "SELECT 2 AS a, 20 AS b UNION ALL SELECT 3, 3", "a")).SnapshotId!.Value;

        await session.BindAsync("since", new AddedBetween(hours, first, second), Lake.Cancel);

        Assert.Equal(["2|20", "3|3"], await session.LinesAsync("SELECT * FROM since ORDER BY a"));
    }
}
