using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Manifests;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// A commit that makes a snapshot. What differs between kinds of commits is how they change the set of manifests.
/// </summary>
/// <param name="table">The table, or the transaction that the commit is part of.</param>
/// <param name="plan">Changes the manifests of a base; called once for each base.</param>
/// <param name="newFiles">Files that must be on the disk before the commit refers to them.</param>
internal sealed class SnapshotCommit(
    WritableTable table,
    Func<SnapshotBase, CancellationToken, Task<ManifestPlan>> plan,
    Func<IReadOnlyCollection<string>> newFiles) : IPendingChange
{
    private readonly Dictionary<string, string> _properties = new(StringComparer.Ordinal);
    private MetadataFiles? _files;
    private IReadOnlyList<ManifestFile> _manifests = [];
    private Snapshot? _snapshot;

    /// <summary>The branch that the snapshot becomes the head of.</summary>
    public string Branch { get; private set; } = SnapshotRef.Main;

    /// <summary>Whether the snapshot is only added, for a later look and cherry-pick, and no branch moves.</summary>
    public bool StageOnly { get; set; }

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
        Branch = name;
    }

    /// <summary>Commits, or stages in a transaction.</summary>
    public async Task<Snapshot> RunAsync(CancellationToken cancellationToken)
    {
        if (_files is not null)
        {
            throw new InvalidOperationException("The operation was committed already; make another for the next commit.");
        }

        await table.RunAsync(this, cancellationToken);
        return _snapshot!;
    }

    public async Task ApplyAsync(TableMetadataBuilder builder, CancellationToken cancellationToken)
    {
        var @base = builder.Current;
        CheckWritable(@base);
        var parent = Head(@base);
        _files ??= new MetadataFiles(table.Io, table.Context.Ids, NewSnapshotId(@base));
        var own = builder.Changes.OfType<TableUpdate.AddSnapshot>().Select(c => c.Snapshot.SnapshotId).ToHashSet();
        var origin = table.Origin is { } metadata ? Head(metadata)?.SnapshotId : null;
        var made = await plan(new SnapshotBase(@base, parent, Branch, table.Io, _files, own, origin), cancellationToken);
        var sequenceNumber = @base.LastSequenceNumber + 1;
        var list = await _files.WriteListAsync(@base, parent, sequenceNumber, made.Manifests, cancellationToken);
        _manifests = made.Manifests;
        await _files.PersistAsync(newFiles(), [list, .. _manifests.Select(m => m.Path)], cancellationToken);
        _snapshot = new Snapshot
        {
            SnapshotId = _files.SnapshotId,
            ParentSnapshotId = parent?.SnapshotId,
            SequenceNumber = sequenceNumber,
            TimestampMs = Math.Max(table.Context.Time.GetUtcNow().ToUnixTimeMilliseconds(), parent?.TimestampMs ?? 0),
            ManifestList = list,
            Summary = made.Summary.Build(@base, parent, _properties),
            SchemaId = @base.CurrentSchemaId,
        };
        builder.AddSnapshot(_snapshot);
        if (!StageOnly)
        {
            builder.SetBranch(Branch, _files.SnapshotId);
        }
    }

    public bool IsIn(TableMetadata metadata) => _snapshot is { } made && metadata.FindSnapshot(made.SnapshotId) is not null;

    public async Task CleanUpAsync(bool committed)
    {
        if (_files is not null)
        {
            await _files.CleanUpAsync(committed && _snapshot is { } made
                ? [made.ManifestList!, .. _manifests.Select(m => m.Path)]
                : []);
        }
    }

    /// <summary>The head of the branch; a branch that does not exist starts from main.</summary>
    private Snapshot? Head(TableMetadata metadata)
    {
        if (metadata.Refs.TryGetValue(Branch, out var reference) && reference.Kind != SnapshotRefKind.Branch)
        {
            throw new IcebergException(
                $"Table {table.Identifier}: '{Branch}' is a tag; only branches can be written to.");
        }

        return metadata.FindRef(Branch) ?? metadata.CurrentSnapshot;
    }

    private long NewSnapshotId(TableMetadata metadata)
    {
        var ids = table.Context.Ids;
        var id = ids.NewSnapshotId();
        while (metadata.FindSnapshot(id) is not null)
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
                $"Table {table.Identifier} has format version {metadata.FormatVersion}; version 2 can be written."
                + (metadata.FormatVersion < 2
                    ? " Upgrade it first: UpdateAsync(b => b.UpgradeFormatVersion(2))."
                    : " It can be read only."));
        }
    }
}
