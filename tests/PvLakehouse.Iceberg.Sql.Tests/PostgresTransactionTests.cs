using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Tests.Catalog;

namespace PvLakehouse.Iceberg.Sql.Tests;

public sealed class PostgresTransactionTests(PostgresFixture postgres) : TransactionContract, IAsyncLifetime
{
    private PostgresLake _lake = null!;

    public async ValueTask InitializeAsync() => _lake = await PostgresLake.CreateAsync(await postgres.ServerAsync());

    public ValueTask DisposeAsync() => _lake.DisposeAsync();

    protected override async Task<ICatalog> OpenAsync() => await _lake.OpenAsync();
}
