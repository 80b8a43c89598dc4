using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>The data files that a commit removes, and the manifests that must be written anew for it.</summary>
internal sealed class RemovedFiles(IFileIO io)
{
    private readonly Dictionary<string, DataFile> _files = new(StringComparer.Ordinal);

    // Manifests never change, so what became of one in an earlier attempt holds for the next.
    private readonly Dictionary<string, Rewrite> _rewrites = new(StringComparer.Ordinal);

    public void Add(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _files[file.FilePath] = file;
    }

    /// <summary>
    /// Gives the manifests with the files marked as deleted; those that hold none of them stay as they are.
    /// </summary>
    /// <exception cref="CommitConflictException">A file is not in the table, or no longer.</exception>
    public async Task<IReadOnlyList<ManifestFile>> RemoveAsync(
        TableMetadata table,
        IReadOnlyList<ManifestFile> manifests,
        MetadataFiles files,
        SnapshotSummary summary,
        CancellationToken cancellationToken)
    {
        var wanted = new HashSet<string>(_files.Keys, StringComparer.Ordinal);
        var result = new List<ManifestFile>(manifests.Count);
        foreach (var manifest in manifests)
        {
            if (wanted.Count == 0 || manifest.Content != ManifestContent.Data || !MightHold(manifest, table))
            {
                result.Add(manifest);
                continue;
            }

            if (!_rewrites.TryGetValue(manifest.Path, out var rewrite))
            {
                rewrite = await RewriteAsync(table, manifest, files, cancellationToken);
                _rewrites[manifest.Path] = rewrite;
            }

            summary.EntriesProcessed += rewrite.Entries;
            summary.ManifestsReplaced += rewrite.Removed.Count > 0 ? 1 : 0;
            foreach (var file in rewrite.Removed)
            {
                wanted.Remove(file.FilePath);
                summary.Remove(file);
            }

            result.Add(rewrite.Result);
        }

        return wanted.Count == 0 ? result : throw new CommitConflictException(
            $"{wanted.Count} of {_files.Count} files to be replaced are not in the table any more, for example "
            + $"'{wanted.First()}'. Refresh the table and do the work again.");
    }

    private async Task<Rewrite> RewriteAsync(
        TableMetadata table, ManifestFile manifest, MetadataFiles files, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(io, table);
        var entries = new List<ManifestEntry>();
        await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
        {
            if (entry.IsLive)
            {
                entries.Add(entry);
            }
        }

        var removed = entries.Where(e => _files.ContainsKey(e.File.FilePath)).Select(e => e.File).ToList();
        if (removed.Count == 0)
        {
            return new Rewrite(manifest, removed, entries.Count);
        }

        var spec = table.FindSpec(manifest.SpecId)!;
        await using var writer = await files.NewManifestAsync(table, spec, ManifestContent.Data, cancellationToken);
        foreach (var entry in entries)
        {
            await (_files.ContainsKey(entry.File.FilePath)
                ? writer.DeleteAsync(entry, cancellationToken)
                : writer.KeepAsync(entry, cancellationToken));
        }

        return new Rewrite(await writer.CompleteAsync(cancellationToken), removed, entries.Count);
    }

    /// <summary>
    /// Whether the partition summary allows any of the files, so that only manifests of touched partitions are read.
    /// </summary>
    private bool MightHold(ManifestFile manifest, TableMetadata table)
    {
        if (table.FindSpec(manifest.SpecId) is not { } spec)
        {
            return true;
        }

        var types = spec.PartitionType(table.Schema).Fields;
        return _files.Values.Any(file => file.SpecId == manifest.SpecId
            && (manifest.Partitions is not { } summaries || summaries.Count != file.Partition.Count
                || Enumerable.Range(0, summaries.Count).All(i =>
                    Allows(ColumnRange.Of((PrimitiveType)types[i].Type, summaries[i]), file.Partition[i]))));
    }

    private static bool Allows(ColumnRange range, Literal? value) => value switch
    {
        null => range.MayBeNull,
        { IsNaN: true } => range.MayBeNaN,
        { } v when range.Lower is { } l && l.Type != v.Type => true,
        { } v => range.MayBeValue && !(range.Lower > v) && !(range.Upper < v),
    };

    private sealed record Rewrite(ManifestFile Result, IReadOnlyList<DataFile> Removed, int Entries);
}
