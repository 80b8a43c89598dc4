using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Sql;

namespace PvLakehouse.Benchmarks;

/// <summary>A folder with a SQLite catalog, a warehouse and plain files to compare with.</summary>
internal sealed class BenchLake
{
    private readonly string _folder;

    private BenchLake(string folder, ICatalog catalog)
    {
        _folder = folder;
        Catalog = catalog;
    }

    public ICatalog Catalog { get; }

    /// <summary>Opens the lake of a folder, or makes it.</summary>
    public static async Task<BenchLake> OpenAsync(string folder, CancellationToken cancellationToken, IFileIO? io = null)
    {
        var warehouse = Path.Combine(folder, "warehouse");
        Directory.CreateDirectory(warehouse);
        Directory.CreateDirectory(Path.Combine(folder, "plain"));
        return new BenchLake(folder, await SqlCatalog.OpenSqliteAsync(
            Path.Combine(folder, "catalog.db"), warehouse, io ?? new LocalFileIO(), cancellationToken: cancellationToken));
    }

    /// <summary>Path of a plain file beside the warehouse.</summary>
    public string Plain(string name) => Path.Combine(_folder, "plain", name);

    /// <summary>The engine with the limits that <c>pvlake</c> gives it.</summary>
    public DuckDbEngine Engine() => new(Catalog, new DuckDbEngineOptions
    {
        TemporaryFolder = Path.Combine(_folder, "tmp"),
        AllowedFolders = [Path.Combine(_folder, "warehouse"), Path.Combine(_folder, "plain")],
    });
}
