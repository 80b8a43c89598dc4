using PvLakehouse.Engine.DuckDb.Reading;
using PvLakehouse.Engine.DuckDb.Reading.Shapes;
using PvLakehouse.Engine.Files;
using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>DuckDB in this process as the engine over a catalog. Safe for concurrent use; each session is a DuckDB of its own.</summary>
/// <param name="catalog">The catalog whose tables the sessions show; not disposed with the engine.</param>
/// <param name="options">Limits and folders.</param>
public sealed class DuckDbEngine(ICatalog catalog, DuckDbEngineOptions options) : ISqlEngine
{
    private readonly DataFiles _dataFiles = new(new FileCache(options.CachePath, options.CacheBytes));
    private readonly FileShapes _shapes = new();

    /// <inheritdoc/>
    public async ValueTask<ISqlSession> OpenSessionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = Path.Combine(Path.GetFullPath(options.TemporaryFolder), $"duckdb-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            var connection = await Task.Run(() => DuckDbConnectionFactory.Open(options, folder), cancellationToken);
            return new DuckDbSession(connection, new TableLookup(catalog), new SessionFiles(_dataFiles, _shapes), options, folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SqlEngineException($"The temporary folder '{folder}' cannot be made: {error.Message}", error);
        }
    }

    /// <summary>Does nothing: sessions own what there is to free.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
