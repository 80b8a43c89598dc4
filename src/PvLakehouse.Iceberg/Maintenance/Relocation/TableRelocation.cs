using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance.Relocation;

/// <summary>Copies a table with its whole history to another place, so that it can be registered there.</summary>
/// <remarks>
/// <para>Metadata, manifest lists and manifests hold absolute locations: they are written anew with every location changed,
/// as Spark's <c>rewrite_table_path</c> does; ids, sequence numbers, statistics and members that this library does not know
/// stay as they are. Data files are copied as they are.</para>
/// <para>Files of position deletes hold locations too; what writes those anew must be given. Deletion vectors (format
/// version 3) are refused.</para>
/// </remarks>
/// <param name="source">Where the files are read, by their old locations.</param>
/// <param name="target">Where they are written, by their new ones.</param>
/// <param name="map">Where each file goes.</param>
/// <param name="moveDeletes">Writes a file of position deletes anew; null refuses tables that have such files.</param>
public sealed class TableRelocation(IFileIO source, IFileIO target, LocationMap map, MovePositionDeletes? moveDeletes = null)
{
    private const int Parallel = 8;

    /// <summary>Copies the table of a metadata file.</summary>
    /// <returns>The new metadata file, which is durable as everything it leads to.</returns>
    /// <exception cref="IcebergException">A file is missing or damaged, or the table cannot be moved.</exception>
    public async Task<string> RunAsync(string metadataLocation, CancellationToken cancellationToken = default)
    {
        var bytes = await ReadAsync(metadataLocation, cancellationToken)
            ?? throw new IcebergFormatException("The metadata file is not there.", metadataLocation);
        var metadata = TableMetadata.FromJson(bytes, metadataLocation);
        var written = new List<string>();
        var manifests = await ManifestsAsync(metadata, cancellationToken);
        var (files, sizes) = await CopyFilesAsync(metadata, manifests.Values, written, cancellationToken);
        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var manifest in manifests.Values)
        {
            lengths[manifest.Path] = await CopyAvroAsync(
                manifest.Path, schema => MovedManifests.Entries(schema, map.Move, files, sizes), written, cancellationToken);
        }

        foreach (var list in metadata.Snapshots.Select(s => s.ManifestList).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            await CopyAvroAsync(list, schema => MovedManifests.List(schema, map.Move, lengths), written, cancellationToken);
        }

        var moved = await CopyMetadataAsync(metadata, metadataLocation, bytes, written, cancellationToken);
        await target.PersistAsync(written, cancellationToken);
        return moved;
    }

    private async Task<Dictionary<string, ManifestFile>> ManifestsAsync(TableMetadata metadata, CancellationToken cancellationToken)
    {
        var manifests = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        foreach (var snapshot in metadata.Snapshots)
        {
            foreach (var manifest in await ManifestListReader.ReadAsync(source, metadata, snapshot, cancellationToken))
            {
                manifests.TryAdd(manifest.Path, manifest);
            }
        }

        return manifests;
    }

    /// <summary>Copies data, deletes and statistics: what was copied as it is, and the sizes of what changed, by old locations.</summary>
    private async Task<(HashSet<string> Files, Dictionary<string, long> Sizes)> CopyFilesAsync(
        TableMetadata metadata, IEnumerable<ManifestFile> manifests, List<string> written, CancellationToken cancellationToken)
    {
        var files = new HashSet<string>(ReachableFile.Statistics(metadata).Select(f => f.Location), StringComparer.Ordinal);
        var deletes = new HashSet<string>(StringComparer.Ordinal);
        var reader = new ManifestReader(source, metadata);
        foreach (var manifest in manifests.Where(m => m.HasLiveFiles))
        {
            await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
            {
                if (entry.IsLive)
                {
                    (Holder(entry.File) ? deletes : files).Add(entry.File.FilePath);
                }
            }
        }

        await System.Threading.Tasks.Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (file, token) => await CopyAsync(file, map.Move(file), token));
        written.AddRange(files.Select(map.Move));
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var file in deletes)
        {
            sizes[file] = await moveDeletes!(file, map.Move(file), map.Move, cancellationToken);
            written.Add(map.Move(file));
        }

        return (files, sizes);
    }

    /// <summary>Whether a file itself holds locations of data files.</summary>
    private bool Holder(DataFile file) => file switch
    {
        { Format: FileFormat.Puffin } => throw new IcebergException(
            $"The table has the deletion vector '{file.FilePath}', which cannot be moved here: compact the table first."),
        { Content: FileContent.PositionDeletes } when moveDeletes is null => throw new IcebergException(
            $"The table has the position deletes '{file.FilePath}', which cannot be moved here: compact the table first."),
        { Content: FileContent.PositionDeletes } => true,
        _ => false,
    };

    private async Task<string> CopyMetadataAsync(
        TableMetadata metadata, string location, byte[] bytes, List<string> written, CancellationToken cancellationToken)
    {
        var log = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in metadata.MetadataLog)
        {
            if (await ReadAsync(entry.MetadataFile, cancellationToken) is { } earlier)
            {
                log[entry.MetadataFile] = earlier;
            }
        }

        // The newest last: it leads to all others.
        foreach (var (file, content) in log.Append(new(location, bytes)))
        {
            await WriteAsync(map.Move(file), MovedMetadata.Of(content, file, map.Move, log.ContainsKey), cancellationToken);
            written.Add(map.Move(file));
        }

        return map.Move(location);
    }

    private async Task<long> CopyAvroAsync(
        string location, Func<AvroSchema, ValueCopier> copier, List<string> written, CancellationToken cancellationToken)
    {
        await using var stream = await source.OpenReadAsync(location, cancellationToken);
        var avro = await AvroFileReader.OpenAsync(stream, location, cancellationToken);
        await using var file = await target.CreateAsync(map.Move(location), cancellationToken);
        try
        {
            var length = await AvroCopy.RunAsync(avro, file.Content, copier(avro.WriterSchema), Guid.NewGuid(), cancellationToken);
            await file.CompleteAsync(cancellationToken);
            written.Add(map.Move(location));
            return length;
        }
        catch (IcebergFormatException e) when (e.Location is null)
        {
            throw new IcebergFormatException(e.Message, location, e);
        }
    }

    private async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        await using var stream = await source.OpenReadAsync(from, cancellationToken);
        await using var file = await target.CreateAsync(to, cancellationToken);
        await stream.CopyToAsync(file.Content, cancellationToken);
        await file.CompleteAsync(cancellationToken);
    }

    private async Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken)
    {
        await using var file = await target.CreateAsync(location, cancellationToken);
        await file.Content.WriteAsync(content, cancellationToken);
        await file.CompleteAsync(cancellationToken);
    }

    private async Task<byte[]?> ReadAsync(string location, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await source.OpenReadAsync(location, cancellationToken);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellationToken);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>Writes a file of position deletes anew, with the locations in it changed.</summary>
/// <param name="from">The file.</param>
/// <param name="to">Where the new one is written.</param>
/// <param name="move">Where a data file goes.</param>
/// <param name="cancellationToken">Stops the writing.</param>
/// <returns>Size of the new file [bytes].</returns>
public delegate Task<long> MovePositionDeletes(
    string from, string to, Func<string, string> move, CancellationToken cancellationToken);
