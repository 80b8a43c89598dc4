using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Pipeline.Keeping.Backups;

/// <summary>Copies files into a folder of backups; one that is stored under its location already is not read again.</summary>
internal sealed class FileCopier
{
    private readonly IFileIO _io;
    private readonly BackupFolder _backups;
    private readonly Dictionary<string, BackedUpFile> _known;
    private readonly Lock _lock = new();

    /// <param name="io">Storage of the lake.</param>
    /// <param name="backups">Where to store.</param>
    /// <param name="earlier">The files of earlier backups. Files of tables and of the archive never change, so their locations tell
    /// them.</param>
    public FileCopier(IFileIO io, BackupFolder backups, IEnumerable<BackedUpFile> earlier)
    {
        _io = io;
        _backups = backups;
        _known = earlier.DistinctBy(file => file.Location, StringComparer.Ordinal)
            .ToDictionary(file => file.Location, StringComparer.Ordinal);
    }

    public int FilesCopied { get; private set; }

    public long BytesCopied { get; private set; }

    public bool Knows(string location) => _known.ContainsKey(location);

    /// <summary>Copies files that never change.</summary>
    /// <exception cref="FileNotFoundException">One of them is not there.</exception>
    public async Task<IReadOnlyList<BackedUpFile>> CopyAsync(
        IEnumerable<string> locations, int parallel, CancellationToken cancellationToken)
    {
        var wanted = locations.ToList();
        var files = new BackedUpFile[wanted.Count];
        await Parallel.ForAsync(
            0, wanted.Count,
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (i, token) => files[i] = await CopyAsync(wanted[i], token));
        return files;
    }

    /// <summary>Copies files of the lake's storage that may have changed since an earlier backup.</summary>
    /// <exception cref="FileNotFoundException">One of them is not there.</exception>
    public async Task<IReadOnlyList<BackedUpFile>> CopyChangingAsync(IEnumerable<string> locations, CancellationToken cancellationToken)
    {
        var files = new List<BackedUpFile>();
        foreach (var location in locations)
        {
            await using var content = await _io.OpenReadAsync(location, cancellationToken);
            files.Add(Count(await _backups.StoreAsync(location, content, cancellationToken)));
        }

        return files;
    }

    /// <summary>Copies a file of this machine whatever is known of it.</summary>
    public async Task<BackedUpFile> CopyChangingAsync(string path, string name, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(path);
        return Count(await _backups.StoreAsync(name, content, cancellationToken));
    }

    private async Task<BackedUpFile> CopyAsync(string location, CancellationToken cancellationToken)
    {
        BackedUpFile? known;
        lock (_lock)
        {
            known = _known.GetValueOrDefault(location);
        }

        if (known is not null && _backups.Has(known))
        {
            return known;
        }

        await using var content = await _io.OpenReadAsync(location, cancellationToken);
        var stored = Count(await _backups.StoreAsync(location, content, cancellationToken));
        lock (_lock)
        {
            _known[location] = stored;
        }

        return stored;
    }

    private BackedUpFile Count(BackedUpFile stored)
    {
        lock (_lock)
        {
            FilesCopied++;
            BytesCopied += stored.Size;
            return stored;
        }
    }
}
