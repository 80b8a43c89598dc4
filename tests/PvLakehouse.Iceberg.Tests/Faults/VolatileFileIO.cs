using System.Collections.Concurrent;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Tests.Support;

namespace PvLakehouse.Iceberg.Tests.Faults;

/// <summary>Storage that loses, when the power goes, every file that was not forced to the disk.</summary>
internal sealed class VolatileFileIO(InMemoryFileIO inner) : ForwardingFileIO(inner)
{
    private readonly InMemoryFileIO _files = inner;
    private readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);

    /// <summary>Loses the power.</summary>
    public async Task LosePowerAsync()
    {
        foreach (var location in _files.Locations.Where(l => !_durable.ContainsKey(l)))
        {
            await _files.DeleteAsync(location);
        }
    }

    public override async Task PersistAsync(
        IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        foreach (var location in locations)
        {
            Assert.True(await _files.ExistsAsync(location, cancellationToken), $"{location} is not there");
            _durable[location] = true;
        }
    }
}
