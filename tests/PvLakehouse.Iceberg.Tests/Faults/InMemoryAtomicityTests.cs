using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Faults;

public sealed class InMemoryAtomicityTests : MultiTableAtomicityContract
{
    private InMemoryCatalog? _catalog;

    protected override string Root => "mem:/elsewhere";

    /// <summary>All clients are the first one: its memory is the catalog.</summary>
    protected override Task<ICatalog> OpenAsync(Func<IFileIO, IFileIO> around) =>
        Task.FromResult<ICatalog>(_catalog ??= new InMemoryCatalog("mem:/warehouse", around(new InMemoryFileIO())));
}
