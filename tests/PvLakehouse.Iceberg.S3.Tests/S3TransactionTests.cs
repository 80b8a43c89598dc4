using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Iceberg.Tests.Catalog;

namespace PvLakehouse.Iceberg.S3.Tests;

/// <summary>Transactions with the warehouse in S3 and the catalog in PostgreSQL, as a user who may list the bucket.</summary>
public sealed class S3TransactionTests(S3Fixture fixture) : TransactionContract, IAsyncLifetime
{
    private readonly string _folder = fixture.NewFolder();
    private readonly List<SqlCatalog> _opened = [];
    private S3FileIO _io = null!;
    private string _address = null!;

    public async ValueTask InitializeAsync()
    {
        var postgres = await fixture.PostgresAsync();
        _io = new S3FileIO((await fixture.LakehouseAsync()).Options());
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

    protected override async Task<ICatalog> OpenAsync()
    {
        var catalog = await SqlCatalog.OpenPostgresAsync(_address, $"{_folder}/warehouse", _io, cancellationToken: Cancel);
        _opened.Add(catalog);
        return catalog;
    }
}
