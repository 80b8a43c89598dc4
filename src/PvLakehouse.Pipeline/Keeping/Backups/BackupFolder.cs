using System.Security.Cryptography;
using System.Text.Json;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Pipeline.Keeping.Backups;

/// <summary>A folder of backups: <c>objects/</c> holds each content once, <c>backups/</c> one manifest for each backup.</summary>
/// <remarks>
/// Files are written under other names and renamed when they are on the disk, and the manifest comes last. What a killed
/// backup leaves are objects that no manifest names; the next backup takes them up or removes them.
/// </remarks>
internal sealed class BackupFolder
{
    private const string Unfinished = ".tmp";
    private readonly string _root;
    private readonly LocalFileIO _disk = new();

    private BackupFolder(string root) => _root = root;

    private string Manifests => Path.Combine(_root, "backups");

    private string Objects => Path.Combine(_root, "objects");

    /// <summary>Opens a folder of backups that must be there.</summary>
    /// <exception cref="PipelineException">It is missing or holds no backups.</exception>
    public static BackupFolder Open(string path)
    {
        var folder = new BackupFolder(Path.GetFullPath(path));
        return Directory.Exists(folder.Manifests) ? folder : throw new PipelineException(
            $"There are no backups in {folder._root}; 'pvlake backup {path}' makes one.");
    }

    /// <summary>Opens a folder of backups, or makes one of a folder that is empty or missing.</summary>
    /// <exception cref="PipelineException">The folder holds other things.</exception>
    public static BackupFolder OpenOrCreate(string path)
    {
        var folder = new BackupFolder(Path.GetFullPath(path));
        if (!Directory.Exists(folder.Manifests) && Directory.Exists(folder._root)
            && Directory.EnumerateFileSystemEntries(folder._root).Any())
        {
            throw new PipelineException($"{folder._root} holds other things than backups; name a new or empty folder.");
        }

        Directory.CreateDirectory(folder.Manifests);
        Directory.CreateDirectory(folder.Objects);
        return folder;
    }

    /// <summary>Keeps other backups into the same folder out until disposed.</summary>
    /// <exception cref="PipelineException">Another backup is at work.</exception>
    public IDisposable Lock()
    {
        try
        {
            return new FileStream(Path.Combine(_root, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException) && e.HResult != 28)
        {
            throw new PipelineException($"Another backup into {_root} is at work; wait for it to end.", e);
        }
    }

    /// <summary>The backups, the newest first.</summary>
    /// <exception cref="PipelineException">A manifest is damaged or of another version.</exception>
    public async Task<IReadOnlyList<BackupManifest>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<BackupManifest>();
        foreach (var path in Directory.EnumerateFiles(Manifests, "*.json").OrderDescending(StringComparer.Ordinal))
        {
            try
            {
                await using var file = File.OpenRead(path);
                var manifest = await JsonSerializer.DeserializeAsync(file, BackupJson.Default.BackupManifest, cancellationToken);
                found.Add(manifest is { Format: BackupManifest.CurrentFormat } known ? known : throw new PipelineException(
                    $"{path} is a backup of form {manifest?.Format}; expected {BackupManifest.CurrentFormat}. Use the pvlake that made "
                    + "it."));
            }
            catch (JsonException e)
            {
                throw new PipelineException($"{path} is damaged: {e.Message}", e);
            }
        }

        return found;
    }

    /// <summary>One backup, or the newest.</summary>
    /// <exception cref="PipelineException">There is no such backup.</exception>
    public async Task<BackupManifest> FindAsync(string? id, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        return all.FirstOrDefault(backup => id is null || backup.Id == id) ?? throw new PipelineException(id is null
            ? $"There is no finished backup in {_root}; 'pvlake backup {_root}' makes one."
            : $"There is no backup '{id}' in {_root}; there are {string.Join(", ", all.Select(backup => backup.Id))}.");
    }

    /// <summary>Whether a content is stored, by its length.</summary>
    public bool Has(BackedUpFile file) => new FileInfo(PathOf(file.Sha256)) is { Exists: true } found && found.Length == file.Size;

    /// <summary>Opens a stored content.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public Task<Stream> OpenAsync(BackedUpFile file, CancellationToken cancellationToken) =>
        _disk.OpenReadAsync(PathOf(file.Sha256), cancellationToken);

    /// <summary>Stores a content under its checksum.</summary>
    public async Task<BackedUpFile> StoreAsync(string location, Stream content, CancellationToken cancellationToken)
    {
        var unfinished = Path.Combine(Objects, $"{Guid.NewGuid():N}{Unfinished}");
        try
        {
            BackedUpFile stored;
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                var buffer = new byte[128 * 1024];
                for (var read = await content.ReadAsync(buffer, cancellationToken);
                    read > 0;
                    read = await content.ReadAsync(buffer, cancellationToken))
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }

                file.Flush(flushToDisk: true);
                stored = new BackedUpFile(location, file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
            }

            var path = PathOf(stored.Sha256);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // The same content may be there, whole or damaged; what was read now is right.
            File.Move(unfinished, path, overwrite: true);
            return stored;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Reads a stored content to its end and says whether it is what it was; null when it is, else what is wrong.</summary>
    public async Task<string?> CheckAsync(BackedUpFile file, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await OpenAsync(file, cancellationToken);
            return content.Length != file.Size ? $"it has {content.Length} bytes, expected {file.Size}"
                : Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) != file.Sha256 ? "its checksum differs"
                : null;
        }
        catch (FileNotFoundException)
        {
            return "it is not there";
        }
    }

    /// <summary>Makes a backup count, then forgets all but the newest and removes what no backup needs.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="keep">How many backups to keep, this one included; null keeps all.</param>
    /// <param name="cancellationToken">Stops before the backup counts; not after.</param>
    public async Task CompleteAsync(BackupManifest manifest, int? keep, CancellationToken cancellationToken)
    {
        await _disk.PersistAsync(
            [.. manifest.Files.Select(file => PathOf(file.Sha256)).Distinct(StringComparer.Ordinal)], cancellationToken);
        var path = Path.Combine(Manifests, $"{manifest.Id}.json");
        await using (var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(file, manifest, BackupJson.Default.BackupManifest, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Unfinished, path);
        await _disk.PersistAsync([path], CancellationToken.None);
        await PruneAsync(keep);
    }

    private async Task PruneAsync(int? keep)
    {
        var all = await ListAsync(CancellationToken.None);
        foreach (var old in all.Skip(keep ?? all.Count))
        {
            File.Delete(Path.Combine(Manifests, $"{old.Id}.json"));
        }

        var needed = all.Take(keep ?? all.Count).SelectMany(backup => backup.Files)
            .Select(file => file.Sha256).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(Objects, "*", SearchOption.AllDirectories))
        {
            if (!needed.Contains(Path.GetFileName(path)))
            {
                File.Delete(path);
            }
        }

        foreach (var path in Directory.EnumerateFiles(Manifests, $"*{Unfinished}"))
        {
            File.Delete(path);
        }
    }

    private string PathOf(string sha256) => Path.Combine(Objects, sha256[..2], sha256);
}
