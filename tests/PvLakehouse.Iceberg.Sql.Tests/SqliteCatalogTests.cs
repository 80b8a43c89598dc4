using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Tests.Catalog;

namespace PvLakehouse.Iceberg.Sql.Tests;

public sealed class SqliteCatalogTests : CatalogContract, IDisposable
{
    private readonly SqliteLake _lake = new();

    public void Dispose() => _lake.Dispose();

    protected override async Task<ICatalog> OpenAsync(CatalogOptions? options = null) => await _lake.OpenAsync(options: options);

    protected override string LocationOf(string name) => $"{_lake.Folder}/elsewhere/{name}";

    [Fact]
    public async Task Rows_are_those_that_the_jdbc_catalog_makes()
    {
        var table = await _lake.CreateAsync();
        var first = table.MetadataLocation;
        await table.NewAppend().Add(_lake.DataFile("a")).CommitAsync(Cancel);

        Assert.Equal(
            ["lh|silver|energy|" + table.MetadataLocation + "|" + first + "|TABLE"],
            _lake.Query("SELECT * FROM iceberg_tables").Select(r => string.Join('|', r)));
        Assert.Equal(
            ["lh|silver|exists|true"], _lake.Query("SELECT * FROM iceberg_namespace_properties").Select(r => string.Join('|', r)));
        Assert.Equal(
            ["catalog_name|VARCHAR(255)|1", "table_namespace|VARCHAR(255)|2", "table_name|VARCHAR(255)|3", "metadata_location|VARCHAR(1000)|0",
             "previous_metadata_location|VARCHAR(1000)|0", "iceberg_type|VARCHAR(5)|0"],
            _lake.Query("SELECT name, type, CAST(pk AS TEXT) FROM pragma_table_info('iceberg_tables')").Select(r => string.Join('|', r)));
    }

    [Fact]
    public async Task A_database_of_version_0_is_used_and_left_as_it_is()
    {
        _lake.Query(
            """
            CREATE TABLE iceberg_tables (catalog_name VARCHAR(255) NOT NULL, table_namespace VARCHAR(255) NOT NULL,
              table_name VARCHAR(255) NOT NULL, metadata_location VARCHAR(1000), previous_metadata_location VARCHAR(1000),
              PRIMARY KEY (catalog_name, table_namespace, table_name));
            CREATE TABLE iceberg_namespace_properties (catalog_name VARCHAR(255) NOT NULL, namespace VARCHAR(255) NOT NULL,
              property_key VARCHAR(255), property_value VARCHAR(1000), PRIMARY KEY (catalog_name, namespace, property_key));
            """);
        var table = await _lake.CreateAsync();
        await table.NewAppend().Add(_lake.DataFile("a")).CommitAsync(Cancel);
        Assert.False(((SqlCatalog)table.Catalog).HasTypes);
        Assert.Equal([SqliteLake.Energy], await table.Catalog.ListTablesAsync(SqliteLake.Energy.Namespace, Cancel));
        Assert.Equal(5, _lake.Query("SELECT * FROM iceberg_tables")[0].Length);
        Assert.True((await _lake.OpenAsync()).Name == "lh");
    }

    [Fact]
    public async Task Views_are_not_tables_but_take_their_names()
    {
        var table = await _lake.CreateAsync();
        _lake.Query("INSERT INTO iceberg_tables VALUES ('lh', 'silver', 'v', '/v.json', NULL, 'VIEW'), ('lh', 'silver', 'old', '/o.json', NULL, NULL)");
        var view = TableIdentifier.Parse("silver.v");
        Assert.Equal(["energy", "old"], (await table.Catalog.ListTablesAsync(SqliteLake.Energy.Namespace, Cancel)).Select(t => t.Name));
        Assert.False(await table.Catalog.TableExistsAsync(view, Cancel));
        await Assert.ThrowsAsync<AlreadyExistsException>(() => table.Catalog.CreateTableAsync(view, new() { Schema = SqliteLake.Schema }, Cancel));
        await Assert.ThrowsAsync<NoSuchTableException>(() => table.Catalog.DropTableAsync(view, Cancel));
        Assert.Equal("/v.json", _lake.Query("SELECT metadata_location FROM iceberg_tables WHERE table_name = 'v'")[0][0]);
    }

    [Fact]
    public async Task Catalogs_of_other_names_in_the_same_database_are_other_catalogs()
    {
        await _lake.CreateAsync();
        var other = await _lake.OpenAsync("spark");
        Assert.Empty(await other.ListNamespacesAsync(cancellationToken: Cancel));
        Assert.False(await other.TableExistsAsync(SqliteLake.Energy, Cancel));
    }

    [Fact]
    public async Task A_commit_from_a_state_that_another_process_changed_is_a_conflict()
    {
        var table = await _lake.CreateAsync();
        var other = await (await _lake.OpenAsync()).LoadTableAsync(SqliteLake.Energy, Cancel);
        await other.NewAppend().Add(_lake.DataFile("a")).CommitAsync(Cancel);
        var outcome = await table.Catalog.CommitTableAsync(
            SqliteLake.Energy, [new TableRequirement.AssertRefSnapshotId("main", null)],
            [new TableUpdate.SetProperties(new Dictionary<string, string> { ["a"] = "1" })], Cancel);
        Assert.IsType<CommitOutcome.Conflict>(outcome);
        Assert.Equal(2, Directory.GetFiles($"{table.Metadata.Location}/metadata", "*.json").Length);
    }

    [Fact]
    public async Task Locations_and_values_that_the_columns_cannot_hold_are_refused_before_anything_is_written()
    {
        var catalog = await _lake.OpenAsync();
        var silver = new Namespace("silver");
        await catalog.CreateNamespaceAsync(silver, cancellationToken: Cancel);
        var deep = string.Concat(Enumerable.Repeat("/folder", 150));
        var failure = await Assert.ThrowsAsync<IcebergException>(() => catalog.CreateTableAsync(
            SqliteLake.Energy, new() { Schema = SqliteLake.Schema, Location = _lake.Folder + deep }, Cancel));
        Assert.Contains("the catalog holds 1000", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_lake.Folder + "/folder"));

        await Assert.ThrowsAsync<ArgumentException>(() => catalog.UpdateNamespacePropertiesAsync(
            silver, new Dictionary<string, string> { ["k"] = new('x', 1001) }, [], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.UpdateNamespacePropertiesAsync(
            silver, new Dictionary<string, string> { ["exists"] = "false" }, [], Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.CreateNamespaceAsync(new Namespace("a.b"), cancellationToken: Cancel));
        Assert.Empty(await catalog.LoadNamespacePropertiesAsync(silver, Cancel));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_in_one_sentence()
    {
        await File.WriteAllTextAsync(_lake.Database, "this is not a database, whatever its name says", Cancel);
        var failure = await Assert.ThrowsAsync<IcebergException>(() => _lake.OpenAsync());
        Assert.Contains("catalog.db' cannot be opened", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metadata_file_that_is_gone_is_reported_with_its_name()
    {
        var table = await _lake.CreateAsync();
        File.Delete(table.MetadataLocation);
        var catalog = await SqlCatalog.OpenSqliteAsync(_lake.Database, _lake.Warehouse, new LocalFileIO(), cancellationToken: Cancel);
        var failure = await Assert.ThrowsAsync<IcebergFormatException>(() => catalog.LoadTableAsync(SqliteLake.Energy, Cancel));
        Assert.Equal(table.MetadataLocation, failure.Location);
    }

    [Fact]
    public async Task Tables_named_like_paths_stay_inside_the_warehouse()
    {
        var catalog = await _lake.OpenAsync();
        await catalog.CreateNamespaceAsync(new Namespace("silver"), cancellationToken: Cancel);
        var table = await catalog.CreateTableAsync(
            new TableIdentifier(new Namespace("silver"), "../../etc"), new() { Schema = SqliteLake.Schema }, Cancel);
        Assert.Equal($"{_lake.Warehouse}/silver/..%2F..%2Fetc", table.Metadata.Location);
    }
}
