using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>Puts partitions in order and cuts them into runs of about as many files each.</summary>
internal static class ManifestClusters
{
    /// <param name="filesByPartition">Number of files of each partition.</param>
    /// <param name="count">Runs to make; there may be fewer.</param>
    /// <returns>The number of the run of each partition, from 0.</returns>
    public static Dictionary<PartitionValues, int> Cut(
        IReadOnlyDictionary<PartitionValues, long> filesByPartition, int count)
    {
        var total = filesByPartition.Values.Sum();
        var result = new Dictionary<PartitionValues, int>(filesByPartition.Count);
        var before = 0L;
        foreach (var (partition, files) in filesByPartition.OrderBy(
            p => p.Key, Comparer<PartitionValues>.Create(Compare)))
        {
            // By where the middle of the partition lies, so that a large one does not drag the next along.
            var middle = ((Int128)before * 2) + files;
            result[partition] = (int)Int128.Min(count - 1, middle * count / Math.Max(total * 2, 1));
            before += files;
        }

        return result;
    }

    /// <summary>Field by field, null first.</summary>
    private static int Compare(PartitionValues? left, PartitionValues? right)
    {
        for (var i = 0; i < Math.Min(left!.Count, right!.Count); i++)
        {
            var order = (left[i], right[i]) switch
            {
                (null, null) => 0,
                (null, _) => -1,
                (_, null) => 1,
                ({ } l, { } r) => l.Type == r.Type ? l.CompareTo(r) : string.CompareOrdinal(l.ToString(), r.ToString()),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return left.Count.CompareTo(right.Count);
    }
}
