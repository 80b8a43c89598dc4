using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Joins clusters to groups where there are more clusters than manifests may be open at once.</summary>
/// <param name="key">Gives the cluster of a file.</param>
internal sealed class ClusterGroups(Func<DataFile, object?> key)
{
    private readonly Dictionary<(int SpecId, object? Key), Cluster> _clusters = [];

    /// <summary>Takes a file into account.</summary>
    public void Count(DataFile file)
    {
        var id = (file.SpecId, key(file));
        if (!_clusters.TryGetValue(id, out var cluster))
        {
            _clusters.Add(id, cluster = new Cluster(file.Partition));
        }

        cluster.Count(file.Partition);
    }

    /// <summary>
    /// Gives the group of a file. Clusters of one group are neighbours by partition, so that its manifests still tell
    /// scans what they can skip; files of one cluster are always of one group.
    /// </summary>
    /// <param name="most">Groups to make at most; fewer clusters stay as they are.</param>
    public Func<DataFile, object?> JoinTo(int most)
    {
        if (_clusters.Count <= most)
        {
            return key;
        }

        var groups = FileRuns.Cut(
            _clusters.OrderBy(c => c.Key.SpecId).ThenBy(c => c.Value.Least, PartitionOrder.Instance)
                .Select(c => KeyValuePair.Create(c.Key, c.Value.Files)),
            most);
        return file => groups[(file.SpecId, key(file))];
    }

    private sealed class Cluster(PartitionValues first)
    {
        public PartitionValues Least { get; private set; } = first;

        public long Files { get; private set; }

        public void Count(PartitionValues partition)
        {
            Files++;
            Least = PartitionOrder.Instance.Compare(partition, Least) < 0 ? partition : Least;
        }
    }
}
