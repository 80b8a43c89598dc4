using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Storage that passes everything on to another: the base of those that change one thing.</summary>
internal abstract class ForwardingFileIO(IFileIO inner) : IFileIO
{
    /// <summary>The other storage.</summary>
    protected IFileIO Inner { get; } = inner;

    public virtual Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        Inner.OpenReadAsync(location, cancellationToken);

    public virtual Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
        Inner.CreateAsync(location, cancellationToken);

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        Inner.ExistsAsync(location, cancellationToken);

    public virtual Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        Inner.DeleteAsync(location, cancellationToken);

    public virtual Task DeleteManyAsync(
        IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        Inner.DeleteManyAsync(locations, cancellationToken);

    public virtual IAsyncEnumerable<StoredFile> ListAsync(
        string folder, CancellationToken cancellationToken = default) => Inner.ListAsync(folder, cancellationToken);

    public virtual Task PersistAsync(
        IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        Inner.PersistAsync(locations, cancellationToken);
}
