using PvLakehouse.Engine;
using PvLakehouse.Engine.DuckDb;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Sql;
using PvLakehouse.Pipeline.Runs;

namespace PvLakehouse.Cli.Lakes;

/// <summary>A lake folder with its catalog and engine: the one place where these parts are put together.</summary>
internal sealed class OpenLake : IAsyncDisposable
{
    /// <summary>The name under which the catalog keeps its tables: Spark and others must use the same.</summary>
    private const string CatalogName = "lh";

    private readonly ISqlEngine _engine;
    private readonly IDisposable? _lock;

    private OpenLake(LakeFolder folder, ICatalog catalog, ISqlEngine engine, IDisposable? writeLock)
    {
        Folder = folder;
        Catalog = catalog;
        _engine = engine;
        _lock = writeLock;
        Lake = new Lake(catalog, engine, TimeProvider.System);
    }

    public LakeFolder Folder { get; }

    public ICatalog Catalog { get; }

    public Lake Lake { get; }

    /// <summary>Opens an existing lake to read from it.</summary>
    /// <exception cref="LakeException">There is no lake.</exception>
    public static Task<OpenLake> ForReadingAsync(string path, CancellationToken cancellationToken) =>
        ComposeAsync(LakeFolder.Open(path), writeLock: null, cancellationToken);

    /// <summary>Opens an existing lake to write to it; no other process can meanwhile.</summary>
    /// <exception cref="LakeException">There is no lake, or another process writes it.</exception>
    public static Task<OpenLake> ForWritingAsync(string path, CancellationToken cancellationToken)
    {
        var folder = LakeFolder.Open(path);
        return ComposeAsync(folder, folder.LockForWriting(), cancellationToken);
    }

    /// <summary>Opens or makes a lake that takes data of one origin; no other process can write meanwhile.</summary>
    /// <exception cref="LakeException">The folder is no lake, or one of another origin, or another process writes it.</exception>
    public static Task<OpenLake> ForIngestAsync(string path, string origin, CancellationToken cancellationToken)
    {
        var folder = LakeFolder.OpenOrCreate(path, origin);
        return ComposeAsync(folder, folder.LockForWriting(), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _lock?.Dispose();
    }

    private static async Task<OpenLake> ComposeAsync(LakeFolder folder, IDisposable? writeLock, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder.Warehouse);
        var catalog = await SqlCatalog.OpenSqliteAsync(
            folder.CatalogFile, folder.Warehouse, new LocalFileIO(), CatalogName, cancellationToken: cancellationToken);
        var engine = new DuckDbEngine(catalog, new DuckDbEngineOptions
        {
            TemporaryFolder = Path.Combine(folder.Root, "tmp"),
            AllowedFolders = [folder.Warehouse],
        });
        return new(folder, catalog, engine, writeLock);
    }
}
