using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Benchmarks;

/// <summary>Local files, except that data files of commits need not exist: planning never opens them.</summary>
internal sealed class WithoutDataFiles : IFileIO
{
    private readonly LocalFileIO _local = new();

    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        _local.OpenReadAsync(location, cancellationToken);

    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
        _local.CreateAsync(location, cancellationToken);

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        _local.ExistsAsync(location, cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        _local.DeleteAsync(location, cancellationToken);

    public Task DeleteManyAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        _local.DeleteManyAsync(locations, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) =>
        _local.ListAsync(folder, cancellationToken);

    public Task PersistAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        _local.PersistAsync([.. locations.Where(l => !l.EndsWith(".parquet", StringComparison.Ordinal))], cancellationToken);
}
