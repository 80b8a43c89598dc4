using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Support;

/// <summary>Reads tables whose paths are relative to a folder, as those of the fixtures are.</summary>
internal sealed class RelativeFileIO(string root) : IFileIO
{
    private readonly LocalFileIO _local = new();

    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        _local.OpenReadAsync(Absolute(location), cancellationToken);

    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The fixtures are only read.");

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        _local.ExistsAsync(Absolute(location), cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The fixtures are only read.");

    public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The fixtures are only read.");

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) =>
        _local.ListAsync(Absolute(folder), cancellationToken);

    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The fixtures are only read.");

    /// <summary>map_stats names file://data/..., which is no valid URI but what its writer made.</summary>
    private string Absolute(string location)
    {
        var path = location.StartsWith("file://", StringComparison.Ordinal) ? location["file://".Length..] : location;
        return Path.IsPathRooted(path) ? path : Path.Combine(root, path);
    }
}
