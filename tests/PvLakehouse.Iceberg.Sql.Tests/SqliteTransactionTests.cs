using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Tests.Catalog;

namespace PvLakehouse.Iceberg.Sql.Tests;

public sealed class SqliteTransactionTests : TransactionContract, IDisposable
{
    private readonly SqliteLake _lake = new();

    public void Dispose() => _lake.Dispose();

    protected override async Task<ICatalog> OpenAsync() => await _lake.OpenAsync();
}
