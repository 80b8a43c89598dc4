using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Engine.Files;

/// <summary>Opens files of this machine where they are, and all others through the cache.</summary>
internal sealed class DataFiles(FileCache cache) : IDataFiles
{
    public async Task<LocalFiles> OpenAsync(IFileIO io, IReadOnlyList<StoredObject> files, CancellationToken cancellationToken)
    {
        var paths = new string?[files.Count];
        var remote = new List<StoredObject>();
        foreach (var (index, file) in files.Index())
        {
            paths[index] = LocalPath(file.Location);
            if (paths[index] is null)
            {
                remote.Add(file);
            }
        }

        if (remote.Count == 0)
        {
            return new LocalFiles(paths!);
        }

        var held = await cache.OpenAsync(io, remote, cancellationToken);
        var next = 0;
        return new LocalFiles([.. paths.Select(p => p ?? held.Paths[next++])], held.Dispose);
    }

    public string NewWritingFolder(string dataRoot)
    {
        // Beside the table when that is on this machine, so that finished files need not be copied.
        var folder = Path.Combine(LocalPath(dataRoot) ?? cache.WritingFolder, $".writing-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        return folder;
    }

    public async Task PublishAsync(IFileIO io, IReadOnlyList<FinishedFile> files, CancellationToken cancellationToken)
    {
        var remote = new List<FinishedFile>();
        foreach (var file in files)
        {
            if (LocalPath(file.Location) is not { } path)
            {
                remote.Add(file);
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(file.Path, path);
        }

        await Parallel.ForEachAsync(
            remote,
            new ParallelOptions { MaxDegreeOfParallelism = FileCache.Transfers, CancellationToken = cancellationToken },
            async (file, token) => await UploadAsync(io, file, token));
        await io.PersistAsync([.. files.Select(f => f.Location)], cancellationToken);
    }

    private async Task UploadAsync(IFileIO io, FinishedFile file, CancellationToken cancellationToken)
    {
        await using (var target = await io.CreateAsync(file.Location, cancellationToken))
        {
            await using var source = File.OpenRead(file.Path);
            await source.CopyToAsync(target.Content, cancellationToken);
            await target.CompleteAsync(cancellationToken);
        }

        await using (var stored = await io.OpenReadAsync(file.Location, cancellationToken))
        {
            if (stored.Length != file.Size)
            {
                throw new IOException(
                    $"The store holds {stored.Length} bytes of '{file.Location}' after the upload; {file.Size} were sent.");
            }
        }

        // What was just written is often read next.
        cache.Adopt(file);
    }

    /// <summary>The path of a location of this machine; null for one elsewhere.</summary>
    private static string? LocalPath(string location)
    {
        if (!Path.IsPathFullyQualified(location) && !location.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            return LocalFileIO.PathOf(location);
        }
        catch (ArgumentException)
        {
            // A file: URI with a host, or not absolute: only its store knows what it means.
            return null;
        }
    }
}
