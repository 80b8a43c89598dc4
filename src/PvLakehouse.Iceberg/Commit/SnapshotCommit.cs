using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>What a commit makes of the manifests of its base.</summary>
/// <param name="Manifests">The manifests of the new snapshot.</param>
/// <param name="Summary">What was added and removed.</param>
internal sealed record ManifestPlan(IReadOnlyList<ManifestFile> Manifests, SnapshotSummary Summary);

/// <summary>
/// A commit that makes a snapshot. What differs between kinds of commits is how they change the set of manifests.
/// </summary>
internal sealed class SnapshotCommit(Table table)
{
    private readonly Dictionary<string, string> _properties = new(StringComparer.Ordinal);
    private string _branch = SnapshotRef.Main;

    public Table Table { get; } = table;

    public void Set(string key, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        if (key == SummaryKeys.Operation || key.StartsWith("total-", StringComparison.Ordinal))
        {
            throw new ArgumentException($"Summary key '{key}' is set by the commit itself.", nameof(key));
        }

        _properties[key] = value;
    }

    public void ToBranch(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _branch = name;
    }

    /// <summary>Runs the commit.</summary>
    /// <param name="dataFiles">Files that must be on the disk before the commit refers to them.</param>
    /// <param name="plan">Changes the manifests of a base; called once for each attempt.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public async Task<Snapshot> RunAsync(
        IReadOnlyCollection<string> dataFiles,
        Func<TableMetadata, Snapshot?, MetadataFiles, Task<ManifestPlan>> plan,
        CancellationToken cancellationToken)
    {
        var (time, ids) = Table.Context;
        var snapshotId = NewSnapshotId(ids);
        var files = new MetadataFiles(Table.Io, ids, snapshotId);
        Snapshot? snapshot = null;
        IReadOnlyList<ManifestFile> manifests = [];
        try
        {
            await new CommitLoop(Table).RunAsync(
                async (attempt, @base) =>
                {
                    CheckWritable(@base);
                    var parent = @base.FindRef(_branch) ?? @base.CurrentSnapshot;
                    var made = await plan(@base, parent, files);
                    var sequenceNumber = @base.LastSequenceNumber + 1;
                    var list = await files.WriteListAsync(
                        @base, attempt, parent, sequenceNumber, made.Manifests, cancellationToken);
                    manifests = made.Manifests;
                    await files.PersistAsync(dataFiles, [list, .. manifests.Select(m => m.Path)], cancellationToken);
                    snapshot = new Snapshot
                    {
                        SnapshotId = snapshotId,
                        ParentSnapshotId = parent?.SnapshotId,
                        SequenceNumber = sequenceNumber,
                        TimestampMs = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), parent?.TimestampMs ?? 0),
                        ManifestList = list,
                        Summary = made.Summary.Build(parent, _properties),
                        SchemaId = @base.CurrentSchemaId,
                    };
                    return TableMetadataBuilder.From(@base).AddSnapshot(snapshot).SetBranch(_branch, snapshotId);
                },
                metadata => metadata.FindSnapshot(snapshotId) is not null,
                cancellationToken);
        }
        catch (Exception e) when (e is not CommitStateUnknownException)
        {
            // Everything else says that the commit did not happen, so nobody refers to its files.
            await files.CleanUpAsync([]);
            throw;
        }

        await files.CleanUpAsync([snapshot!.ManifestList!, .. manifests.Select(m => m.Path)]);
        return snapshot;
    }

    /// <summary>Refuses files that the table cannot describe.</summary>
    public void CheckFile(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Content != FileContent.Data)
        {
            throw new ArgumentException(
                $"File '{file.FilePath}' holds deletes; only data files can be added.", nameof(file));
        }

        var spec = Table.Metadata.FindSpec(file.SpecId) ?? throw new ArgumentException(
            $"File '{file.FilePath}' is of partition spec {file.SpecId}, which the table does not have.", nameof(file));
        if (spec.Fields.Count != file.Partition.Count)
        {
            throw new ArgumentException(
                $"File '{file.FilePath}' has {file.Partition.Count} partition values; spec {spec.SpecId} has "
                + $"{spec.Fields.Count} fields.",
                nameof(file));
        }

        if (spec.Fields.FirstOrDefault(f => f.Transform.Kind == Spec.TransformKind.Unknown) is { } unknown)
        {
            throw new NotSupportedException(
                $"Spec {spec.SpecId} has the transform '{unknown.Transform}', which is not known here, so nothing can "
                + "be written with it.");
        }
    }

    private long NewSnapshotId(IdSource ids)
    {
        var id = ids.NewSnapshotId();
        while (Table.Metadata.FindSnapshot(id) is not null)
        {
            id = ids.NewSnapshotId();
        }

        return id;
    }

    private void CheckWritable(TableMetadata metadata)
    {
        if (metadata.FormatVersion != 2)
        {
            throw new NotSupportedException(
                $"Table {Table.Identifier} has format version {metadata.FormatVersion}; version 2 can be written."
                + (metadata.FormatVersion < 2
                    ? " Upgrade it first: UpdateAsync(b => b.UpgradeFormatVersion(2))."
                    : " It can be read only."));
        }
    }
}
