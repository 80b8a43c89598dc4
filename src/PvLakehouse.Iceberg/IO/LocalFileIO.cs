using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace PvLakehouse.Iceberg.IO;

/// <summary>Files of the local file system, named by absolute paths or by <c>file:</c> URIs.</summary>
/// <remarks>
/// Write tables under plain absolute paths:
/// every engine that reads local files at all understands them, while not all understand <c>file:</c> URIs.
/// </remarks>
public sealed class LocalFileIO : IFileIO
{
    private const int BufferSize = 64 * 1024;

    private static readonly EnumerationOptions AllFiles = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>Folders whose own names are known to be on the disk.</summary>
    private readonly ConcurrentDictionary<string, bool> _durableFolders = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(location);
        try
        {
            return Task.FromResult<Stream>(new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize));
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"File '{path}' cannot be opened: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(location);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return Task.FromResult<NewFile>(new LocalNewFile(path));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new AlreadyExistsException(
                $"File '{path}' is already there; files of tables are never written twice.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"File '{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        Task.FromResult(File.Exists(PathOf(location)));

    /// <inheritdoc/>
    public Task DeleteAsync(string location, CancellationToken cancellationToken = default)
    {
        var path = PathOf(location);
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // A file in a folder that is not there is not there either.
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"File '{path}' cannot be deleted: {e.Message}", e);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locations);
        var failures = new List<IOException>();
        foreach (var location in locations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await DeleteAsync(location, cancellationToken);
            }
            catch (IOException e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
        {
            throw new IOException(
                $"{failures.Count} of {locations.Count} files could not be deleted. The first: {failures[0].Message}", failures[0]);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredFile> ListAsync(
        string folder, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        await Task.CompletedTask;
        var prefix = folder.TrimEnd('/');
        var root = PathOf(prefix);
        if (!Directory.Exists(root))
        {
            yield break;
        }

        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", AllFiles))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (Describe(file, $"{prefix}/{name}") is { } found)
            {
                yield return found;
            }
        }
    }

    /// <inheritdoc/>
    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locations);
        var paths = locations.Select(PathOf).ToList();
        if (paths.Find(path => !File.Exists(path)) is { } missing)
        {
            throw new FileNotFoundException(
                $"There is no file '{missing}'; files must be written before they are committed.", missing);
        }

        try
        {
            // Concurrently: file systems force the changes of all waiting callers to the disk in one go.
            Parallel.ForEach(
                paths,
                new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
                DurableFiles.SyncFile);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(f => f is IOException or UnauthorizedAccessException))
        {
            throw new IOException(
                $"{e.InnerExceptions.Count} of {paths.Count} files could not be forced to the disk. The first: "
                + e.InnerExceptions[0].Message,
                e.InnerExceptions[0]);
        }

        foreach (var folder in paths.Select(path => Path.GetDirectoryName(path)!).Distinct(StringComparer.Ordinal))
        {
            SyncFolder(folder);
        }

        return Task.CompletedTask;
    }

    /// <summary>The path in the file system that a location names, for engines that open files themselves.</summary>
    /// <remarks>
    /// The scheme is cut off and nothing is decoded: percent signs in locations are part of folder names. Java's
    /// <c>file:/x</c> and PyIceberg's <c>file:///x</c> both give <c>/x</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">The location is not local or not absolute.</exception>
    public static string PathOf(string location)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        var path = location;
        if (location.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            path = location["file:".Length..];
            if (path.StartsWith("//", StringComparison.Ordinal))
            {
                var root = path.IndexOf('/', 2);
                var host = root < 0 ? path[2..] : path[2..root];
                path = host is "" or "localhost" && root >= 0 ? path[root..] : throw new ArgumentException(
                    $"'{location}' names the host '{host}'; local files are file:///path.", nameof(location));
            }
        }

        return Path.IsPathFullyQualified(path) ? path : throw new ArgumentException(
            $"'{location}' is no absolute path of the local file system; expected /path or "
            + "file:///path.", nameof(location));
    }

    /// <summary>A file of a listing; null when it vanished meanwhile.</summary>
    private static StoredFile? Describe(FileInfo file, string location)
    {
        try
        {
            return new StoredFile(location, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Forces the names in a folder to the disk, and once for each folder its own name and those above it.
    /// </summary>
    private void SyncFolder(string folder)
    {
        DurableFiles.SyncFolder(folder);
        for (var name = folder; Path.GetDirectoryName(name) is { } parent && _durableFolders.TryAdd(name, true); name = parent)
        {
            DurableFiles.SyncFolder(parent);
        }
    }

    private sealed class LocalNewFile(string path) : NewFile
    {
        private readonly FileStream _stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
        private bool _complete;

        public override Stream Content => _stream;

        public override async Task CompleteAsync(CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _stream.DisposeAsync();
            _complete = true;
        }

        public override async ValueTask DisposeAsync()
        {
            if (_complete)
            {
                return;
            }

            try
            {
                await _stream.DisposeAsync();
            }
            finally
            {
                File.Delete(path);
            }
        }
    }
}
