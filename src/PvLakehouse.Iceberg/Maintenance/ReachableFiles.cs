using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Every file that a table's metadata leads to.</summary>
public static class ReachableFiles
{
    /// <summary>
    /// Streams the files of all snapshots with their manifests and lists, the statistics, and the metadata files that
    /// are current or in the log. Data files that several manifests hold come several times.
    /// </summary>
    /// <exception cref="IcebergFormatException">A manifest list or manifest is missing or broken.</exception>
    public static async IAsyncEnumerable<ReachableFile> ReadAsync(
        Table table, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        var (metadata, location) = (table.Metadata, table.MetadataLocation);
        foreach (var file in OfMetadata(metadata, location))
        {
            yield return file;
        }

        await foreach (var file in OfSnapshotsAsync(
            table.Io, metadata, metadata.Snapshots, new LocationSet(), cancellationToken))
        {
            yield return file;
        }
    }

    /// <summary>The files that metadata names itself: statistics, earlier metadata files, the version hint.</summary>
    internal static IEnumerable<ReachableFile> OfMetadata(TableMetadata metadata, string location)
    {
        yield return new ReachableFile(ReachableFileKind.Metadata, location);
        yield return new ReachableFile(
            ReachableFileKind.Metadata, new LocationProvider(metadata).MetadataFile("version-hint.text"));
        foreach (var entry in metadata.MetadataLog)
        {
            yield return new ReachableFile(ReachableFileKind.Metadata, entry.MetadataFile);
        }

        foreach (var file in ReachableFile.Statistics(metadata))
        {
            yield return file;
        }
    }

    /// <summary>The files that snapshots lead to; manifests that were read before are left out.</summary>
    /// <param name="io">Storage of the table.</param>
    /// <param name="metadata">Gives the partition specs and schemas.</param>
    /// <param name="snapshots">Where to start.</param>
    /// <param name="manifestsRead">Manifests that need not be read again; grows.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    internal static async IAsyncEnumerable<ReachableFile> OfSnapshotsAsync(
        IFileIO io,
        TableMetadata metadata,
        IEnumerable<Snapshot> snapshots,
        LocationSet manifestsRead,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var snapshot in snapshots)
        {
            if (snapshot.ManifestList is { } list)
            {
                yield return new ReachableFile(ReachableFileKind.ManifestList, list);
            }

            foreach (var manifest in await ManifestListReader.ReadAsync(io, metadata, snapshot, cancellationToken))
            {
                if (!manifestsRead.Add(manifest.Path))
                {
                    continue;
                }

                yield return new ReachableFile(ReachableFileKind.Manifest, manifest.Path);
                await foreach (var file in OfManifestAsync(io, metadata, manifest, cancellationToken))
                {
                    yield return file;
                }
            }
        }
    }

    /// <summary>The live files of a manifest.</summary>
    internal static async IAsyncEnumerable<ReachableFile> OfManifestAsync(
        IFileIO io,
        TableMetadata metadata,
        ManifestFile manifest,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!manifest.HasLiveFiles)
        {
            yield break;
        }

        await foreach (var entry in new ManifestReader(io, metadata).ReadAsync(manifest, cancellationToken))
        {
            if (entry.IsLive)
            {
                yield return ReachableFile.Of(entry.File);
            }
        }
    }
}
