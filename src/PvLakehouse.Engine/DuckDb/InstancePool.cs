namespace PvLakehouse.Engine.DuckDb;

/// <summary>Keeps a few DuckDBs that no session uses, for the next ones. Safe for concurrent use.</summary>
internal sealed class InstancePool(DuckDbEngineOptions options) : IAsyncDisposable
{
    /// <summary>As many as one task uses at a time: a session, and another one within it.</summary>
    private const int MostIdle = 2;

    private readonly Lock _lock = new();
    private readonly Stack<DuckDbInstance> _idle = [];
    private bool _isClosed;

    /// <summary>An idle DuckDB, or a new one.</summary>
    public DuckDbInstance Rent()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(DuckDbEngine));
            if (_idle.TryPop(out var idle))
            {
                return idle;
            }
        }

        return DuckDbInstance.Start(options);
    }

    /// <summary>Takes one back whose session has ended.</summary>
    /// <param name="instance">The DuckDB.</param>
    /// <param name="isPlain">Whether the session ran nothing that changes a DuckDB beyond temporary objects.</param>
    public async ValueTask ReturnAsync(DuckDbInstance instance, bool isPlain)
    {
        if (isPlain && instance.TryClear())
        {
            lock (_lock)
            {
                if (!_isClosed && _idle.Count < MostIdle)
                {
                    _idle.Push(instance);
                    return;
                }
            }
        }

        await instance.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        while (_idle.TryPop(out var idle))
        {
            await idle.DisposeAsync();
        }
    }
}
