using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Faults;

namespace PvLakehouse.Iceberg.Sql.Tests;

public sealed class PostgresAtomicityTests(PostgresFixture postgres) : MultiTableAtomicityContract, IAsyncLifetime
{
    private PostgresLake _lake = null!;

    protected override string Root => $"{_lake.Folder}/elsewhere";

    public async ValueTask InitializeAsync() => _lake = await PostgresLake.CreateAsync(await postgres.ServerAsync());

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    protected override async Task<ICatalog> OpenAsync(Func<IFileIO, IFileIO> around) =>
        await OpenAsync(around(new LocalFileIO()));

    private Task<SqlCatalog> OpenAsync(IFileIO io) =>
        _lake.OpenAsync(io: io);

    [Fact]
    public Task Two_tables_move_together_whatever_step_of_the_storage_fails() => StorageFaults.RunAsync(
        new SqlFaultMatrix(OpenAsync, _lake.DataFile), OpenAsync, _lake.Warehouse);

    [Fact]
    public async Task A_row_that_the_database_refuses_leaves_the_rows_before_it_as_they_were()
    {
        var catalog = await OpenAsync(io => io);
        await catalog.CreateNamespaceAsync(PostgresLake.Energy.Namespace, cancellationToken: Cancel);
        var tables = new List<Table>();
        foreach (var name in new[] { "a", "m", "z" })
        {
            tables.Add(await catalog.CreateTableAsync(
                new TableIdentifier(PostgresLake.Energy.Namespace, name),
                new() { Schema = PostgresLake.Schema },
                Cancel));
        }

        var before = await _lake.QueryAsync("SELECT * FROM iceberg_tables ORDER BY table_name");
        await _lake.QueryAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
              AS $$ BEGIN RAISE EXCEPTION 'the database is full'; END $$;
            CREATE TRIGGER full_ BEFORE UPDATE ON iceberg_tables
              FOR EACH ROW WHEN (NEW.table_name = 'm') EXECUTE FUNCTION refuse()
            """);
        var set = new TableUpdate.SetProperties(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1" });

        await Assert.ThrowsAsync<IcebergException>(() => catalog.CommitTablesAsync(
            [.. tables.Select(t => new TableCommit(t.Identifier, [], [set]))], Cancel));

        Assert.Equal(before, await _lake.QueryAsync("SELECT * FROM iceberg_tables ORDER BY table_name"));
        Assert.All(tables, t => Assert.Single(Directory.GetFiles($"{t.Metadata.Location}/metadata")));
    }
}
