using System.Collections.Concurrent;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>Storage that loses, when the power goes, every file that was not forced to the disk.</summary>
internal sealed class VolatileFileIO(InMemoryFileIO inner) : IFileIO
{
    private readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);

    /// <summary>Loses the power.</summary>
    public async Task LosePowerAsync()
    {
        foreach (var location in inner.Locations.Where(l => !_durable.ContainsKey(l)))
        {
            await inner.DeleteAsync(location);
        }
    }

    public Task<Stream> OpenReadAsync(string location, CancellationToken cancellationToken = default) =>
        inner.OpenReadAsync(location, cancellationToken);

    public Task<NewFile> CreateAsync(string location, CancellationToken cancellationToken = default) =>
        inner.CreateAsync(location, cancellationToken);

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        inner.ExistsAsync(location, cancellationToken);

    public Task DeleteAsync(string location, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(location, cancellationToken);

    public Task DeleteManyAsync(
        IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default) =>
        inner.DeleteManyAsync(locations, cancellationToken);

    public IAsyncEnumerable<StoredFile> ListAsync(string folder, CancellationToken cancellationToken = default) =>
        inner.ListAsync(folder, cancellationToken);

    public async Task PersistAsync(
        IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        foreach (var location in locations)
        {
            Assert.True(await inner.ExistsAsync(location, cancellationToken), $"{location} is not there");
            _durable[location] = true;
        }
    }
}
