using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Iceberg.Tests.Catalog;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.S3.Tests;

/// <summary>The catalog behaviours with the warehouse in S3 and the catalog in PostgreSQL, as service user spark_svc.</summary>
public sealed class S3WithPostgresTests(S3Fixture fixture) : CatalogContract, IAsyncLifetime
{
    private readonly string _folder = fixture.NewFolder();
    private readonly List<SqlCatalog> _opened = [];
    private S3FileIO _io = null!;
    private string _address = null!;

    public async ValueTask InitializeAsync()
    {
        var lakehouse = await fixture.LakehouseAsync();
        var postgres = await fixture.PostgresAsync();
        _io = new S3FileIO(lakehouse.Options(lakehouse.Spark));
        _address = postgres.Address(await postgres.CreateDatabaseAsync(Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var catalog in _opened)
        {
            await catalog.DisposeAsync();
        }

        _io.Dispose();
    }

    protected override async Task<ICatalog> OpenAsync(CatalogOptions? options = null)
    {
        var catalog = await SqlCatalog.OpenPostgresAsync(
            _address, $"{_folder}/warehouse", _io, options: options, cancellationToken: Cancel);
        _opened.Add(catalog);
        return catalog;
    }

    protected override string LocationOf(string name) => $"{_folder}/elsewhere/{name}";
}

/// <summary>The catalog behaviours with the warehouse in S3 and the catalog in SQLite.</summary>
public sealed class S3WithSqliteTests(S3Fixture fixture) : CatalogContract, IAsyncLifetime
{
    private readonly TempFolder _database = new();
    private readonly string _folder = fixture.NewFolder();
    private readonly List<SqlCatalog> _opened = [];
    private S3FileIO _io = null!;

    public async ValueTask InitializeAsync() => _io = new S3FileIO((await fixture.LakehouseAsync()).Options());

    public async ValueTask DisposeAsync()
    {
        foreach (var catalog in _opened)
        {
            await catalog.DisposeAsync();
        }

        _io.Dispose();
        _database.Dispose();
    }

    protected override async Task<ICatalog> OpenAsync(CatalogOptions? options = null)
    {
        var catalog = await SqlCatalog.OpenSqliteAsync(
            Path.Combine(_database.Path, "catalog.db"), $"{_folder}/warehouse", _io, options: options, cancellationToken: Cancel);
        _opened.Add(catalog);
        return catalog;
    }

    protected override string LocationOf(string name) => $"{_folder}/elsewhere/{name}";
}
