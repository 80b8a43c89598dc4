using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Catalog;
using PvLakehouse.TestServers;

namespace PvLakehouse.Iceberg.Sql.Tests;

/// <summary>The catalog on a real PostgreSQL server.</summary>
public sealed class PostgresCatalogTests(PostgresFixture postgres) : CatalogContract, IAsyncLifetime
{
    private const string Version0 =
        """
        CREATE TABLE iceberg_tables (catalog_name VARCHAR(255) NOT NULL, table_namespace VARCHAR(255) NOT NULL,
          table_name VARCHAR(255) NOT NULL, metadata_location VARCHAR(1000), previous_metadata_location VARCHAR(1000),
          PRIMARY KEY (catalog_name, table_namespace, table_name));
        CREATE TABLE iceberg_namespace_properties (catalog_name VARCHAR(255) NOT NULL, namespace VARCHAR(255) NOT NULL,
          property_key VARCHAR(255), property_value VARCHAR(1000), PRIMARY KEY (catalog_name, namespace, property_key))
        """;

    private PostgresServer _server = null!;
    private PostgresLake _lake = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await postgres.ServerAsync();
        _lake = await PostgresLake.CreateAsync(_server);
    }

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    protected override async Task<ICatalog> OpenAsync(CatalogOptions? options = null) => await _lake.OpenAsync(options: options);

    protected override string LocationOf(string name) => $"{_lake.Folder}/elsewhere/{name}";

    [Fact]
    public async Task Rows_are_those_that_the_jdbc_catalog_makes()
    {
        var table = await _lake.CreateTableAsync();
        var first = table.MetadataLocation;
        await table.NewAppend().Add(_lake.DataFile("a")).CommitAsync(Cancel);

        Assert.Equal(
            ["lh|silver|energy|" + table.MetadataLocation + "|" + first + "|TABLE"],
            (await _lake.QueryAsync("SELECT * FROM iceberg_tables")).Select(r => string.Join('|', r)));
        Assert.Equal(
            ["lh|silver|exists|true"],
            (await _lake.QueryAsync("SELECT * FROM iceberg_namespace_properties")).Select(r => string.Join('|', r)));
        Assert.Equal(
            ["catalog_name|255|NO", "table_namespace|255|NO", "table_name|255|NO", "metadata_location|1000|YES",
             "previous_metadata_location|1000|YES", "iceberg_type|5|YES"],
            (await _lake.QueryAsync(
                "SELECT column_name::text, character_maximum_length, is_nullable::text FROM information_schema.columns "
                + "WHERE table_name = 'iceberg_tables' ORDER BY ordinal_position")).Select(r => string.Join('|', r)));
    }

    [Fact]
    public async Task A_database_of_version_0_is_used_and_left_as_it_is()
    {
        await _lake.QueryAsync(Version0);
        var table = await _lake.CreateTableAsync();
        await table.NewAppend().Add(_lake.DataFile("a")).CommitAsync(Cancel);
        Assert.False(((SqlCatalog)table.Catalog).HasTypes);
        Assert.Equal([PostgresLake.Energy], await table.Catalog.ListTablesAsync(PostgresLake.Energy.Namespace, Cancel));
        Assert.Equal(5, (await _lake.QueryAsync("SELECT * FROM iceberg_tables"))[0].Length);
    }

    [Fact]
    public async Task Views_are_not_tables_but_take_their_names()
    {
        var table = await _lake.CreateTableAsync();
        await _lake.QueryAsync(
            "INSERT INTO iceberg_tables VALUES ('lh', 'silver', 'v', '/v.json', NULL, 'VIEW'), ('lh', 'silver', 'old', '/o.json', NULL, NULL)");
        var view = TableIdentifier.Parse("silver.v");
        Assert.Equal(
            ["energy", "old"], (await table.Catalog.ListTablesAsync(PostgresLake.Energy.Namespace, Cancel)).Select(t => t.Name));
        Assert.False(await table.Catalog.TableExistsAsync(view, Cancel));
        await Assert.ThrowsAsync<AlreadyExistsException>(
            () => table.Catalog.CreateTableAsync(view, new() { Schema = PostgresLake.Schema }, Cancel));
        await Assert.ThrowsAsync<NoSuchTableException>(() => table.Catalog.DropTableAsync(view, Cancel));
    }

    [Fact]
    public async Task Locations_and_values_that_the_columns_cannot_hold_are_refused_before_anything_is_written()
    {
        var catalog = await _lake.OpenAsync();
        var silver = new Namespace("silver");
        await catalog.CreateNamespaceAsync(silver, cancellationToken: Cancel);
        var failure = await Assert.ThrowsAsync<IcebergException>(() => catalog.CreateTableAsync(
            PostgresLake.Energy,
            new() { Schema = PostgresLake.Schema, Location = _lake.Folder + string.Concat(Enumerable.Repeat("/folder", 150)) },
            Cancel));
        Assert.Contains("the catalog holds 1000", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_lake.Folder + "/folder"));
        await Assert.ThrowsAsync<ArgumentException>(() => catalog.UpdateNamespacePropertiesAsync(
            silver, new Dictionary<string, string> { ["k"] = new('x', 1001) }, [], Cancel));

        // 1000 characters outside of ASCII are more bytes, and still fit.
        var value = new string('ä', 1000);
        await catalog.UpdateNamespacePropertiesAsync(silver, new Dictionary<string, string> { ["k"] = value }, [], Cancel);
        Assert.Equal(value, (await catalog.LoadNamespacePropertiesAsync(silver, Cancel))["k"]);
    }

    [Fact]
    public async Task Processes_that_open_an_empty_database_at_once_all_succeed()
    {
        var catalogs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => _lake.OpenAsync(), Cancel)));
        Assert.All(catalogs, c => Assert.True(c.HasTypes));
    }

    [Fact]
    public async Task Processes_that_set_the_same_property_at_once_all_succeed()
    {
        var silver = new Namespace("silver");
        await (await _lake.OpenAsync()).CreateNamespaceAsync(silver, cancellationToken: Cancel);
        var catalogs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _lake.OpenAsync()));
        await Task.WhenAll(catalogs.SelectMany((c, i) => Enumerable.Range(0, 10).Select(n => Task.Run(
            () => c.UpdateNamespacePropertiesAsync(silver, new Dictionary<string, string> { ["k"] = $"{i}-{n}" }, [], Cancel), Cancel))));
        Assert.Equal(["k"], (await catalogs[0].LoadNamespacePropertiesAsync(silver, Cancel)).Keys);
    }

    [Fact]
    public async Task A_reader_without_any_right_to_write_can_read()
    {
        var table = await _lake.CreateTableAsync();
        var reader = $"reader{Guid.NewGuid():N}";
        await _lake.QueryAsync(
            $"CREATE USER {reader} PASSWORD 'secret-of-the-reader'; GRANT SELECT ON iceberg_tables, iceberg_namespace_properties TO {reader}");
        var address = _lake.Address.Replace(Uri.EscapeDataString(PostgresServer.Password), "secret-of-the-reader", StringComparison.Ordinal)
            .Replace($"//{PostgresServer.User}:", $"//{reader}:", StringComparison.Ordinal);
        await using var catalog = await SqlCatalog.OpenPostgresAsync(
            address, _lake.Warehouse, new LocalFileIO(), cancellationToken: Cancel);
        Assert.Equal(table.MetadataLocation, (await catalog.LoadTableAsync(PostgresLake.Energy, Cancel)).MetadataLocation);
        var refused = await Assert.ThrowsAsync<IcebergException>(() => catalog.DropTableAsync(PostgresLake.Energy, Cancel));
        Assert.Contains("permission denied for table iceberg_tables", refused.Message, StringComparison.Ordinal);
        await _lake.QueryAsync($"DROP OWNED BY {reader}; DROP USER {reader}");
    }

    [Fact]
    public async Task A_wrong_password_and_a_missing_database_are_told_without_the_password()
    {
        var wrong = _lake.Address.Replace(Uri.EscapeDataString(PostgresServer.Password), "wr%3Ang-secret", StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<IcebergException>(() => SqlCatalog.OpenPostgresAsync(
            wrong, _lake.Warehouse, new LocalFileIO(), cancellationToken: Cancel));
        Assert.Contains($"postgresql://{PostgresServer.User}@127.0.0.1:{_server.Port}/", failure.Message, StringComparison.Ordinal);
        Assert.Contains("password authentication failed", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);

        failure = await Assert.ThrowsAsync<IcebergException>(() => SqlCatalog.OpenPostgresAsync(
            _server.Address("nowhere"), _lake.Warehouse, new LocalFileIO(), cancellationToken: Cancel));
        Assert.Contains("database \"nowhere\" does not exist", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_end_with_the_catalog()
    {
        var catalog = await _lake.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => catalog.ListNamespacesAsync(cancellationToken: Cancel)));
        await catalog.DisposeAsync();
        const string open = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

        // The server ends a session a moment after its connection: ask until it did, which the test's own time limit bounds.
        while ((await _lake.QueryAsync(open)).Count > 0)
        {
            Cancel.ThrowIfCancellationRequested();
        }
    }
}
