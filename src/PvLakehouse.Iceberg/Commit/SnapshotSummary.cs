using System.Globalization;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Sums up what a commit adds and removes, for the summary of its snapshot.</summary>
/// <param name="operation">
/// One of <see cref="SnapshotOperation"/>; null lets what was added and removed decide.
/// </param>
internal sealed class SnapshotSummary(string? operation = null)
{
    private readonly Dictionary<(int SpecId, PartitionValues Partition), FileCounts> _partitions = [];

    /// <summary>What was added and removed in all.</summary>
    public FileCounts Counts { get; } = new();

    /// <summary>Manifests written by the commit.</summary>
    public int ManifestsCreated { get; set; }

    /// <summary>Manifests taken over as they were.</summary>
    public int ManifestsKept { get; set; }

    /// <summary>Manifests written anew.</summary>
    public int ManifestsReplaced { get; set; }

    /// <summary>Entries read while manifests were written anew.</summary>
    public long EntriesProcessed { get; set; }

    /// <summary>One of <see cref="SnapshotOperation"/>.</summary>
    public string Operation => operation ?? (Adds: Counts.AddsData, Removes: Counts.RemovesData) switch
    {
        (_, false) when !Counts.AddsDeletes => SnapshotOperation.Append,
        (false, _) => SnapshotOperation.Delete,
        _ => SnapshotOperation.Overwrite,
    };

    public void Add(DataFile file)
    {
        Counts.Add(file);
        Partition(file).Add(file);
    }

    public void Remove(DataFile file)
    {
        Counts.Remove(file);
        Partition(file).Remove(file);
    }

    /// <param name="table">Gives the partition specs and properties.</param>
    /// <param name="parent">The head of the branch before the commit, whose totals are carried on.</param>
    /// <param name="properties">The writer's own properties.</param>
    public Dictionary<string, string> Build(
        TableMetadata table, Snapshot? parent, IReadOnlyDictionary<string, string> properties)
    {
        var summary = new Dictionary<string, string>(StringComparer.Ordinal) { [SummaryKeys.Operation] = Operation };
        if (Operation == SnapshotOperation.Replace && parent is not null)
        {
            PutCarried(summary, table, parent);
        }

        foreach (var (key, value) in properties)
        {
            summary[key] = value;
        }

        foreach (var (key, value) in Counts.Changes())
        {
            Put(summary, key, value);
        }

        PutNonZero(summary, SummaryKeys.ChangedPartitionCount, _partitions.Count);
        PutPartitions(summary, table);
        foreach (var (key, change) in Counts.TotalChanges())
        {
            PutTotal(summary, parent, key, change);
        }

        Put(summary, SummaryKeys.ManifestsCreated, ManifestsCreated);
        Put(summary, SummaryKeys.ManifestsKept, ManifestsKept);
        Put(summary, SummaryKeys.ManifestsReplaced, ManifestsReplaced);
        PutNonZero(summary, SummaryKeys.EntriesProcessed, EntriesProcessed);
        return summary;
    }

    /// <summary>What is said of the parent's rows is true of these, which are the same.</summary>
    private static void PutCarried(Dictionary<string, string> summary, TableMetadata table, Snapshot parent)
    {
        summary[SummaryKeys.SameRowsAs] = parent.Summary.GetValueOrDefault(SummaryKeys.SameRowsAs) ?? Text(parent.SnapshotId);
        if (table.Properties.GetValueOrDefault(TableProperties.SummaryCarriedPrefix) is { Length: > 0 } prefix)
        {
            foreach (var (key, value) in parent.Summary.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)))
            {
                summary[key] = value;
            }
        }
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
        summary[key] = Text(value);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private FileCounts Partition(DataFile file)
    {
        var key = (file.SpecId, file.Partition);
        if (!_partitions.TryGetValue(key, out var counts))
        {
            _partitions[key] = counts = new FileCounts();
        }

        return counts;
    }

    /// <summary>One line for each partition, if the table asks for it and there are not too many.</summary>
    private void PutPartitions(Dictionary<string, string> summary, TableMetadata table)
    {
        if (_partitions.Count == 0
            || _partitions.Count > TableProperties.Number(table.Properties, TableProperties.SummaryPartitionLimit, 0))
        {
            return;
        }

        summary[SummaryKeys.PartitionSummariesIncluded] = "true";
        foreach (var ((specId, partition), counts) in _partitions)
        {
            if (table.FindSpec(specId)?.PartitionPath(partition) is { Length: > 0 } path)
            {
                summary[SummaryKeys.PartitionPrefix + path] =
                    string.Join(',', counts.Changes().Select(c => $"{c.Key}={Text(c.Value)}"));
            }
        }
    }
}
