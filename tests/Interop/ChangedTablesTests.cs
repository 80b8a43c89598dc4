using PvLakehouse.Engine;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.TestServers;

namespace PvLakehouse.Interop;

/// <summary>Readers that share no code with ours follow a table through everything that can happen to it.</summary>
public sealed class ChangedTablesTests
{
    private static readonly TableIdentifier Plants = TableIdentifier.Parse("interop.plants");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("clickhouse")]
    [InlineData("icebird")]
    public async Task A_foreign_reader_follows_a_table_on_disk(string reader)
    {
        await using var lake = await ChangedLake.MakeAsync();
        await FollowAsync(lake, reader);
    }

    [Fact]
    public async Task ClickHouse_follows_a_table_in_S3()
    {
        await using var server = await CephServer.StartAsync(cancellationToken: Cancel);
        await server.CreateBucketAsync("lakehouse", Cancel);
        await using var lake = await ChangedLake.MakeAsync(server);
        await FollowAsync(lake, "clickhouse");
    }

    [Theory]
    [InlineData("clickhouse")]
    [InlineData("icebird")]
    public async Task A_foreign_reader_reads_through_delete_files_that_a_row_delta_adds(string reader)
    {
        await using var lake = await ChangedLake.MakeAsync();
        await lake.RunAsync(
            "CREATE SCHEMA iceberg.interop",
            "CREATE TABLE iceberg.interop.plants (id INT NOT NULL, name VARCHAR)",
            "INSERT INTO iceberg.interop.plants VALUES (1, 'Avonlie'), (2, 'Emerald'), (3, 'Yatpool'), (4, 'Nyngan')");
        var table = await lake.Catalog.LoadTableAsync(Plants, Cancel);
        var data = (await table.NewScan().PlanFilesAsync(Cancel).SingleAsync(Cancel)).File;

        // The reserved ids of the columns of position delete files (Iceberg specification, "Reserved Field IDs").
        var positions = await WriteAsync(
            lake, table, "positions.parquet", FileContent.PositionDeletes, 1,
            $"SELECT '{data.FilePath}' AS file_path, 1::BIGINT AS pos", "{file_path: 2147483546, pos: 2147483545}");
        var keys = await WriteAsync(
            lake, table, "keys.parquet", FileContent.EqualityDeletes, 2, "SELECT unnest([3, 77])::INTEGER AS id", "{id: 1}");
        await table.NewRowDelta().AddDeletes(positions).CommitAsync(Cancel);
        await table.NewRowDelta().AddDeletes(keys with { EqualityIds = [1] }).CommitAsync(Cancel);

        await lake.ExpectAsync(reader, Plants, ["id", "name"], "1|Avonlie", "4|Nyngan");
        await lake.RunAsync("INSERT INTO iceberg.interop.plants VALUES (3, 'Yatpool again')");
        await lake.ExpectAsync(reader, Plants, ["id", "name"], "1|Avonlie", "3|Yatpool again", "4|Nyngan");
        await lake.RunAsync("DELETE FROM iceberg.interop.plants WHERE id = 4");
        await lake.ExpectAsync(reader, Plants, ["id", "name"], "1|Avonlie", "3|Yatpool again");
    }

    /// <summary>Appends, updates, deletes, merges, evolution, a branch and maintenance, each as the reader sees them.</summary>
    private static async Task FollowAsync(ChangedLake lake, string reader)
    {
        await lake.RunAsync(
            "CREATE SCHEMA iceberg.interop",
            "CREATE TABLE iceberg.interop.plants (id INT NOT NULL, name VARCHAR, kw DOUBLE, opened DATE) "
            + "WITH (partitioning = ARRAY['year(opened)'])",
            "INSERT INTO iceberg.interop.plants VALUES "
            + "(1, 'Avonlie', 190.5, DATE '2023-05-01'), (2, 'Emerald', 72, DATE '2018-11-20'), (3, 'Yatpool', 94, DATE '2018-03-02')",
            "INSERT INTO iceberg.interop.plants VALUES (4, 'Nyngan', 102, DATE '2015-06-30'), (5, NULL, NULL, NULL)");
        await lake.ExpectAsync(
            reader, Plants, ["id", "name", "kw", "opened"],
            "1|Avonlie|190.5|2023-05-01", "2|Emerald|72|2018-11-20", "3|Yatpool|94|2018-03-02", "4|Nyngan|102|2015-06-30", "5|null|null|null");

        await lake.RunAsync(
            "UPDATE iceberg.interop.plants SET kw = kw + 0.5 WHERE name = 'Emerald'",
            "DELETE FROM iceberg.interop.plants WHERE opened < DATE '2016-01-01'",
            "MERGE INTO iceberg.interop.plants t USING (VALUES (3, 'Yatpool Solar Farm', 81.0), (6, 'Limondale', 249.0)) s(id, name, kw) "
            + "ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name, kw = s.kw "
            + "WHEN NOT MATCHED THEN INSERT (id, name, kw) VALUES (s.id, s.name, s.kw)");
        await lake.ExpectAsync(
            reader, Plants, ["id", "name", "kw", "opened"],
            "1|Avonlie|190.5|2023-05-01", "2|Emerald|72.5|2018-11-20", "3|Yatpool Solar Farm|81|2018-03-02", "5|null|null|null",
            "6|Limondale|249|null");

        await lake.RunAsync(
            "ALTER TABLE iceberg.interop.plants RENAME COLUMN kw TO capacity_kw",
            "ALTER TABLE iceberg.interop.plants ADD COLUMN state VARCHAR",
            "ALTER TABLE iceberg.interop.plants ALTER COLUMN id SET DATA TYPE BIGINT",
            "ALTER TABLE iceberg.interop.plants SET PROPERTIES partitioning = ARRAY['state']",
            "ALTER TABLE iceberg.interop.plants DROP COLUMN opened",
            "INSERT INTO iceberg.interop.plants (id, name, capacity_kw, state) VALUES (7000000000, 'Wellington', 170, 'NSW')",
            "ALTER TABLE iceberg.interop.plants CREATE BRANCH audit");
        await lake.Session.AppendAsync(
            Plants, "SELECT 8 AS id, 'Only in the branch' AS name", new WriteOptions { Branch = "audit" }, Cancel);
        string[] evolved =
        [
            "1|Avonlie|190.5|null", "2|Emerald|72.5|null", "3|Yatpool Solar Farm|81|null", "5|null|null|null",
            "6|Limondale|249|null", "7000000000|Wellington|170|NSW",
        ];
        await lake.ExpectAsync(reader, Plants, ["id", "name", "capacity_kw", "state"], evolved);
        await lake.ExpectBranchAsync(
            reader, Plants, "audit", ["id", "name", "capacity_kw", "state"],
            [.. evolved, "8|Only in the branch|null|null"]);

        await lake.RunAsync(
            "CALL iceberg.system.rewrite_data_files(table => 'interop.plants', options => map('rewrite-all', 'true'))",
            "CALL iceberg.system.rewrite_manifests('interop.plants')",
            "CALL iceberg.system.expire_snapshots(table => 'interop.plants', older_than => now() + INTERVAL 1 DAY)");
        await lake.ExpectAsync(reader, Plants, ["id", "name", "capacity_kw", "state"], evolved);
    }

    private static async Task<DataFile> WriteAsync(
        ChangedLake lake, Table table, string name, FileContent content, long rows, string select, string ids)
    {
        var path = $"{table.Locations.DataRoot}/{name}";
        await lake.Session.ExecuteAsync($"COPY ({select}) TO '{path}' (FORMAT parquet, FIELD_IDS {ids})", Cancel);
        return new DataFile
        {
            Content = content, FilePath = path, RecordCount = rows, FileSizeInBytes = new FileInfo(path).Length,
        };
    }
}
