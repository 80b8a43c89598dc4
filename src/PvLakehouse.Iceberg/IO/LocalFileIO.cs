namespace PvLakehouse.Iceberg.IO;

/// <summary>Files of the local file system, named by absolute paths or by <c>file:</c> URIs.</summary>
/// <remarks>
/// New files and their names are forced to the disk before they count. Write tables under plain absolute paths:
/// every engine that reads local files at all understands them, while not all understand <c>file:</c> URIs.
/// </remarks>
public sealed class LocalFileIO : IFileIO
{
    private const int BufferSize = 64 * 1024;

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
            DurableFiles.CreateFolder(Path.GetDirectoryName(path)!);
            return Task.FromResult<NewFile>(new LocalNewFile(path));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new AlreadyExistsException($"File '{path}' is already there; files of tables are never written twice.", e);
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
    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locations);
        var paths = locations.Select(PathOf).ToList();
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"There is no file '{path}'; files must be written before they are committed.", path);
            }

            DurableFiles.SyncFile(path);
        }

        foreach (var folder in Folders(paths))
        {
            DurableFiles.SyncFolder(folder);
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
            $"'{location}' is no absolute path of the local file system; expected /path or file:///path.", nameof(location));
    }

    /// <summary>The folders of files and, because an engine may just have made them, the folders that hold those.</summary>
    private static HashSet<string> Folders(IEnumerable<string> paths)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder && folders.Add(folder)
                && Path.GetDirectoryName(folder) is { Length: > 0 } parent)
            {
                folders.Add(parent);
            }
        }

        return folders;
    }

    private sealed class LocalNewFile(string path) : NewFile
    {
        private readonly FileStream _stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize);
        private bool _complete;

        public override Stream Content => _stream;

        public override async Task CompleteAsync(CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _stream.Flush(flushToDisk: true);
            await _stream.DisposeAsync();
            DurableFiles.SyncFolder(Path.GetDirectoryName(path)!);
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
