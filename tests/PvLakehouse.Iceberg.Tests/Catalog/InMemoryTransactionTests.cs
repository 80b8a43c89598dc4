using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Catalog;

public sealed class InMemoryTransactionTests : TransactionContract
{
    protected override Task<ICatalog> OpenAsync() =>
        Task.FromResult<ICatalog>(new InMemoryCatalog("mem:/warehouse", new InMemoryFileIO()));
}
