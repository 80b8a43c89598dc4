using System.Globalization;

namespace PvLakehouse.Engine.Tests;

/// <summary>CALL and ALTER TABLE ... EXECUTE.</summary>
public sealed class ProcedureTests
{
    [Fact]
    public async Task The_statements_of_the_architecture_run_word_for_word()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await lake.OpenAsync();
        await session.RunLinesAsync("CREATE TABLE iceberg.bronze.raw_facility_timeseries (id int)");
        await session.RunLinesAsync("CREATE TABLE iceberg.silver.clean_hourly_energy (id int)");
        for (var i = 0; i < 5; i++)
        {
            await session.RunLinesAsync(FormattableString.Invariant($"INSERT INTO iceberg.bronze.raw_facility_timeseries VALUES ({i})"));
            await session.RunLinesAsync(FormattableString.Invariant($"INSERT INTO iceberg.silver.clean_hourly_energy VALUES ({i})"));
        }

        // The two statements under "Iceberg Table Maintenance", comments and semicolons included.
        var script = Sql.SqlScript.Split("""
            -- Remove old snapshots
            CALL iceberg.system.expire_snapshots('iceberg.bronze.raw_facility_timeseries', TIMESTAMP '2024-01-01 00:00:00');

            -- Compact data files
            CALL iceberg.system.rewrite_data_files('iceberg.silver.clean_hourly_energy');
            """);
        Assert.Equal(2, script.Count);

        // No snapshot is that old; five small files become one (min-input-files is 5).
        Assert.Equal(["0|0|0|0|0|0"], await session.RunLinesAsync(script[0]));
        Assert.StartsWith("5|1|", Assert.Single(await session.RunLinesAsync(script[1])), StringComparison.Ordinal);
        Assert.Single(await lake.FilesAsync("silver.clean_hourly_energy"));
        Assert.Equal(["0", "1", "2", "3", "4"], await session.LinesAsync("FROM iceberg.silver.clean_hourly_energy ORDER BY id"));
    }

    [Fact]
    public async Task Old_snapshots_expire_with_their_files()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await ThreeAsync(lake);
        await session.RunLinesAsync("DELETE FROM iceberg.gold.t WHERE id < 2"); // Two files of one row each are emptied.

        await using var result = await session.RunAsync(
            "CALL iceberg.system.expire_snapshots(table => 'gold.t', older_than => now() + INTERVAL 1 DAY, retain_last => 1)", null, Lake.Cancel);

        Assert.Equal(
            ["deleted_data_files_count", "deleted_position_delete_files_count", "deleted_equality_delete_files_count",
                "deleted_manifest_files_count", "deleted_manifest_lists_count", "deleted_statistics_files_count"],
            result.Columns.Select(c => c.Name));
        var row = Assert.Single(await result.ToListAsync(Lake.Cancel));
        Assert.Equal((2L, 3L), (row[0], row[4])); // Three appends before the delete had a manifest list each.
        Assert.Equal(["2"], await session.LinesAsync("FROM iceberg.gold.t"));
        Assert.Equal(["1"], await session.LinesAsync("SELECT count(*) FROM iceberg.gold.t.snapshots"));
    }

    [Theory]
    [InlineData("true", "0,2")]
    [InlineData("false", "0,1,2")]
    public async Task Schemas_of_no_use_are_forgotten_when_asked(string clean, string schemas)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await ThreeAsync(lake);
        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t ADD COLUMN never int");
        await session.RunLinesAsync("ALTER TABLE iceberg.gold.t ADD COLUMN again int");

        // All rows are of schema 0, the current one is 2.
        await session.RunLinesAsync(
            $"CALL iceberg.system.expire_snapshots(table => 'gold.t', older_than => TIMESTAMP '2020-01-01', clean_expired_metadata => {clean})");

        Assert.Equal(schemas, string.Join(',', (await lake.LoadAsync("gold.t")).Metadata.Schemas.Select(s => s.SchemaId).Order()));
    }

    [Fact]
    public async Task Snapshots_are_rolled_back_to_chosen_and_fast_forwarded()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await ThreeAsync(lake);
        var ids = (await lake.LoadAsync("gold.t")).Metadata.Snapshots.OrderBy(s => s.SequenceNumber).Select(s => s.SnapshotId).ToList();
        var (first, second, third) = (ids[0], ids[1], ids[2]);

        Assert.Equal([$"{third}|{first}"], await session.RunLinesAsync($"CALL iceberg.system.rollback_to_snapshot('gold.t', {first})"));
        Assert.Equal(["0"], await session.LinesAsync("FROM iceberg.gold.t"));
        Assert.Equal(
            $"Snapshot {third} is not among the ancestors of the current snapshot of gold.t, so it cannot be rolled back to it; set_current_snapshot can.",
            (await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync($"CALL iceberg.system.rollback_to_snapshot('gold.t', {third})"))).Message);
        Assert.Equal([$"{first}|{third}"], await session.RunLinesAsync($"CALL iceberg.system.set_current_snapshot(table => 'iceberg.gold.t', snapshot_id => {third})"));

        await session.RunLinesAsync($"ALTER TABLE iceberg.gold.t CREATE BRANCH b AS OF VERSION {second}");
        await session.RunLinesAsync("INSERT INTO iceberg.gold.t.branch_b VALUES (9)");
        await session.RunLinesAsync($"CALL system.rollback_to_snapshot('gold.t', {second})");
        var head = Assert.Single(await session.LinesAsync("SELECT snapshot_id FROM iceberg.gold.t.refs WHERE name = 'b'"));
        Assert.Equal([$"main|{second}|{head}"], await session.RunLinesAsync("CALL iceberg.system.fast_forward('gold.t', 'main', 'b')"));
        Assert.Equal(["0", "1", "9"], await session.LinesAsync("FROM iceberg.gold.t ORDER BY id"));
        Assert.Equal([head, $"{second}", $"{first}"], (await session.RunLinesAsync("CALL iceberg.system.ancestors_of('gold.t')")).Select(l => l.Split('|')[0]));
    }

    [Fact]
    public async Task A_table_is_rolled_back_to_a_time()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await ThreeAsync(lake);
        var snapshots = (await lake.LoadAsync("gold.t")).Metadata.Snapshots.OrderBy(s => s.SequenceNumber).ToList();
        var instant = snapshots[2].Timestamp.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

        // Strictly before the third snapshot.
        var line = Assert.Single(await session.RunLinesAsync($"CALL iceberg.system.rollback_to_timestamp('gold.t', TIMESTAMP '{instant}')"));

        Assert.Equal($"{snapshots[2].SnapshotId}|{snapshots[1].SnapshotId}", line);
    }

    [Fact]
    public async Task Orphans_are_listed_and_removed()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await ThreeAsync(lake);
        var orphan = Path.Combine(Path.GetDirectoryName(lake.FilesOnDisk()[0])!, "orphan.parquet");
        await File.WriteAllTextAsync(orphan, "x", Lake.Cancel);
        File.SetLastWriteTimeUtc(orphan, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var listed = Assert.Single(await session.RunLinesAsync("CALL iceberg.system.remove_orphan_files(table => 'gold.t', dry_run => true)"));
        Assert.EndsWith("orphan.parquet", listed, StringComparison.Ordinal);
        Assert.True(File.Exists(orphan));
        Assert.Single(await session.RunLinesAsync("ALTER TABLE iceberg.gold.t EXECUTE remove_orphan_files(retention_threshold => '7d')"));
        Assert.False(File.Exists(orphan));
        Assert.Equal(["0", "1", "2"], await session.LinesAsync("FROM iceberg.gold.t ORDER BY id"));
    }

    [Fact]
    public async Task Trino_optimizes_and_options_are_Sparks()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await ThreeAsync(lake);

        // Below the five files of min-input-files nothing happens, unless the option says so.
        Assert.Equal(["0|0|0|0|0"], await session.RunLinesAsync("CALL iceberg.system.rewrite_data_files('gold.t')"));
        Assert.StartsWith("2|1|", Assert.Single(await session.RunLinesAsync(
            "CALL iceberg.system.rewrite_data_files(table => 'gold.t', where => 'id > 0', options => map('min-input-files', '2'), strategy => 'sort', sort_order => 'id DESC NULLS LAST')")), StringComparison.Ordinal);
        Assert.StartsWith("2|1|", Assert.Single(await session.RunLinesAsync(
            "ALTER TABLE iceberg.gold.t EXECUTE optimize(file_size_threshold => '100MB') WHERE id < 3")), StringComparison.Ordinal);
        Assert.Single(await lake.FilesAsync("gold.t"));
        Assert.Equal(["0", "1", "2"], await session.LinesAsync("FROM iceberg.gold.t ORDER BY id"));
        Assert.Equal(2, Assert.Single(await session.RunLinesAsync("CALL iceberg.system.rewrite_manifests('gold.t')")).Split('|').Length);
        Assert.Equal(["0", "1", "2"], await session.LinesAsync("FROM iceberg.gold.t ORDER BY id"));
    }

    [Fact]
    public async Task A_dropped_table_can_be_registered_again()
    {
        await using var lake = await Lake.MakeAsync();
        var session = await ThreeAsync(lake);
        var table = await lake.LoadAsync("gold.t");
        await session.RunLinesAsync("DROP TABLE iceberg.gold.t");

        Assert.Equal(
            [$"{table.CurrentSnapshot!.SnapshotId}|3|3"],
            await session.RunLinesAsync($"CALL iceberg.system.register_table(table => 'gold.again', metadata_file => '{table.MetadataLocation}')"));

        Assert.Equal(["0", "1", "2"], await session.LinesAsync("FROM iceberg.gold.again ORDER BY id"));
    }

    [Theory]
    [InlineData("CALL iceberg.system.fly('gold.t')", "There is no procedure iceberg.system.fly; expected expire_snapshots, rewrite_data_files, rewrite_manifests, remove_orphan_files, rollback_to_snapshot, rollback_to_timestamp, set_current_snapshot, cherrypick_snapshot, fast_forward, ancestors_of or register_table.")]
    [InlineData("CALL other.system.expire_snapshots('gold.t')", "Line 1, column 6: there is no procedure other.system.expire_snapshots; expected iceberg.system.<procedure>.")]
    [InlineData("CALL iceberg.system.expire_snapshots()", "expire_snapshots needs the argument 'table'.")]
    [InlineData("CALL iceberg.system.expire_snapshots('gold.u')", "There is no table iceberg.gold.u.\nDid you mean \"iceberg.gold.t\"?")]
    [InlineData("CALL iceberg.system.expire_snapshots('gold.t', 'tomorrow')", "Argument 'older_than' of expire_snapshots is 'tomorrow'; expected an instant such as TIMESTAMP '2024-01-31 12:00:00'.")]
    [InlineData("CALL iceberg.system.expire_snapshots('gold.t', older => 1)", "expire_snapshots has no argument 'older'; it has table, older_than, retain_last, max_concurrent_deletes, stream_results, snapshot_ids, clean_expired_metadata.")]
    [InlineData("CALL iceberg.system.expire_snapshots(table => 'gold.t', 'x')", "Line 1, column 57: found the text 'x'; expected an argument by name (name => value) after another by name.")]
    [InlineData("CALL iceberg.system.rollback_to_snapshot('gold.t', 'x')", "Argument 'snapshot_id' of rollback_to_snapshot is 'x'; expected a whole number.")]
    [InlineData("CALL iceberg.system.rewrite_data_files('gold.t', options => map('speed', '1'))", "rewrite_data_files has no option 'speed'; it has target-file-size-bytes, min-file-size-bytes, max-file-size-bytes, min-input-files, max-file-group-size-bytes, delete-file-threshold, delete-ratio-threshold, rewrite-all, output-spec-id, partial-progress.enabled, partial-progress.max-commits or use-starting-sequence-number.")]
    [InlineData("CALL iceberg.system.rewrite_data_files('gold.t', where => 'id % 2 = 0')", "The condition 'id % 2 = 0' chooses no files; expected comparisons of columns with constants.")]
    [InlineData("CALL iceberg.system.set_current_snapshot('gold.t')", "set_current_snapshot needs either 'snapshot_id' or 'ref'.")]
    [InlineData("ALTER TABLE iceberg.gold.t EXECUTE optimize(file_size_threshold => 'big')", "Argument 'file_size_threshold' of optimize is 'big'; expected a size such as '128MB'.")]
    [InlineData("ALTER TABLE iceberg.gold.t EXECUTE expire_snapshots(retention_threshold => '7 weeks')", "Argument 'retention_threshold' of expire_snapshots is '7 weeks'; expected a time such as '7d', '12h' or '30m'.")]
    public async Task A_wrong_call_is_said(string sql, string message)
    {
        await using var lake = await Lake.MakeAsync();
        var session = await ThreeAsync(lake);

        Assert.Equal(message, (await Assert.ThrowsAsync<SqlEngineException>(() => session.RunLinesAsync(sql))).Message);
    }

    private static async Task<ISqlSession> ThreeAsync(Lake lake)
    {
        var session = await lake.OpenAsync();
        await session.RunLinesAsync("CREATE TABLE iceberg.gold.t (id int)");
        for (var i = 0; i < 3; i++)
        {
            await session.RunLinesAsync(FormattableString.Invariant($"INSERT INTO iceberg.gold.t VALUES ({i})"));
        }

        return session;
    }
}
