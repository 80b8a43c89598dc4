using System.Globalization;
using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Maintenance;

/// <summary>
/// Writes manifests anew, so that there are few and each holds neighbouring partitions: scans then skip most of them.
/// </summary>
/// <remarks>
/// Data files stay as they are, and so do their ages. Memory grows with the number of partitions.
/// </remarks>
public sealed class RewriteManifestFiles
{
    private const long DefaultTarget = 8L * 1024 * 1024;

    private readonly Table _table;
    private int? _specId;

    internal RewriteManifestFiles(Table table) => _table = table;

    /// <summary>Takes the manifests of another partition spec than the table's default.</summary>
    public RewriteManifestFiles OfSpec(int specId)
    {
        _specId = specId;
        return this;
    }

    /// <summary>Says which manifests would be written anew now, and writes none.</summary>
    /// <exception cref="IcebergException">The table does not have the partition spec.</exception>
    public async Task<RewriteManifestsPlan> PlanAsync(CancellationToken cancellationToken = default)
    {
        await _table.RefreshAsync(cancellationToken);
        var metadata = _table.Metadata;
        var spec = metadata.FindSpec(_specId ?? metadata.DefaultSpecId) ?? throw new IcebergException(
            $"Table {_table.Identifier} has no partition spec {_specId}.");
        if (metadata.CurrentSnapshot is not { } snapshot)
        {
            return RewriteManifestsPlan.Nothing;
        }

        var all = await ManifestListReader.ReadAsync(_table.Io, metadata, snapshot, cancellationToken);
        var manifests = all.Where(
            m => m is { Content: ManifestContent.Data, HasLiveFiles: true } && m.SpecId == spec.SpecId)
            .ToList();
        var target = Math.Max(
            1, TableProperties.Number(metadata.Properties, TableProperties.ManifestTargetSize, DefaultTarget));
        var count = (int)Math.Clamp((manifests.Sum(m => m.Length) + target - 1) / target, 1, int.MaxValue);
        if (manifests.Count <= 1 && count == 1)
        {
            return RewriteManifestsPlan.Nothing;
        }

        var files = await CountAsync(manifests, cancellationToken);
        return new RewriteManifestsPlan(manifests, count, files.Values.Sum())
        {
            Clusters = FileRuns.Cut(files.OrderBy(f => f.Key, PartitionOrder.Instance), count),
        };
    }

    /// <summary>Writes them anew; what others add meanwhile is kept as it is.</summary>
    /// <exception cref="IcebergException">As for <see cref="PlanAsync"/>.</exception>
    /// <exception cref="CommitConflictException">Others kept committing first.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the commit happened.</exception>
    public async Task<RewriteManifestsResult> RunAsync(CancellationToken cancellationToken = default)
    {
        var plan = await PlanAsync(cancellationToken);
        if (plan.IsEmpty)
        {
            return new RewriteManifestsResult(0, 0);
        }

        var chosen = plan.Manifests.Select(m => m.Path).ToHashSet(StringComparer.Ordinal);
        var snapshot = await _table.NewRewriteManifests()
            .ClusterBy(file => plan.Clusters.GetValueOrDefault(file.Partition), plan.TargetManifestsCount)
            .RewriteIf(manifest => chosen.Contains(manifest.Path))
            .CommitAsync(cancellationToken);
        return new RewriteManifestsResult(
            Count(snapshot, SummaryKeys.ManifestsReplaced), Count(snapshot, SummaryKeys.ManifestsCreated));
    }

    private static long Count(Snapshot snapshot, string key) =>
        snapshot.Summary.TryGetValue(key, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private async Task<Dictionary<PartitionValues, long>> CountAsync(
        List<ManifestFile> manifests, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(_table.Io, _table.Metadata);
        var files = new Dictionary<PartitionValues, long>();
        foreach (var manifest in manifests)
        {
            await foreach (var entry in reader.ReadAsync(manifest, cancellationToken))
            {
                if (entry.IsLive)
                {
                    files[entry.File.Partition] = files.GetValueOrDefault(entry.File.Partition) + 1;
                }
            }
        }

        return files;
    }
}
