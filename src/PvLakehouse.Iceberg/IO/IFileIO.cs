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

    /// <summary>Removes many files; those that are not there are no failure.</summary>
    /// <remarks>Stores that can remove many in one request do so; otherwise they go one by one.</remarks>
    /// <exception cref="IOException">Some could not be removed; the others are gone.</exception>
    Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default);

    /// <summary>Every file below a folder, at any depth, in no order; a folder that is not there holds none.</summary>
    /// <remarks>
    /// Hidden files count and links are not followed. Files that appear or vanish meanwhile may be given or not.
    /// </remarks>
    /// <param name="folder">Location of the folder; what is given begins with it, written in the same way.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes sure that complete files survive a loss of power, also those that another program has written.
    /// </summary>
    /// <remarks>For many files at once, because a disk forces many out in little more time than one.</remarks>
    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default);
}

/// <summary>A file as a listing shows it.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Size">Length [bytes].</param>
/// <param name="LastModified">When it was written, by the clock of the storage.</param>
public sealed record StoredFile(string Location, long Size, DateTimeOffset LastModified);

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
