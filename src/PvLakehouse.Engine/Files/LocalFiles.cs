namespace PvLakehouse.Engine.Files;

/// <summary>Files that may be opened until this is disposed.</summary>
internal sealed class LocalFiles(IReadOnlyList<string> paths, Action? release = null) : IDisposable
{
    private Action? _release = release;

    public static LocalFiles None { get; } = new([]);

    /// <summary>Paths, in the order of the files asked for.</summary>
    public IReadOnlyList<string> Paths => paths;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
