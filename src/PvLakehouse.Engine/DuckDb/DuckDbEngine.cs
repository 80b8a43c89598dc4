using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Reading.Shapes;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>DuckDB in this process as the engine over a catalog. Safe for concurrent use; each session has a DuckDB to itself.</summary>
/// <param name="catalog">The catalog whose tables the sessions show; not disposed with the engine.</param>
/// <param name="options">Limits and folders.</param>
public sealed class DuckDbEngine(ICatalog catalog, DuckDbEngineOptions options) : ISqlEngine
{
    private readonly DataFiles _dataFiles = new(new FileCache(options.CachePath, options.CacheBytes));
    private readonly FileShapes _shapes = new();
    private readonly InstancePool _pool = new(options);

    /// <inheritdoc/>
    public async ValueTask<ISqlSession> OpenSessionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var instance = await Task.Run(_pool.Rent, cancellationToken);
        try
        {
            return new DuckDbSession(instance, _pool, new TableLookup(catalog), new SessionFiles(_dataFiles, _shapes), options);
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>Frees what the sessions left for each other; sessions that are still open free their own.</summary>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
