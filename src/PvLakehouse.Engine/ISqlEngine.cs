namespace PvLakehouse.Engine;

/// <summary>SQL over the Iceberg tables of one catalog.</summary>
public interface ISqlEngine : IAsyncDisposable
{
    /// <summary>Starts a unit of work that shares nothing with other sessions but the catalog.</summary>
    /// <exception cref="SqlEngineException">The engine could not start.</exception>
    ValueTask<ISqlSession> OpenSessionAsync(CancellationToken cancellationToken = default);
}
