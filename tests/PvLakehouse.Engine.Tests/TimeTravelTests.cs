using System.Globalization;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.Tests;

public sealed class TimeTravelTests
{
    [Theory]
    [InlineData("SELECT count(*) FROM iceberg.silver.t FOR VERSION AS OF {first}", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t VERSION AS OF {first}", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t FOR SYSTEM_VERSION AS OF {first} x WHERE x.id > 0", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t FOR VERSION AS OF '{first}'", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t FOR VERSION AS OF 'first'", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t.tag_first", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t.branch_main", "2")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t FOR TIMESTAMP AS OF TIMESTAMP '{time}'", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t TIMESTAMP AS OF '{time}'", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t FOR SYSTEM_TIME AS OF TIMESTAMP '{time}' - INTERVAL '0' SECOND + INTERVAL 0 DAY AS old", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.t FOR TIMESTAMP AS OF now()", "2")]
    [InlineData("SELECT t.id, t.name FROM iceberg.silver.t FOR VERSION AS OF {first} WHERE t.name = 'a'", "1|a")]
    [InlineData("SELECT n.id FROM iceberg.silver.t n ANTI JOIN iceberg.silver.t FOR VERSION AS OF {first} o ON n.id = o.id", "2")]
    [InlineData("SELECT n.id FROM iceberg.silver.t n, (SELECT * FROM iceberg.silver.t FOR VERSION AS OF {first}) o WHERE n.id = o.id", "1")]
    [InlineData("WITH o AS (FROM iceberg.silver.t FOR VERSION AS OF {first}) SELECT count(*) FROM o", "1")]
    [InlineData("SELECT 'iceberg.silver.t FOR VERSION AS OF 1' -- iceberg.silver.t FOR VERSION AS OF 1", "iceberg.silver.t FOR VERSION AS OF 1")]
    public async Task Earlier_rows_are_read(string sql, string expected)
    {
        await using var lake = await Lake.MakeAsync();
        var (session, first, time) = await TwoSnapshotsAsync(lake);

        Assert.Equal([expected], await session.LinesAsync(Fill(sql, first, time)));
    }

    [Theory]
    [InlineData("SELECT * FROM iceberg.silver.t FOR VERSION AS OF 5", "Table silver.t has no snapshot 5; it was never made or has expired.\nSee iceberg.silver.\"t$snapshots\".")]
    [InlineData("SELECT * FROM iceberg.silver.t FOR VERSION AS OF 'x'", "Table silver.t has no branch or tag 'x'; it has main, first.")]
    [InlineData("SELECT * FROM iceberg.silver.t FOR TIMESTAMP AS OF TIMESTAMP '2001-01-01'", "Table silver.t had no snapshot at 2001-01-01 00:00:00.000Z, or it has expired.\nSee iceberg.silver.\"t$history\".")]
    [InlineData("SELECT * FROM iceberg.silver.t FOR VERSION AS OF 1.5", "'1.5' is no version of silver.t; expected a snapshot id, or a branch or tag in quotes.")]
    [InlineData("SELECT *\nFROM iceberg.silver.t FOR VERSION AS OF", "Line 2, column 40: the statement ends here; expected a version: a snapshot id, a branch or tag in quotes, or an instant.")]
    [InlineData("SELECT * FROM iceberg.silver.u FOR VERSION AS OF 5", "There is no table iceberg.silver.u.\nDid you mean \"iceberg.silver.t\"?")]
    [InlineData("SELECT * FROM iceberg.silver.\"t$refs\" FOR VERSION AS OF 5", "The metadata table 'refs' is about the whole table silver.t and has no versions; leave out FOR ... AS OF.")]
    public async Task A_version_that_is_not_there_is_named(string sql, string message)
    {
        await using var lake = await Lake.MakeAsync();
        var (session, _, _) = await TwoSnapshotsAsync(lake);

        Assert.Equal(message, (await Assert.ThrowsAsync<SqlEngineException>(() => session.LinesAsync(sql))).Message);
    }

    [Fact]
    public async Task A_version_may_be_a_parameter_and_is_pruned_like_the_present()
    {
        await using var lake = await Lake.MakeAsync();
        var (session, _, _) = await TwoSnapshotsAsync(lake);
        var second = (await lake.LoadAsync("silver.t")).CurrentSnapshot!.SnapshotId;
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { ["v"] = second, ["id"] = 2 };

        await using var result = await session.QueryAsync(
            "SELECT name FROM iceberg.silver.t FOR VERSION AS OF $v WHERE id = $id", parameters, Lake.Cancel);

        Assert.Equal(new ScanStatistics(1, 1), result.Scan);
        Assert.Equal("b", Assert.Single(await result.ToListAsync(Lake.Cancel))[0]);
    }

    [Fact]
    public async Task A_tag_is_read_with_the_columns_of_its_time()
    {
        await using var lake = await Lake.MakeAsync();
        var (session, _, _) = await TwoSnapshotsAsync(lake);
        var table = await lake.LoadAsync("silver.t");
        await table.UpdateAsync(b => b.AddSchema(new Schema([.. table.Schema.Columns, NestedField.Optional(3, "more", IcebergType.Int)])).SetCurrentSchema(), Lake.Cancel);

        Assert.Equal(["1|a"], await session.LinesAsync("SELECT * FROM iceberg.silver.t FOR VERSION AS OF 'first'"));
        Assert.Equal(["1|a|null"], await session.LinesAsync("SELECT * FROM iceberg.silver.t WHERE id = 1"));
    }

    [Theory]
    [InlineData("SELECT count(*) FROM iceberg.silver.\"t$snapshots\"", "2")]
    [InlineData("SELECT operation, summary['added-records'] FROM iceberg.silver.t.snapshots WHERE snapshot_id = {first}", "append|1")]
    [InlineData("SELECT s.operation FROM iceberg.silver.t.snapshots AS s, iceberg.silver.t$history h WHERE h.snapshot_id = s.snapshot_id AND h.parent_id IS NULL", "append")]
    [InlineData("SELECT snapshots.parent_id FROM iceberg.silver.t.snapshots WHERE parent_id IS NOT NULL", "{first}")]
    [InlineData("SELECT name, type FROM iceberg.silver.\"t$refs\" WHERE name <> 'main'", "first|TAG")]
    [InlineData("SELECT sum(record_count), max(readable_metrics.id.upper_bound), typeof(any_value(readable_metrics.id.lower_bound)) FROM iceberg.silver.t.files", "2|2|INTEGER")]
    [InlineData("SELECT sum(record_count) FROM iceberg.silver.t.files FOR VERSION AS OF {first}", "1")]
    [InlineData("SELECT count(*) FROM iceberg.silver.\"t$data_files\" WHERE octet_length(lower_bounds[1]) = 4", "2")]
    [InlineData("SELECT count(*) FROM iceberg.silver.\"t$delete_files\"", "0")]
    [InlineData("SELECT sum(added_data_files_count) FROM iceberg.silver.\"t$manifests\"", "2")]
    [InlineData("SELECT record_count, file_count FROM iceberg.silver.\"t$partitions\"", "2|2")]
    [InlineData("SELECT count(*) FROM iceberg.silver.\"t$entries\" WHERE status = 1 AND data_file.record_count = 1", "2")]
    [InlineData("SELECT count(DISTINCT file) > 2 FROM iceberg.silver.\"t$metadata_log_entries\"", "True")]
    [InlineData("SELECT snapshots FROM (SELECT 1 AS snapshots)", "1")]
    public async Task What_a_table_knows_of_itself_is_a_table(string sql, string expected)
    {
        await using var lake = await Lake.MakeAsync();
        var (session, first, time) = await TwoSnapshotsAsync(lake);

        Assert.Equal([Fill(expected, first, time)], await session.LinesAsync(Fill(sql, first, time)));
    }

    [Fact]
    public async Task Partitions_show_their_values()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await lake.CreateAsync(
            "silver.p", [("farm", IcebergType.String), ("day", IcebergType.Date)], s => PartitionSpec.For(s).Identity("farm").Month("day").Build());
        await session.AppendAsync("silver.p", "SELECT * FROM (VALUES ('it''s \"A\"', DATE '2024-02-03'), (NULL, NULL)) v(farm, day)");

        Assert.Equal(
            ["it's \"A\"|649|1", "null|null|1"], // February 2024 is month (2024 - 1970) * 12 + 1 = 649.
            await session.LinesAsync("SELECT partition.farm, partition.day_month, record_count FROM iceberg.silver.\"p$partitions\" ORDER BY 1 NULLS LAST"));
    }

    private static async Task<(ISqlSession Session, long First, string Time)> TwoSnapshotsAsync(Lake lake)
    {
        var session = await lake.OpenAsync();
        await lake.CreateAsync("silver.t", [("id", IcebergType.Int), ("name", IcebergType.String)]);
        await session.AppendAsync("silver.t", "SELECT 1 AS id, 'a' AS name");
        var table = await lake.LoadAsync("silver.t");
        var first = table.CurrentSnapshot!;
        await session.AppendAsync("silver.t", "SELECT 2 AS id, 'b' AS name");
        await table.RefreshAsync(Lake.Cancel);
        await table.UpdateAsync(b => b.SetRef("first", new SnapshotRef(first.SnapshotId, SnapshotRefKind.Tag)), Lake.Cancel);
        return (session, first.SnapshotId, first.Timestamp.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
    }

    private static string Fill(string text, long first, string time) => text
        .Replace("{first}", first.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{time}", time, StringComparison.Ordinal);
}
