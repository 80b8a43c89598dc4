using PvLakehouse.Engine;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Sql;

namespace PvLakehouse.Interop;

/// <summary>Readers that share no code with ours follow a table through everything that can happen to it.</summary>
public sealed class ChangedTablesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pvlake-interop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("clickhouse")]
    [InlineData("icebird")]
    public async Task A_foreign_reader_sees_appends_updates_deletes_merges_evolution_branches_and_compaction(string reader)
    {
        var warehouse = Directory.CreateDirectory(Path.Combine(_folder, "warehouse")).FullName;
        await using var catalog = await SqlCatalog.OpenSqliteAsync(
            Path.Combine(_folder, "catalog.db"), warehouse, new LocalFileIO(), cancellationToken: Cancel);
        await using var engine = new DuckDbEngine(catalog, new DuckDbEngineOptions
        {
            TemporaryFolder = Path.Combine(_folder, "tmp"),
            AllowedFolders = [warehouse],
        });
        await using var session = await engine.OpenSessionAsync(Cancel);
        await RunAsync(
            session,
            "CREATE SCHEMA iceberg.interop",
            "CREATE TABLE iceberg.interop.plants (id INT NOT NULL, name VARCHAR, kw DOUBLE, opened DATE) "
            + "WITH (partitioning = ARRAY['year(opened)'])",
            "INSERT INTO iceberg.interop.plants VALUES "
            + "(1, 'Avonlie', 190.5, DATE '2023-05-01'), (2, 'Emerald', 72, DATE '2018-11-20'), (3, 'Yatpool', 94, DATE '2018-03-02')",
            "INSERT INTO iceberg.interop.plants VALUES (4, 'Nyngan', 102, DATE '2015-06-30'), (5, NULL, NULL, NULL)");
        await ExpectAsync(
            reader, catalog, ["id", "name", "kw", "opened"],
            "1|Avonlie|190.5|2023-05-01", "2|Emerald|72|2018-11-20", "3|Yatpool|94|2018-03-02", "4|Nyngan|102|2015-06-30", "5|null|null|null");

        await RunAsync(
            session,
            "UPDATE iceberg.interop.plants SET kw = kw + 0.5 WHERE name = 'Emerald'",
            "DELETE FROM iceberg.interop.plants WHERE opened < DATE '2016-01-01'",
            "MERGE INTO iceberg.interop.plants t USING (VALUES (3, 'Yatpool Solar Farm', 81.0), (6, 'Limondale', 249.0)) s(id, name, kw) "
            + "ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name, kw = s.kw "
            + "WHEN NOT MATCHED THEN INSERT (id, name, kw) VALUES (s.id, s.name, s.kw)");
        await ExpectAsync(
            reader, catalog, ["id", "name", "kw", "opened"],
            "1|Avonlie|190.5|2023-05-01", "2|Emerald|72.5|2018-11-20", "3|Yatpool Solar Farm|81|2018-03-02", "5|null|null|null",
            "6|Limondale|249|null");

        await RunAsync(
            session,
            "ALTER TABLE iceberg.interop.plants RENAME COLUMN kw TO capacity_kw",
            "ALTER TABLE iceberg.interop.plants ADD COLUMN state VARCHAR",
            "ALTER TABLE iceberg.interop.plants ALTER COLUMN id SET DATA TYPE BIGINT",
            "ALTER TABLE iceberg.interop.plants SET PROPERTIES partitioning = ARRAY['state']",
            "ALTER TABLE iceberg.interop.plants DROP COLUMN opened",
            "INSERT INTO iceberg.interop.plants (id, name, capacity_kw, state) VALUES (7000000000, 'Wellington', 170, 'NSW')",
            "ALTER TABLE iceberg.interop.plants CREATE BRANCH audit");
        await session.AppendAsync(
            Plants, "SELECT 8 AS id, 'Only in the branch' AS name", new WriteOptions { Branch = "audit" }, Cancel);
        string[] evolved =
        [
            "1|Avonlie|190.5|null", "2|Emerald|72.5|null", "3|Yatpool Solar Farm|81|null", "5|null|null|null",
            "6|Limondale|249|null", "7000000000|Wellington|170|NSW",
        ];
        await ExpectAsync(reader, catalog, ["id", "name", "capacity_kw", "state"], evolved);

        await RunAsync(
            session,
            "CALL iceberg.system.rewrite_data_files(table => 'interop.plants', options => map('rewrite-all', 'true'))",
            "CALL iceberg.system.rewrite_manifests('interop.plants')",
            "CALL iceberg.system.expire_snapshots(table => 'interop.plants', older_than => now() + INTERVAL 1 DAY)");
        await ExpectAsync(reader, catalog, ["id", "name", "capacity_kw", "state"], evolved);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static TableIdentifier Plants { get; } = TableIdentifier.Parse("interop.plants");

    private static async Task RunAsync(ISqlSession session, params string[] statements)
    {
        foreach (var statement in statements)
        {
            await (await session.RunAsync(statement, null, Cancel)).ToListAsync(Cancel);
        }
    }

    private static async Task ExpectAsync(string reader, SqlCatalog catalog, string[] columns, params string[] rows)
    {
        var table = await catalog.LoadTableAsync(Plants, Cancel);
        var answer = await ForeignReader.AskAsync(
            reader,
            new[] { new { table = "plants", location = table.Metadata.Location, metadata = Path.GetFileName(table.MetadataLocation), columns, rows = true } },
            Cancel);
        Assert.Equal(rows, answer.GetProperty("plants").EnumerateArray().Select(row => row.GetString()));
    }
}
