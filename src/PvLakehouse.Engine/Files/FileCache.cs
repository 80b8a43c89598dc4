using System.Security.Cryptography;
using System.Text;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Engine.Files;

/// <summary>Copies of immutable files of a store in a folder of bounded size, the least recently used going first.</summary>
/// <remarks>
/// Files are named by location and size, appear whole by a rename and are kept over restarts. Several processes may share the
/// folder: a file that is in use is locked for reading, and only a file that can be locked alone is removed. The folder has a lock
/// of its own, shared while a file is being locked and held alone while files are removed: so no name can come to stand for another
/// file between its being opened and locked. A statement that needs more than the bound gets it; the folder is trimmed once
/// the files are no longer held. Safe for concurrent use.
/// </remarks>
internal sealed class FileCache
{
    /// <summary>Files that one statement sends or fetches at a time.</summary>
    public const int Transfers = 8;

    /// <summary>Linux's EWOULDBLOCK, which a lock that another process holds gives.</summary>
    private const int WouldBlock = 11;

    /// <summary>macOS's EWOULDBLOCK.</summary>
    private const int WouldBlockOnMac = 35;

    /// <summary>Windows' ERROR_SHARING_VIOLATION.</summary>
    private const int SharingViolation = unchecked((int)0x80070020);

    private const int CopyBuffer = 1024 * 1024;
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a removal waits for its turn; after that it is left to the next.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly string _folder;
    private readonly string _objects;
    private readonly string _downloads;
    private readonly long _bound;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CachedFile> _entries = new(StringComparer.Ordinal);

    /// <summary>Whether the folder may be over its bound: it is not looked at again before something was added.</summary>
    private volatile bool _grown = true;

    /// <param name="folder">Folder of the cache; made when missing.</param>
    /// <param name="bound">Size of all files together [bytes].</param>
    /// <param name="time">Clock for the order of use; the system's when null.</param>
    public FileCache(string folder, long bound, TimeProvider? time = null)
    {
        _folder = Path.GetFullPath(folder);
        _objects = Path.Combine(_folder, "objects");
        _downloads = Path.Combine(_folder, "downloads");
        WritingFolder = Path.Combine(_folder, "writing");
        _bound = bound;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Where files are written that shall go to the store.</summary>
    public string WritingFolder { get; }

    /// <summary>Makes files readable and holds them until the result is disposed.</summary>
    /// <exception cref="SqlEngineException">A file is not there, not as long as the table says, or the disk has no room.</exception>
    public async Task<LocalFiles> OpenAsync(IFileIO io, IReadOnlyList<StoredObject> files, CancellationToken cancellationToken)
    {
        var held = new CachedFile[files.Count];
        lock (_gate)
        {
            foreach (var (index, file) in files.Index())
            {
                held[index] = Hold(file);
            }
        }

        try
        {
            Directory.CreateDirectory(_objects);
            Directory.CreateDirectory(_downloads);
            await Parallel.ForEachAsync(
                held.Distinct(),
                new ParallelOptions { MaxDegreeOfParallelism = Transfers, CancellationToken = cancellationToken },
                async (entry, token) => await entry.ReadyAsync(t => FetchAsync(io, entry, t), token));
            return new LocalFiles([.. held.Select(e => e.Path)], () => Release(held));
        }
        catch (Exception error)
        {
            Release(held);
            if (error is IOException or UnauthorizedAccessException)
            {
                throw new SqlEngineException($"A data file could not be fetched from its store: {error.Message}", error);
            }

            throw;
        }
    }

    /// <summary>Takes over a file that was just stored, as if it had been fetched.</summary>
    public void Adopt(FinishedFile file)
    {
        var path = PathOf(new StoredObject(file.Location, file.Size));
        try
        {
            Directory.CreateDirectory(_objects);
            FileStream? guard = null;
            if (SpinWait.SpinUntil(() => (guard = TryGuard(FileShare.None)) is not null, Patience))
            {
                using var alone = guard;
                Place(file.Path, path);
            }
        }
        catch (IOException)
        {
            // Not worth a failure: it will be fetched when it is wanted.
        }

        _grown = true;
        Trim();
    }

    /// <summary>Removes the least recently used files that nobody holds until the bound is kept.</summary>
    public void Trim()
    {
        var objects = new DirectoryInfo(_objects);
        if (!_grown || !objects.Exists)
        {
            return;
        }

        FileStream? guard = null;
        if (!SpinWait.SpinUntil(() => (guard = TryGuard(FileShare.None)) is not null, Patience))
        {
            return;
        }

        using var alone = guard;
        _grown = false;
        RemoveAbandonedDownloads();
        var files = objects.EnumerateFiles("*", SearchOption.AllDirectories).Select(f => (File: f, Size: SizeOf(f))).ToList();
        var total = files.Sum(f => f.Size);
        foreach (var (file, size) in files.OrderBy(f => f.File.LastAccessTimeUtc).ThenBy(f => f.File.Name, StringComparer.Ordinal))
        {
            if (total <= _bound)
            {
                return;
            }

            if (TryRemove(file.FullName))
            {
                total -= size;
            }
        }

        _grown |= total > _bound;
    }

    private CachedFile Hold(StoredObject file)
    {
        var path = PathOf(file);
        if (!_entries.TryGetValue(path, out var entry))
        {
            _entries.Add(path, entry = new CachedFile(file, path));
        }

        entry.Holders++;
        return entry;
    }

    private void Release(IEnumerable<CachedFile> held)
    {
        lock (_gate)
        {
            foreach (var entry in held)
            {
                if (--entry.Holders == 0)
                {
                    _entries.Remove(entry.Path);
                    entry.Dispose();
                }
            }
        }

        Trim();
    }

    /// <summary>Locks the file of an entry for reading, after fetching it when it is not there.</summary>
    private async Task<FileStream> FetchAsync(IFileIO io, CachedFile entry, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryLock(entry, out var busy) is { } locked)
            {
                File.SetLastAccessTimeUtc(entry.Path, _time.GetUtcNow().UtcDateTime);
                return locked;
            }

            if (busy)
            {
                await Task.Delay(Busy, cancellationToken);
                continue;
            }

            await DownloadAsync(io, entry, cancellationToken);
        }
    }

    /// <summary>Holds the file against removal by any process; null when it is not there or damaged.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="busy">Whether somebody is just removing files.</param>
    private FileStream? TryLock(CachedFile entry, out bool busy)
    {
        using var guard = TryGuard(FileShare.Read);
        busy = guard is null;
        if (busy)
        {
            return null;
        }

        FileStream stream;
        try
        {
            stream = new FileStream(entry.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        if (stream.Length == entry.File.Size)
        {
            return stream;
        }

        stream.Dispose();
        File.Delete(entry.Path);
        return null;
    }

    /// <summary>The lock of the folder, alone or shared; null while others hold it in a way that excludes this one.</summary>
    private FileStream? TryGuard(FileShare share)
    {
        try
        {
            return new FileStream(
                Path.Combine(_folder, "lock"), FileMode.OpenOrCreate,
                share == FileShare.None ? FileAccess.ReadWrite : FileAccess.Read, share, bufferSize: 0);
        }
        catch (IOException error) when (error.HResult is WouldBlock or WouldBlockOnMac or SharingViolation)
        {
            return null;
        }
    }

    private async Task DownloadAsync(IFileIO io, CachedFile entry, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(_downloads, $"{Guid.NewGuid():N}.part");
        try
        {
            long length;
            await using (var source = await io.OpenReadAsync(entry.File.Location, cancellationToken))
            await using (var target = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await source.CopyToAsync(target, CopyBuffer, cancellationToken);
                length = target.Length;
            }

            if (length != entry.File.Size)
            {
                throw new SqlEngineException(
                    $"The data file '{entry.File.Location}' has {length} bytes, but the table says {entry.File.Size}; it was damaged or replaced.");
            }

            await PlaceAsync(temporary, entry.Path, cancellationToken);
        }
        catch (FileNotFoundException error)
        {
            throw new SqlEngineException(
                $"The data file '{entry.File.Location}' is not there, though the table refers to it.", error);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Gives a downloaded file its place, unless another process was faster.</summary>
    private async Task PlaceAsync(string temporary, string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            using (var alone = TryGuard(FileShare.None))
            {
                if (alone is not null)
                {
                    Place(temporary, path);
                    return;
                }
            }

            await Task.Delay(Busy, cancellationToken);
        }
    }

    /// <summary>Moves a file to where none is. The folder's lock must be held alone.</summary>
    /// <remarks>
    /// .NET looks whether there is a file and then renames, which replaces one that came in between; its holder would
    /// be left with a lock on a file that has lost its name, and the new one could be removed under its hands.
    /// </remarks>
    private void Place(string from, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path))
        {
            File.Move(from, path, overwrite: false);
            _grown = true;
        }
    }

    /// <summary>Downloads that no living process writes any more.</summary>
    private void RemoveAbandonedDownloads()
    {
        if (!Directory.Exists(_downloads))
        {
            return;
        }

        var before = (_time.GetUtcNow() - Abandoned).UtcDateTime;
        foreach (var file in new DirectoryInfo(_downloads).EnumerateFiles("*.part").Where(f => f.LastWriteTimeUtc < before))
        {
            TryRemove(file.FullName);
        }
    }

    /// <summary>Removes a file that no process holds.</summary>
    private bool TryRemove(string path)
    {
        lock (_gate)
        {
            if (_entries.ContainsKey(path))
            {
                return false;
            }

            try
            {
                using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
                File.Delete(path);
                return true;
            }
            catch (IOException)
            {
                return !File.Exists(path);
            }
            catch (UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private string PathOf(StoredObject file)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Location)));
        return Path.Combine(_objects, name[..2], FormattableString.Invariant($"{name}-{file.Size}.parquet"));
    }

    private static long SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
