using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Engine.Tests;

/// <summary>A store during whose next write of a file of some kind something else happens, once.</summary>
internal sealed class InterruptedFileIO(IFileIO inner) : IFileIO
{
    private (string Suffix, Func<Task> Action)? _next;

    /// <summary>Lets something happen just before a file counts as written.</summary>
    /// <param name="suffix">How the name of the file ends.</param>
    /// <param name="action">What happens.</param>
    public void Before(string suffix, Func<Task> action) => _next = (suffix, action);

    public async Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default)
    {
        await TouchAsync(location);
        return await inner.CreateAsync(location, cancellationToken);
    }

    public async Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        foreach (var location in locations)
        {
            await TouchAsync(location);
        }

        await inner.PersistAsync(locations, cancellationToken);
    }

    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) => inner.OpenReadAsync(location, cancellationToken);

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) => inner.ExistsAsync(location, cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) => inner.DeleteAsync(location, cancellationToken);

    public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        inner.DeleteManyAsync(locations, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) => inner.ListAsync(folder, cancellationToken);

    private async Task TouchAsync(string location)
    {
        if (_next is { } next && location.EndsWith(next.Suffix, StringComparison.Ordinal))
        {
            _next = null;
            await next.Action();
        }
    }
}
