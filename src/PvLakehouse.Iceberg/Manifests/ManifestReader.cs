using System.Globalization;
using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>Streams the entries of manifests, without holding a file in memory.</summary>
/// <param name="files">Storage of the manifests.</param>
/// <param name="table">Gives the partition specs and schemas.</param>
internal sealed class ManifestReader(IFileIO files, TableMetadata table)
{
    /// <summary>Reads every entry, deleted ones included, with inherited values filled in.</summary>
    /// <exception cref="IcebergFormatException">
    /// The file is not a manifest, or disagrees with the manifest list.
    /// </exception>
    public async IAsyncEnumerable<ManifestEntry> ReadAsync(
        ManifestFile manifest, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var stream = await OpenAsync(manifest, cancellationToken);
        var avro = await AvroFileReader.OpenAsync(stream, manifest.Path, cancellationToken);
        var rowIds = new FirstRowIds(manifest);
        var decoder = DecoderFor(avro, manifest);
        var count = 0;
        await foreach (var (records, data) in avro.ReadBlocksAsync(cancellationToken))
        {
            foreach (var entry in DecodeBlock(decoder, records, data.Span, manifest.Path))
            {
                count++;
                yield return rowIds.Assign(Inherit(entry, manifest));
            }
        }

        CheckCount(manifest, count);
    }

    /// <summary>Opens a manifest.</summary>
    /// <exception cref="IcebergFormatException">It is encrypted, or is not there.</exception>
    public Task<Stream> OpenAsync(ManifestFile manifest, CancellationToken cancellationToken) =>
        manifest.KeyMetadata is { Length: > 0 }
            ? throw new IcebergFormatException("The manifest is encrypted; encrypted tables are not read here.", manifest.Path)
            : OpenAsync(manifest.Path, cancellationToken);

    /// <summary>Makes a cursor for the entries of a manifest.</summary>
    /// <exception cref="IcebergFormatException">The schema is not that of a manifest, or its partition spec is unknown.</exception>
    public EntryCursor CursorFor(AvroRecord schema, ManifestFile manifest) =>
        For(manifest, spec => new EntryCursor(schema, spec.SpecId, PartitionType(spec)));

    /// <exception cref="IcebergFormatException">The manifest list promises another number of entries.</exception>
    public static void CheckCount(ManifestFile manifest, int count)
    {
        if (manifest.EntryCount is { } promised && count != promised)
        {
            throw new IcebergFormatException(
                $"The manifest holds {count} entries but its manifest list promises {promised}.", manifest.Path);
        }
    }

    /// <summary>Fills what the writer could not know before the commit (spec: "Sequence Number Inheritance").</summary>
    public static ManifestEntry Inherit(ManifestEntry entry, ManifestFile manifest) => entry with
    {
        SnapshotId = entry.SnapshotId ?? manifest.AddedSnapshotId,
        SequenceNumber = Inherit(entry.SequenceNumber, entry, manifest),
        FileSequenceNumber = Inherit(entry.FileSequenceNumber, entry, manifest),
    };

    /// <summary>Reads a manifest that is known by its path alone, as old version 1 snapshots name them.</summary>
    public async Task<ManifestFile> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = await OpenAsync(path, cancellationToken);
        var avro = await AvroFileReader.OpenAsync(stream, path, cancellationToken);
        return new ManifestFile
        {
            Path = path,
            Length = stream.Length,
            SpecId = avro.Text("partition-spec-id") is { } id
                ? int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var specId)
                    ? specId
                    : throw new IcebergFormatException($"The manifest's partition-spec-id is '{id}'.", path)
                : table.DefaultSpecId,
            AddedSnapshotId = 0,
        };
    }

    private static List<ManifestEntry> DecodeBlock(
        ManifestEntryDecoder decoder, int records, ReadOnlySpan<byte> data, string path)
    {
        var entries = new List<ManifestEntry>(Math.Min(records, data.Length));
        var avro = new AvroDecoder(data);
        try
        {
            for (var i = 0; i < records; i++)
            {
                entries.Add(decoder.Decode(ref avro));
            }
        }
        catch (Exception e) when (e is OverflowException or ArgumentException or IcebergFormatException { Location: null })
        {
            throw new IcebergFormatException(e.Message, path, e);
        }

        return entries;
    }

    private ManifestEntryDecoder DecoderFor(AvroFileReader avro, ManifestFile manifest) =>
        For(manifest, spec => ManifestEntryDecoder.For(avro.WriterSchema, spec.SpecId, PartitionType(spec)));

    private T For<T>(ManifestFile manifest, Func<PartitionSpec, T> make)
    {
        var spec = table.FindSpec(manifest.SpecId) ?? throw new IcebergFormatException(
            $"The manifest is of partition spec {manifest.SpecId}, which the table does not have.", manifest.Path);
        try
        {
            return make(spec);
        }
        catch (IcebergFormatException e) when (e.Location is null)
        {
            throw new IcebergFormatException(e.Message, manifest.Path, e);
        }
    }

    /// <summary>The type of the partition tuples of a spec.</summary>
    internal StructType PartitionType(PartitionSpec spec) => spec.PartitionType(table.SchemaOf(spec));

    private static long Inherit(long? assigned, ManifestEntry entry, ManifestFile manifest) => (assigned, entry.Status) switch
    {
        ({ } number, _) => number,
        (null, EntryStatus.Added) => manifest.SequenceNumber,

        // Some writers leave the numbers out of entries that come from version 1, where all are 0.
        (null, _) when manifest.SequenceNumber == 0 => 0,
        (null, var status) => throw new IcebergFormatException(
            $"{status} entry '{entry.File.FilePath}' has no sequence number; only added entries may inherit one.", manifest.Path),
    };

    private async Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await files.OpenReadAsync(path, cancellationToken);
        }
        catch (FileNotFoundException e)
        {
            throw new IcebergFormatException("The manifest is named by a snapshot but is not there.", path, e);
        }
    }
}
