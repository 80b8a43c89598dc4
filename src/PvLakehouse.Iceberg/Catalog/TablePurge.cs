using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>Deletes every file of a table that no catalog knows any more.</summary>
/// <remarks>
/// What leads to a file goes after the file. So what an interruption or a failure leaves can still be found: register
/// the table by its metadata file again and purge it again.
/// </remarks>
internal sealed class TablePurge(IFileIO io, TableMetadata table, string metadataLocation)
{
    private readonly FileRemoval<string> _removal = new(io, location => location, _ => { });
    private string? _firstUnread;

    /// <exception cref="IcebergException">
    /// Some files could not be removed, or not be found because storage did not answer.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var manifests = await ManifestsAsync(cancellationToken);
        if (TableProperties.Flag(table.Properties, TableProperties.GcEnabled, true))
        {
            await RemoveDataAsync(manifests, cancellationToken);
        }

        await RemoveAsync(manifests.Select(m => m.Path), cancellationToken);
        await RemoveAsync(
            table.Snapshots.Select(s => s.ManifestList).OfType<string>()
                .Concat(Statistics())
                .Concat(table.MetadataLog.Select(e => e.MetadataFile)),
            cancellationToken);
        await RemoveAsync([metadataLocation], cancellationToken);
    }

    private async Task<IReadOnlyCollection<ManifestFile>> ManifestsAsync(CancellationToken cancellationToken)
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

        return manifests.Values;
    }

    private async Task RemoveDataAsync(IEnumerable<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(io, table);
        foreach (var manifest in manifests)
        {
            await TryReadAsync(async () =>
            {
                await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
                {
                    await _removal.AddAsync(entry.File.FilePath, cancellationToken);
                }
            });
        }
    }

    /// <summary>Removes files that led to those before, once all of those are gone.</summary>
    private async Task RemoveAsync(IEnumerable<string> locations, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        foreach (var location in locations)
        {
            await _removal.AddAsync(location, cancellationToken);
        }

        await FlushAsync(cancellationToken);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _removal.FlushAsync(cancellationToken);
        if ((_firstUnread ?? _removal.FirstFailure) is { } why)
        {
            throw new IcebergException(
                $"The table at '{table.Location}' is dropped, but not all of its files could be removed: {why} What "
                + $"leads to the rest is kept: register the table by '{metadataLocation}' and drop it again.");
        }
    }

    private async Task TryReadAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (IcebergException)
        {
            // Missing or damaged, and it will stay so: what the file would have named stays as orphans.
        }
        catch (IOException e)
        {
            _firstUnread ??= e.Message;
        }
    }

    /// <summary>The statistics files; those that entries do not name stay.</summary>
    private List<string> Statistics()
    {
        try
        {
            return [.. ReachableFile.Statistics(table).Select(f => f.Location)];
        }
        catch (IcebergFormatException)
        {
            return [];
        }
    }
}
