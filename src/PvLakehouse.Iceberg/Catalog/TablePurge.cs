using System.Text.Json;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>Deletes every file of a table that no catalog knows any more.</summary>
internal sealed class TablePurge(IFileIO io, TableMetadata table, string metadataLocation)
{
    private const int Batch = 1000;

    private readonly List<string> _pending = [];

    /// <summary>Deletes data first and metadata last, so that what an interruption leaves can still be found.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var manifests = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        foreach (var snapshot in table.Snapshots)
        {
            await TryReadAsync(async () =>
            {
                foreach (var manifest in await ManifestListReader.ReadAsync(io, table, snapshot, cancellationToken))
                {
                    manifests.TryAdd(manifest.Path, manifest);
                }
            });
        }

        if (TableProperties.Flag(table.Properties, TableProperties.GcEnabled, true))
        {
            var reader = new ManifestReader(io, table);
            foreach (var manifest in manifests.Values)
            {
                await TryReadAsync(async () =>
                {
                    await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
                    {
                        await AddAsync(entry.File.FilePath, cancellationToken);
                    }
                });
            }
        }

        foreach (var location in manifests.Keys
            .Concat(table.Snapshots.Select(s => s.ManifestList).OfType<string>())
            .Concat(table.Statistics.Concat(table.PartitionStatistics).Select(StatisticsPath).OfType<string>())
            .Concat(table.MetadataLog.Select(e => e.MetadataFile))
            .Append(metadataLocation))
        {
            await AddAsync(location, cancellationToken);
        }

        await FlushAsync(cancellationToken);
    }

    private static async Task TryReadAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (Exception e) when (e is IcebergException or IOException)
        {
            // The table is gone already. What a damaged file would have named stays as orphans.
        }
    }

    private static string? StatisticsPath(StatisticsEntry entry)
    {
        using var json = JsonDocument.Parse(entry.RawJson);
        return json.RootElement.TryGetProperty("statistics-path", out var path) ? path.GetString() : null;
    }

    private async Task AddAsync(string location, CancellationToken cancellationToken)
    {
        _pending.Add(location);
        if (_pending.Count >= Batch)
        {
            await FlushAsync(cancellationToken);
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await io.DeleteManyAsync(_pending, cancellationToken);
        }
        catch (IOException)
        {
            // Some stay as orphans; the others must still go.
        }

        _pending.Clear();
    }
}
