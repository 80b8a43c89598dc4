using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Catalog;

public sealed class InMemoryCatalogTests : CatalogContract
{
    protected override Task<ICatalog> OpenAsync(CatalogOptions? options = null) =>
        Task.FromResult<ICatalog>(new InMemoryCatalog("mem:/warehouse", new InMemoryFileIO(), options: options));

    protected override bool CanBeOpenedTwice => false;

    protected override bool KeepsDotsInNamespaces => true;

    protected override string LocationOf(string name) => $"mem:/other/{name}";
}
