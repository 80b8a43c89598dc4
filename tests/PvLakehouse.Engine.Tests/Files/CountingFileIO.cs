using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Engine.Tests.Files;

/// <summary>A store in memory that counts what is read, can hold readers back and can lose what it is given.</summary>
internal sealed class CountingFileIO : IFileIO
{
    private readonly InMemoryFileIO _inner = new();
    private int _reads;

    /// <summary>How often a file was opened.</summary>
    public int Reads => _reads;

    /// <summary>What readers wait for.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>How many more files are taken before the store fails; null for all.</summary>
    public int? Takes { get; set; }

    public IReadOnlyList<string> Locations => _inner.Locations;

    public async Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        return await _inner.OpenReadAsync(location, cancellationToken);
    }

    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default)
    {
        if (Takes is { } left && location.EndsWith(".parquet", StringComparison.Ordinal))
        {
            Takes = left - 1;
            if (left <= 0)
            {
                throw new IOException($"The store does not take '{location}'.");
            }
        }

        return _inner.CreateAsync(location, cancellationToken);
    }

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        _inner.ExistsAsync(location, cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        _inner.DeleteAsync(location, cancellationToken);

    public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        _inner.DeleteManyAsync(locations, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) =>
        _inner.ListAsync(folder, cancellationToken);

    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        _inner.PersistAsync(locations, cancellationToken);
}
