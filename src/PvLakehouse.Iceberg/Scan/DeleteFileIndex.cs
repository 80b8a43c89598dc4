using System.Text;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Scan;

/// <summary>Knows which of a snapshot's deletes apply to a data file (spec: "Scan Planning").</summary>
internal sealed class DeleteFileIndex
{
    /// <summary>Field id of the path in position delete files.</summary>
    private const int DeletedFilePath = 2147483546;

    private readonly TableMetadata _table;
    private readonly List<EqualityDelete> _global = [];
    private readonly Dictionary<PartitionKey, List<EqualityDelete>> _equality = [];
    private readonly Dictionary<PartitionKey, List<PositionDelete>> _positions = [];
    private readonly Dictionary<string, List<DeleteFile>> _positionsByPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeleteFile> _vectors = new(StringComparer.Ordinal);

    public DeleteFileIndex(TableMetadata table) => _table = table;

    /// <summary>Number of files in the index.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a live entry of a delete manifest.</summary>
    /// <exception cref="IcebergFormatException">
    /// It is no delete file, misses what its kind needs, or is the second deletion vector of a data file.
    /// </exception>
    public void Add(ManifestEntry entry)
    {
        var delete = new DeleteFile(entry.File, entry.SequenceNumber ?? 0);
        switch (entry.File)
        {
            case { Content: FileContent.EqualityDeletes } file:
                AddEquality(delete, KeyOf(file));
                break;
            case { Content: FileContent.PositionDeletes, Format: FileFormat.Puffin } file:
                AddVector(delete, file);
                break;
            case { Content: FileContent.PositionDeletes } file:
                AddPositions(delete, KeyOf(file));
                break;
            case var file:
                throw new IcebergFormatException($"File '{file.FilePath}' of a delete manifest is a data file.", file.FilePath);
        }

        Count++;
    }

    /// <summary>The deletes that apply to a data file: those of keys first, then those of positions.</summary>
    /// <exception cref="IcebergFormatException">A delete file names the data file but lies in another partition.</exception>
    public IReadOnlyList<DeleteFile> For(DataFile file, long sequenceNumber)
    {
        if (Count == 0)
        {
            return [];
        }

        var key = KeyOf(file);
        var found = new List<DeleteFile>();
        AddMatching(found, _global, file, sequenceNumber);
        if (_equality.TryGetValue(key, out var ofPartition))
        {
            AddMatching(found, ofPartition, file, sequenceNumber);
        }

        if (_vectors.TryGetValue(file.FilePath, out var vector) && vector.SequenceNumber >= sequenceNumber)
        {
            // A vector holds all positions that are deleted, those of older position delete files too.
            CheckPartition(vector, key, file);
            found.Add(vector);
            return found;
        }

        if (_positions.TryGetValue(key, out var positions))
        {
            var path = Encoding.UTF8.GetBytes(file.FilePath);
            found.AddRange(positions.Where(p => p.File.SequenceNumber >= sequenceNumber && p.MayName(path)).Select(p => p.File));
        }

        if (_positionsByPath.TryGetValue(file.FilePath, out var ofPath))
        {
            foreach (var delete in ofPath.Where(d => d.SequenceNumber >= sequenceNumber))
            {
                CheckPartition(delete, key, file);
                found.Add(delete);
            }
        }

        return found;
    }

    private void AddEquality(DeleteFile delete, PartitionKey key)
    {
        var equality = EqualityDelete.Of(delete, _table);
        var spec = _table.FindSpec(delete.File.SpecId);
        if (spec is { IsPartitioned: false })
        {
            _global.Add(equality);
        }
        else
        {
            Group(_equality, key).Add(equality);
        }
    }

    private void AddVector(DeleteFile delete, DataFile file)
    {
        var path = file.ReferencedDataFile ?? throw new IcebergFormatException(
            "The deletion vector does not name its data file: referenced_data_file is missing.", file.FilePath);
        if (!_vectors.TryAdd(path, delete))
        {
            throw new IcebergFormatException(
                $"Data file '{path}' has two deletion vectors, in '{_vectors[path].File.FilePath}' and in '{file.FilePath}'; one is "
                + "allowed.", file.FilePath);
        }
    }

    private void AddPositions(DeleteFile delete, PartitionKey key)
    {
        var metrics = delete.File.Metrics;
        var lower = metrics.LowerBounds.TryGetValue(DeletedFilePath, out var low) ? low : default(ReadOnlyMemory<byte>?);
        var upper = metrics.UpperBounds.TryGetValue(DeletedFilePath, out var high) ? high : default(ReadOnlyMemory<byte>?);

        // Equal bounds enclose one path only, whether or not the writer says so in referenced_data_file.
        var only = delete.File.ReferencedDataFile
            ?? (lower is { } l && upper is { } u && l.Span.SequenceEqual(u.Span) ? Encoding.UTF8.GetString(l.Span) : null);
        if (only is not null)
        {
            Group(_positionsByPath, only).Add(delete);
        }
        else
        {
            Group(_positions, key).Add(new PositionDelete(delete, lower, upper));
        }
    }

    private static void CheckPartition(DeleteFile delete, PartitionKey key, DataFile file)
    {
        if (KeyOf(delete.File) != key)
        {
            throw new IcebergFormatException(
                $"The delete file names data file '{file.FilePath}' of partition {file.Partition} (spec {file.SpecId}) but lies in "
                + $"partition {delete.File.Partition} (spec {delete.File.SpecId}).", delete.File.FilePath);
        }
    }

    private static void AddMatching(List<DeleteFile> found, List<EqualityDelete> deletes, DataFile file, long sequenceNumber) =>
        found.AddRange(deletes.Where(d => d.File.SequenceNumber > sequenceNumber && d.MayApplyTo(file)).Select(d => d.File));

    private static PartitionKey KeyOf(DataFile file) => new(file.SpecId, file.Partition);

    private static List<TItem> Group<TKey, TItem>(Dictionary<TKey, List<TItem>> groups, TKey key)
        where TKey : notnull
    {
        if (!groups.TryGetValue(key, out var group))
        {
            groups[key] = group = [];
        }

        return group;
    }

    private readonly record struct PartitionKey(int SpecId, PartitionValues Partition);

    /// <summary>A position delete file that may name several data files, in byte order between the bounds.</summary>
    private sealed record PositionDelete(DeleteFile File, ReadOnlyMemory<byte>? Lower, ReadOnlyMemory<byte>? Upper)
    {
        public bool MayName(ReadOnlySpan<byte> path) =>
            (Lower is not { } lower || path.SequenceCompareTo(lower.Span) >= 0)
            && (Upper is not { } upper || path.SequenceCompareTo(upper.Span) <= 0);
    }
}
