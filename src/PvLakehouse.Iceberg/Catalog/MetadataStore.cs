using System.Globalization;
using System.IO.Compression;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>Reads and writes metadata files; remembers some, because they never change.</summary>
internal sealed class MetadataStore(IFileIO io, CommitContext context)
{
    private const int Remembered = 64;

    private readonly Dictionary<string, TableMetadata> _byLocation = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();
    private readonly Lock _lock = new();

    /// <exception cref="IcebergFormatException">The file is missing or is no metadata.</exception>
    public async Task<TableMetadata> ReadAsync(string location, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_byLocation.TryGetValue(location, out var known))
            {
                return known;
            }
        }

        TableMetadata metadata;
        try
        {
            await using var stream = await io.OpenReadAsync(location, cancellationToken);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellationToken);
            metadata = TableMetadata.FromJson(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), location);
        }
        catch (FileNotFoundException e)
        {
            throw new IcebergFormatException("The catalog names a metadata file that is not there.", location, e);
        }

        Remember(location, metadata);
        return metadata;
    }

    /// <summary>Writes a new metadata file, numbered one above the previous.</summary>
    public async Task<string> WriteAsync(TableMetadata metadata, string? previous, CancellationToken cancellationToken)
    {
        var gzip = metadata.Properties.TryGetValue(TableProperties.MetadataCompression, out var codec) && codec == "gzip";
        var suffix = gzip ? "gz.metadata.json" : "metadata.json";
        var name = string.Create(CultureInfo.InvariantCulture, $"{VersionOf(previous) + 1:00000}-{context.Ids.NewGuid():D}.{suffix}");
        var location = new LocationProvider(metadata).MetadataFile(name);
        await using var file = await io.CreateAsync(location, cancellationToken);
        if (gzip)
        {
            await using var packed = new GZipStream(file.Content, CompressionLevel.Optimal, leaveOpen: true);
            await packed.WriteAsync(metadata.ToJson(), cancellationToken);
        }
        else
        {
            await file.Content.WriteAsync(metadata.ToJson(), cancellationToken);
        }

        try
        {
            await file.CompleteAsync(cancellationToken);
            await io.PersistAsync([location], cancellationToken);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            await DiscardAsync([location]);
            throw;
        }

        Remember(location, metadata);
        return location;
    }

    /// <summary>Removes metadata files that nobody refers to; one that stays is an orphan for maintenance.</summary>
    public async Task DiscardAsync(IEnumerable<string> locations)
    {
        foreach (var location in locations)
        {
            try
            {
                await io.DeleteAsync(location, CancellationToken.None);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The table is right without the removal; failing here, in whatever way, would hide the outcome of the
                // commit.
            }
        }
    }

    /// <summary>The number at the front of a metadata file's name; −1 when there is none.</summary>
    private static int VersionOf(string? location)
    {
        var name = location?[(location.LastIndexOf('/') + 1)..] ?? "";
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && int.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : -1;
    }

    private void Remember(string location, TableMetadata metadata)
    {
        lock (_lock)
        {
            if (!_byLocation.TryAdd(location, metadata))
            {
                return;
            }

            _oldestFirst.Enqueue(location);
            if (_oldestFirst.Count > Remembered)
            {
                _byLocation.Remove(_oldestFirst.Dequeue());
            }
        }
    }
}
