namespace PvLakehouse.Engine.Files;

/// <summary>A file that somebody wants.</summary>
internal sealed class CachedFile(StoredObject file, string path) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private FileStream? _locked;

    public StoredObject File => file;

    public string Path => path;

    public int Holders { get; set; }

    /// <summary>Waits until the file is there; of several callers one does the work, and the next when that one gives up.</summary>
    public async Task ReadyAsync(Func<CancellationToken, Task<FileStream>> fetch, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            _locked ??= await fetch(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _locked?.Dispose();
        _one.Dispose();
    }
}
