using System.Globalization;
using PvLakehouse.Iceberg.Avro;
using PvLakehouse.Iceberg.IO;

namespace PvLakehouse.Iceberg.Manifests;

/// <summary>
/// Writes manifest lists of format version 2; gives the commit's sequence number to its new manifests.
/// </summary>
internal static class ManifestListWriter
{
    private static readonly string Schema = ManifestSchemas.ManifestList();

    public static async Task WriteAsync(
        IFileIO io,
        string location,
        long snapshotId,
        long? parentSnapshotId,
        long sequenceNumber,
        IEnumerable<ManifestFile> manifests,
        Guid sync,
        CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["snapshot-id"] = snapshotId.ToString(CultureInfo.InvariantCulture),
            ["parent-snapshot-id"] = parentSnapshotId?.ToString(CultureInfo.InvariantCulture) ?? "null",
            ["sequence-number"] = sequenceNumber.ToString(CultureInfo.InvariantCulture),
            ["format-version"] = "2",
        };
        await using var file = await io.CreateAsync(location, cancellationToken);
        var avro = await AvroFileWriter.CreateAsync(file.Content, Schema, metadata, sync, cancellationToken);
        foreach (var manifest in manifests)
        {
            await avro.AppendAsync(Assign(manifest, sequenceNumber), Encode, cancellationToken);
        }

        await avro.FlushAsync(cancellationToken);
        await file.CompleteAsync(cancellationToken);
    }

    private static ManifestFile Assign(ManifestFile manifest, long sequenceNumber) =>
        manifest.SequenceNumber != ManifestWriter.Unassigned ? manifest : manifest with
        {
            SequenceNumber = sequenceNumber,
            MinSequenceNumber = manifest.MinSequenceNumber == ManifestWriter.Unassigned
                ? sequenceNumber
                : manifest.MinSequenceNumber,
        };

    private static void Encode(AvroEncoder encoder, ManifestFile manifest)
    {
        encoder.WriteString(manifest.Path);
        encoder.WriteLong(manifest.Length);
        encoder.WriteLong(manifest.SpecId);
        encoder.WriteLong((int)manifest.Content);
        encoder.WriteLong(manifest.SequenceNumber);
        encoder.WriteLong(manifest.MinSequenceNumber);
        encoder.WriteLong(manifest.AddedSnapshotId);
        encoder.WriteLong(Known(manifest.AddedFilesCount, manifest));
        encoder.WriteLong(Known(manifest.ExistingFilesCount, manifest));
        encoder.WriteLong(Known(manifest.DeletedFilesCount, manifest));
        encoder.WriteLong(Known(manifest.AddedRowsCount, manifest));
        encoder.WriteLong(Known(manifest.ExistingRowsCount, manifest));
        encoder.WriteLong(Known(manifest.DeletedRowsCount, manifest));
        encoder.WriteLong(manifest.Partitions is null ? 0 : 1);
        if (manifest.Partitions is { } partitions)
        {
            WriteSummaries(encoder, partitions);
        }

        ManifestEntryEncoder.WriteOptional(encoder, manifest.KeyMetadata);
    }

    private static void WriteSummaries(AvroEncoder encoder, IReadOnlyList<PartitionFieldSummary> partitions)
    {
        if (partitions.Count > 0)
        {
            encoder.WriteLong(partitions.Count);
            foreach (var summary in partitions)
            {
                encoder.WriteBoolean(summary.ContainsNull);
                encoder.WriteLong(summary.ContainsNaN is null ? 0 : 1);
                if (summary.ContainsNaN is { } nan)
                {
                    encoder.WriteBoolean(nan);
                }

                ManifestEntryEncoder.WriteOptional(encoder, summary.LowerBound);
                ManifestEntryEncoder.WriteOptional(encoder, summary.UpperBound);
            }
        }

        encoder.WriteLong(0);
    }

    /// <summary>
    /// Version 2 requires the counts; a version 1 manifest without them must be counted before it gets here.
    /// </summary>
    private static long Known(long? count, ManifestFile manifest) => count ?? throw new InvalidOperationException(
        $"The counts of manifest '{manifest.Path}' are not known.");
}
