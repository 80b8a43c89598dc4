using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>The files of one content that a commit removes, and the manifests that must be written anew for it.</summary>
internal sealed class RemovedFiles(ManifestContent content)
{
    private readonly Dictionary<string, DataFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<(int SpecId, PartitionValues Partition)> _partitions = [];

    // Manifests never change, so what became of one in an earlier attempt holds for the next. One of the same
    // transaction gets another sequence number with each attempt, and its entries with it.
    private readonly Dictionary<(string Path, long SequenceNumber), Rewrite> _rewrites = [];
    private (int SchemaId, long? Oldest) _rewrittenFor;
    private FileMatcher? _match;
    private FilePruner? _pruner;

    /// <summary>The files that were named, by path.</summary>
    public IReadOnlyCollection<DataFile> Files => _files.Values;

    /// <summary>The partitions of which everything is removed.</summary>
    public IReadOnlySet<(int SpecId, PartitionValues Partition)> Partitions => _partitions;

    /// <summary>Files are removed whose rows all match; null removes none in this way.</summary>
    public Expression? Filter { get; set; }

    /// <summary>Whether column names of the filter are compared without case.</summary>
    public bool IgnoreCase { get; set; }

    /// <summary>Whether named files must be in the table.</summary>
    public bool MustExist { get; set; } = true;

    /// <summary>Age below which delete files are removed, because no data is as old; null removes none.</summary>
    public long? DropOlderThan { get; set; }

    /// <summary>Whether anything is to be removed.</summary>
    public bool Any => Count > 0 || _partitions.Count > 0 || Filter is not null;

    private int Count => _files.Count + _paths.Count;

    public void Add(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if ((file.Content == FileContent.Data) != (content == ManifestContent.Data))
        {
            throw new ArgumentException(
                content == ManifestContent.Data
                    ? $"File '{file.FilePath}' holds deletes; data files are removed here."
                    : $"File '{file.FilePath}' holds data; delete files are removed here.",
                nameof(file));
        }

        _files[file.FilePath] = file;
    }

    public void Add(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _paths.Add(path);
    }

    public void AddRange(IEnumerable<DataFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        foreach (var file in files)
        {
            Add(file);
        }
    }

    public void AddPartition(int specId, PartitionValues partition) => _partitions.Add((specId, partition));

    /// <summary>
    /// Gives the manifests with the files marked as deleted; those that hold none of them stay as they are.
    /// </summary>
    /// <exception cref="CommitConflictException">A file is not in the table, or no longer.</exception>
    /// <exception cref="PartialMatchException">Some rows of a file match the filter and others do not.</exception>
    public async Task<IReadOnlyList<ManifestFile>> RemoveAsync(
        SnapshotBase start,
        IReadOnlyList<ManifestFile> manifests,
        SnapshotSummary summary,
        CancellationToken cancellationToken)
    {
        if (!Any && DropOlderThan is null)
        {
            return manifests;
        }

        Bind(start.Table);
        var wanted = new HashSet<string>(_files.Keys.Concat(_paths), StringComparer.Ordinal);
        var result = new List<ManifestFile>(manifests.Count);
        foreach (var manifest in manifests)
        {
            if (!MightHold(manifest, start.Table, wanted))
            {
                result.Add(manifest);
                continue;
            }

            if (!_rewrites.TryGetValue((manifest.Path, manifest.SequenceNumber), out var rewrite))
            {
                rewrite = await RewriteAsync(start, manifest, cancellationToken);
                _rewrites[(manifest.Path, manifest.SequenceNumber)] = rewrite;
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

        return wanted.Count == 0 || !MustExist ? result : throw new CommitConflictException(
            $"{wanted.Count} of {Count} files to be replaced are not in the table any more, for example "
            + $"'{wanted.First()}'. Refresh the table and do the work again.");
    }

    private void Bind(TableMetadata table)
    {
        if (_rewrittenFor != (table.CurrentSchemaId, DropOlderThan))
        {
            // What a filter selects, and what is too old, may be something else now.
            _rewrites.Clear();
            _rewrittenFor = (table.CurrentSchemaId, DropOlderThan);
        }

        _match = Filter is null ? null : new FileMatcher(table, Filter, caseSensitive: !IgnoreCase);
        _pruner = Filter is null ? null : new FilePruner(table, table.Schema, Filter, !IgnoreCase);
    }

    private async Task<Rewrite> RewriteAsync(SnapshotBase start, ManifestFile manifest, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(start.Io, start.Table);
        var entries = new List<(ManifestEntry Entry, bool Remove)>();
        await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
        {
            if (entry.IsLive)
            {
                entries.Add((entry, IsRemoved(entry)));
            }
        }

        var removed = entries.Where(e => e.Remove).Select(e => e.Entry.File).ToList();
        if (removed.Count == 0)
        {
            return new Rewrite(manifest, removed, entries.Count);
        }

        var spec = start.Table.FindSpec(manifest.SpecId)!;
        await using var writer = await start.Files.NewManifestAsync(start.Table, spec, content, cancellationToken);
        foreach (var (entry, remove) in entries)
        {
            await (remove ? writer.DeleteAsync(entry, cancellationToken) : writer.KeepAsync(entry, cancellationToken));
        }

        return new Rewrite(await writer.CompleteAsync(cancellationToken), removed, entries.Count);
    }

    /// <exception cref="PartialMatchException">Some rows of the file match the filter and others do not.</exception>
    private bool IsRemoved(ManifestEntry entry)
    {
        var file = entry.File;
        if (_files.ContainsKey(file.FilePath) || _paths.Contains(file.FilePath)
            || _partitions.Contains((file.SpecId, file.Partition))
            || (entry.SequenceNumber is > 0 and var age && age < DropOlderThan))
        {
            return true;
        }

        return (_match?.Match(file) ?? MatchResult.None) switch
        {
            MatchResult.All => true,
            MatchResult.Some when content == ManifestContent.Data => throw new PartialMatchException(
                $"Some, but perhaps not all, rows of file '{file.FilePath}' match {Filter}, so it cannot be removed "
                + "whole; its rows must be rewritten.",
                file.FilePath),

            // A delete file that is not wholly covered stays: it does no harm.
            _ => false,
        };
    }

    private bool MightHold(ManifestFile manifest, TableMetadata table, HashSet<string> wanted) =>
        (manifest.Content == ManifestContent.Deletes && manifest.MinSequenceNumber < DropOlderThan)
        || (_pruner is { } pruner && pruner.MightMatch(manifest))
        || wanted.Overlaps(_paths)
        || (wanted.Count > 0 && MightHold(manifest, table, _files.Values.Select(f => (f.SpecId, f.Partition))))
        || MightHold(manifest, table, _partitions);

    /// <summary>
    /// Whether the partition summary allows any of the partitions, so that only manifests of touched ones are read.
    /// </summary>
    private static bool MightHold(
        ManifestFile manifest, TableMetadata table, IEnumerable<(int SpecId, PartitionValues Partition)> partitions)
    {
        if (table.FindSpec(manifest.SpecId) is not { } spec)
        {
            return true;
        }

        var types = spec.PartitionType(table.SchemaOf(spec)).Fields;
        return partitions.Any(p => p.SpecId == manifest.SpecId
            && (manifest.Partitions is not { } summaries || summaries.Count != p.Partition.Count
                || Enumerable.Range(0, summaries.Count).All(i =>
                    Allows(ColumnRange.Of((PrimitiveType)types[i].Type, summaries[i]), p.Partition[i]))));
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
