using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Storage that counts how many new files are open at once.</summary>
internal sealed class OpenFilesIO(IFileIO inner) : IFileIO
{
    private int _open;

    /// <summary>The most that there were.</summary>
    public int Most { get; private set; }

    public void Restart() => Most = _open;

    public async Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default)
    {
        var file = await inner.CreateAsync(location, cancellationToken);
        Most = Math.Max(Most, ++_open);
        return new Counted(file, () => _open--);
    }

    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(location, cancellationToken);

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        inner.ExistsAsync(location, cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(location, cancellationToken);

    public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        inner.DeleteManyAsync(locations, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) =>
        inner.ListAsync(folder, cancellationToken);

    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        inner.PersistAsync(locations, cancellationToken);

    private sealed class Counted(NewFile file, Action closed) : NewFile
    {
        public override Stream Content => file.Content;

        public override Task CompleteAsync(CancellationToken cancellationToken = default) => file.CompleteAsync(cancellationToken);

        public override ValueTask DisposeAsync()
        {
            closed();
            return file.DisposeAsync();
        }
    }
}
