using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Pipeline.Keeping.Backups;

/// <summary>The files of one backup, read by the locations that they had.</summary>
internal sealed class BackedUpFiles : IFileIO
{
    private readonly BackupFolder _backups;
    private readonly Dictionary<string, BackedUpFile> _files;

    public BackedUpFiles(BackupFolder backups, IEnumerable<BackedUpFile> files)
    {
        _backups = backups;
        _files = files.DistinctBy(file => file.Location, StringComparer.Ordinal)
            .ToDictionary(file => file.Location, StringComparer.Ordinal);
    }

    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        _files.TryGetValue(location, out var file)
            ? _backups.OpenAsync(file, cancellationToken)
            : throw new FileNotFoundException($"The backup has no file '{location}'.", location);

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        Task.FromResult(_files.TryGetValue(location, out var file) && _backups.Has(file));

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) => throw Refused();

    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) => throw Refused();

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) => throw Refused();

    public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) => throw Refused();

    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) => throw Refused();

    private static NotSupportedException Refused() => new("A backup is read by location and never changed.");
}
