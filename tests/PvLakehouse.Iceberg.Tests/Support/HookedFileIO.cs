using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Storage that lets something else happen, once, right before a step.</summary>
internal sealed class HookedFileIO(IFileIO inner) : ForwardingFileIO(inner)
{
    public Func<Task>? BeforeRead { get; set; }

    public Func<Task>? BeforeCreate { get; set; }

    public Func<Task>? BeforeDelete { get; set; }

    public Func<Task>? AfterList { get; set; }

    public override async Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default)
    {
        await RunAsync(BeforeRead, () => BeforeRead = null);
        return await Inner.OpenReadAsync(location, cancellationToken);
    }

    public override async Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default)
    {
        await RunAsync(BeforeCreate, () => BeforeCreate = null);
        return await Inner.CreateAsync(location, cancellationToken);
    }

    public override async Task DeleteManyAsync(
        IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        await RunAsync(BeforeDelete, () => BeforeDelete = null);
        cancellationToken.ThrowIfCancellationRequested();
        await Inner.DeleteManyAsync(locations, cancellationToken);
    }

    public override async IAsyncEnumerable<StoredFile> ListAsync(
        string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken =
            default)
    {
        await foreach (var file in Inner.ListAsync(folder, cancellationToken))
        {
            yield return file;
        }

        await RunAsync(AfterList, () => AfterList = null);
    }

    private static Task RunAsync(Func<Task>? hook, Action clear)
    {
        // Cleared first: what it does passes through here too.
        clear();
        return hook?.Invoke() ?? Task.CompletedTask;
    }
}
