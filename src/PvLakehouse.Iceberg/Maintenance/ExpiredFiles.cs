using System.Runtime.CompilerServices;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>The files that snapshots led to which are gone, and that nothing that is left leads to.</summary>
/// <remarks>Memory grows with the files that go, not with those that stay.</remarks>
/// <param name="io">Storage of the table.</param>
/// <param name="before">Metadata with the snapshots.</param>
/// <param name="after">Metadata without them; may hold newer snapshots.</param>
internal sealed class ExpiredFiles(IFileIO io, TableMetadata before, TableMetadata after)
{
    private readonly List<Snapshot> _expired =
        [.. before.Snapshots.Where(s => after.FindSnapshot(s.SnapshotId) is null)];

    /// <summary>Streams each file once: data and delete files first, what leads to them after them.</summary>
    /// <exception cref="IcebergFormatException">A file that must be kept cannot be told, so nothing is
    /// given.</exception>
    public async IAsyncEnumerable<ReachableFile> FindAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keptLists = after.Snapshots.Select(s => s.ManifestList).ToHashSet(StringComparer.Ordinal);
        var keptManifests = new LocationSet();
        foreach (var snapshot in after.Snapshots)
        {
            foreach (var manifest in await ManifestListReader.ReadAsync(io, after, snapshot, cancellationToken))
            {
                keptManifests.Add(manifest.Path);
            }
        }

        var manifests = await ExpiredManifestsAsync(keptManifests, cancellationToken);
        var files = await UnreachableAsync(manifests, cancellationToken);
        await foreach (var file in LiveAsync(manifests, cancellationToken))
        {
            if (files.Remove(file.Location))
            {
                yield return file;
            }
        }

        foreach (var manifest in manifests)
        {
            yield return new ReachableFile(ReachableFileKind.Manifest, manifest.Path);
        }

        foreach (var list in _expired.Select(s => s.ManifestList).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (!keptLists.Contains(list))
            {
                yield return new ReachableFile(ReachableFileKind.ManifestList, list);
            }
        }

        var keptStatistics = ReachableFile.Statistics(after).ToHashSet();
        foreach (var file in ReachableFile.Statistics(before).Distinct().Where(f => !keptStatistics.Contains(f)))
        {
            yield return file;
        }
    }

    /// <summary>The manifests that only expired snapshots name.</summary>
    private async Task<List<ManifestFile>> ExpiredManifestsAsync(LocationSet kept, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        foreach (var snapshot in _expired)
        {
            foreach (var manifest in await ReadIfThereAsync(snapshot, cancellationToken))
            {
                if (!kept.Contains(manifest.Path))
                {
                    found.TryAdd(manifest.Path, manifest);
                }
            }
        }

        return [.. found.Values];
    }

    /// <summary>The live files of expired manifests without those of manifests that are kept.</summary>
    private async Task<LocationSet> UnreachableAsync(List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        var files = new LocationSet();
        await foreach (var file in LiveAsync(manifests, cancellationToken))
        {
            files.Add(file.Location);
        }

        var read = new LocationSet();
        foreach (var snapshot in after.Snapshots)
        {
            if (files.Count == 0)
            {
                break;
            }

            await foreach (var file in ReachableFiles.OfSnapshotsAsync(io, after, [snapshot], read, cancellationToken))
            {
                files.Remove(file.Location);
            }
        }

        return files;
    }

    private async IAsyncEnumerable<ReachableFile> LiveAsync(
        List<ManifestFile> manifests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var manifest in manifests)
        {
            // What is missing already need not be removed, but it must not stop the rest from going.
            if (!await io.ExistsAsync(manifest.Path, cancellationToken))
            {
                continue;
            }

            await foreach (var file in ReachableFiles.OfManifestAsync(io, before, manifest, cancellationToken))
            {
                yield return file;
            }
        }
    }

    private async Task<IReadOnlyList<ManifestFile>> ReadIfThereAsync(
        Snapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            return await ManifestListReader.ReadAsync(io, before, snapshot, cancellationToken);
        }
        catch (IcebergFormatException e) when (e.InnerException is FileNotFoundException)
        {
            return [];
        }
    }
}
