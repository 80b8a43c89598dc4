using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Storage that lets something else happen, once, right before a step.</summary>
internal sealed class HookedFileIO(IFileIO inner) : IFileIO
{
    public Func<Task>? BeforeRead { get; set; }

    public Func<Task>? BeforeCreate { get; set; }

    public Func<Task>? BeforeDelete { get; set; }

    public Func<Task>? AfterList { get; set; }

    public async Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default)
    {
        await RunAsync(BeforeRead, () => BeforeRead = null);
        return await inner.OpenReadAsync(location, cancellationToken);
    }

    public async Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default)
    {
        await RunAsync(BeforeCreate, () => BeforeCreate = null);
        return await inner.CreateAsync(location, cancellationToken);
    }

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        inner.ExistsAsync(location, cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(location, cancellationToken);

    public async Task DeleteManyAsync(
        IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        await RunAsync(BeforeDelete, () => BeforeDelete = null);
        cancellationToken.ThrowIfCancellationRequested();
        await inner.DeleteManyAsync(locations, cancellationToken);
    }

    public async IAsyncEnumerable<StoredFile> ListAsync(
        string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken =
            default)
    {
        await foreach (var file in inner.ListAsync(folder, cancellationToken))
        {
            yield return file;
        }

        await RunAsync(AfterList, () => AfterList = null);
    }

    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        inner.PersistAsync(locations, cancellationToken);

    private static Task RunAsync(Func<Task>? hook, Action clear)
    {
        // Cleared first: what it does passes through here too.
        clear();
        return hook?.Invoke() ?? Task.CompletedTask;
    }
}
