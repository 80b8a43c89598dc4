namespace PvLakehouse.Iceberg.IO;

/// <summary>The storage under tables: a few operations on whole, immutable files named by location.</summary>
/// <remarks>
/// Implementations are safe for concurrent use. Missing files are reported by <see cref="FileNotFoundException"/>, files
/// that are already there by <see cref="AlreadyExistsException"/>, everything else by <see cref="IOException"/>.
/// </remarks>
public interface IFileIO
{
    /// <summary>Opens a file for reading from its start; the stream can seek.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a file that must not exist yet; it counts only once <see cref="NewFile.CompleteAsync"/> returns.
    /// </summary>
    /// <exception cref="AlreadyExistsException">The file is already there.</exception>
    Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such a file.</summary>
    Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>Removes a file; one that is not there is no failure.</summary>
    Task DeleteAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes sure that complete files survive a loss of power, also those that another program has written.
    /// </summary>
    /// <remarks>For many files at once, because a disk forces many out in little more time than one.</remarks>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default);
}

/// <summary>A file that is being written. Disposing it before it is complete removes what was written.</summary>
public abstract class NewFile : IAsyncDisposable
{
    /// <summary>Where to write the bytes.</summary>
    public abstract Stream Content { get; }

    /// <summary>Makes the file whole and visible; <see cref="IFileIO.PersistAsync"/> makes it durable.</summary>
    public abstract Task CompleteAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
