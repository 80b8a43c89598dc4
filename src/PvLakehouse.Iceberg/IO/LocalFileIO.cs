namespace PvLakehouse.Iceberg.IO;

/// <summary>Files of the local file system, named by absolute paths or by <c>file:</c> URIs.</summary>
public sealed class LocalFileIO : IFileIO
{
    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Comes with the next commits.");

    /// <inheritdoc/>
    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Comes with the next commits.");

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Comes with the next commits.");

    /// <inheritdoc/>
    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Comes with the next commits.");

    /// <inheritdoc/>
    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Comes with the next commits.");

    /// <summary>The path in the file system that a location names, for engines that open files themselves.</summary>
    /// <exception cref="ArgumentException">The location is not local or not absolute.</exception>
    public static string PathOf(string location) => throw new NotSupportedException("Comes with the next commits.");
}
