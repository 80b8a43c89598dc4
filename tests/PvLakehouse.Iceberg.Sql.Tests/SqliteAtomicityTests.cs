using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Faults;

namespace PvLakehouse.Iceberg.Sql.Tests;

public sealed class SqliteAtomicityTests : MultiTableAtomicityContract, IDisposable
{
    private readonly SqliteLake _lake = new();

    protected override string Root => $"{_lake.Folder}/elsewhere";

    public void Dispose() => _lake.Dispose();

    protected override async Task<ICatalog> OpenAsync(Func<IFileIO, IFileIO> around) =>
        await OpenAsync(around(new LocalFileIO()));

    private Task<SqlCatalog> OpenAsync(IFileIO io) =>
        SqlCatalog.OpenSqliteAsync(_lake.Database, _lake.Warehouse, io, cancellationToken: Cancel);

    [Fact]
    public Task Two_tables_move_together_whatever_step_of_the_storage_fails() => StorageFaults.RunAsync(
        new SqlFaultMatrix(OpenAsync, _lake.DataFile), OpenAsync, _lake.Warehouse);

    [Fact]
    public async Task A_row_that_the_database_refuses_leaves_the_rows_before_it_as_they_were()
    {
        var catalog = await OpenAsync(io => io);
        await catalog.CreateNamespaceAsync(SqliteLake.Energy.Namespace, cancellationToken: Cancel);
        var tables = new List<Table>();
        foreach (var name in new[] { "a", "m", "z" })
        {
            tables.Add(await catalog.CreateTableAsync(
                new TableIdentifier(SqliteLake.Energy.Namespace, name),
                new() { Schema = SqliteLake.Schema },
                Cancel));
        }

        var before = _lake.Query("SELECT * FROM iceberg_tables ORDER BY table_name");
        _lake.Query(
            """
            CREATE TRIGGER full BEFORE UPDATE ON iceberg_tables WHEN NEW.table_name = 'm'
            BEGIN SELECT RAISE(ABORT, 'the database is full'); END
            """);
        var set = new TableUpdate.SetProperties(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1" });

        await Assert.ThrowsAsync<IcebergException>(() => catalog.CommitTablesAsync(
            [.. tables.Select(t => new TableCommit(t.Identifier, [], [set]))], Cancel));

        Assert.Equal(before, _lake.Query("SELECT * FROM iceberg_tables ORDER BY table_name"));
        Assert.All(tables, t => Assert.Single(Directory.GetFiles($"{t.Metadata.Location}/metadata")));
    }
}
