using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Tells whether delete files that are newer than some data files may delete rows of them.</summary>
internal sealed class DeleteReach
{
    /// <summary>Id of the column <c>file_path</c> in files of position deletes.</summary>
    private const int FilePathId = 2147483546;

    private readonly TableMetadata _table;
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<(int SpecId, PartitionValues Partition), List<string>> _byPartition = [];

    public DeleteReach(TableMetadata table, IEnumerable<DataFile> dataFiles)
    {
        _table = table;
        foreach (var file in dataFiles)
        {
            _paths.Add(file.FilePath);
            var key = (file.SpecId, file.Partition);
            if (!_byPartition.TryGetValue(key, out var paths))
            {
                _byPartition[key] = paths = [];
            }

            paths.Add(file.FilePath);
        }
    }

    /// <summary>"No" is certain, "yes" is not.</summary>
    public bool MightReach(DataFile deletes)
    {
        if (deletes.ReferencedDataFile is { } path)
        {
            return _paths.Contains(path);
        }

        var partition = _byPartition.GetValueOrDefault((deletes.SpecId, deletes.Partition));
        if (deletes.Content == FileContent.EqualityDeletes)
        {
            // Keys deleted without a partition are deleted everywhere.
            return partition is not null || (_paths.Count > 0 && _table.FindSpec(deletes.SpecId) is not { IsPartitioned: true });
        }

        return partition is not null && partition.Exists(p => Between(p, deletes.Metrics));
    }

    private static bool Between(string path, ColumnMetrics metrics)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(path).AsSpan();
        var above = !metrics.LowerBounds.TryGetValue(FilePathId, out var lower) || bytes.SequenceCompareTo(lower.Span) >= 0;
        var below = !metrics.UpperBounds.TryGetValue(FilePathId, out var upper) || bytes.SequenceCompareTo(upper.Span) <= 0;
        return above && below;
    }
}
