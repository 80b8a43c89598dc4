using System.Globalization;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Sums up what a commit adds and removes, for the summary of its snapshot.</summary>
internal sealed class SnapshotSummary
{
    private readonly HashSet<(int SpecId, PartitionValues Partition)> _partitions = [];
    private long _addedFiles;
    private long _addedRecords;
    private long _addedSize;
    private long _removedFiles;
    private long _removedRecords;
    private long _removedSize;

    /// <summary>Manifests written by the commit.</summary>
    public int ManifestsCreated { get; set; }

    /// <summary>Manifests taken over as they were.</summary>
    public int ManifestsKept { get; set; }

    /// <summary>Manifests written anew.</summary>
    public int ManifestsReplaced { get; set; }

    /// <summary>Entries read while manifests were written anew.</summary>
    public long EntriesProcessed { get; set; }

    /// <summary>One of <see cref="SnapshotOperation"/>, by what was added and removed.</summary>
    public string Operation => (_addedFiles, _removedFiles) switch
    {
        (_, 0) => SnapshotOperation.Append,
        (0, _) => SnapshotOperation.Delete,
        _ => SnapshotOperation.Overwrite,
    };

    public void Add(DataFile file)
    {
        _addedFiles++;
        _addedRecords += file.RecordCount;
        _addedSize += file.FileSizeInBytes;
        _partitions.Add((file.SpecId, file.Partition));
    }

    public void Remove(DataFile file)
    {
        _removedFiles++;
        _removedRecords += file.RecordCount;
        _removedSize += file.FileSizeInBytes;
        _partitions.Add((file.SpecId, file.Partition));
    }

    /// <param name="parent">The head of the branch before the commit, whose totals are carried on.</param>
    /// <param name="properties">The writer's own properties.</param>
    public Dictionary<string, string> Build(Snapshot? parent, IReadOnlyDictionary<string, string> properties)
    {
        var summary = new Dictionary<string, string>(StringComparer.Ordinal) { [SummaryKeys.Operation] = Operation };
        foreach (var (key, value) in properties)
        {
            summary[key] = value;
        }

        PutNonZero(summary, SummaryKeys.AddedDataFiles, _addedFiles);
        PutNonZero(summary, SummaryKeys.DeletedDataFiles, _removedFiles);
        PutNonZero(summary, SummaryKeys.AddedRecords, _addedRecords);
        PutNonZero(summary, SummaryKeys.DeletedRecords, _removedRecords);
        PutNonZero(summary, SummaryKeys.AddedFilesSize, _addedSize);
        PutNonZero(summary, SummaryKeys.RemovedFilesSize, _removedSize);
        PutNonZero(summary, SummaryKeys.ChangedPartitionCount, _partitions.Count);
        PutTotal(summary, parent, SummaryKeys.TotalRecords, _addedRecords - _removedRecords);
        PutTotal(summary, parent, SummaryKeys.TotalFilesSize, _addedSize - _removedSize);
        PutTotal(summary, parent, SummaryKeys.TotalDataFiles, _addedFiles - _removedFiles);
        PutTotal(summary, parent, SummaryKeys.TotalDeleteFiles, 0);
        PutTotal(summary, parent, SummaryKeys.TotalPositionDeletes, 0);
        PutTotal(summary, parent, SummaryKeys.TotalEqualityDeletes, 0);
        Put(summary, SummaryKeys.ManifestsCreated, ManifestsCreated);
        Put(summary, SummaryKeys.ManifestsKept, ManifestsKept);
        Put(summary, SummaryKeys.ManifestsReplaced, ManifestsReplaced);
        PutNonZero(summary, SummaryKeys.EntriesProcessed, EntriesProcessed);
        return summary;
    }

    /// <summary>A total that the parent does not have cannot be known here either, so it is left out.</summary>
    private static void PutTotal(Dictionary<string, string> summary, Snapshot? parent, string key, long change)
    {
        var before = parent is null ? 0
            : long.TryParse(parent.Summary.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
                ? total
                : (long?)null;
        if (before + change is { } after and >= 0)
        {
            Put(summary, key, after);
        }
    }

    private static void PutNonZero(Dictionary<string, string> summary, string key, long value)
    {
        if (value != 0)
        {
            Put(summary, key, value);
        }
    }

    private static void Put(Dictionary<string, string> summary, string key, long value) =>
        summary[key] = value.ToString(CultureInfo.InvariantCulture);
}
