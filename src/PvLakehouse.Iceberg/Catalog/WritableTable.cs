using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>What is read and changed: a table of a catalog, or that table as a transaction sees it.</summary>
/// <remarks>
/// The commit of an operation that a <see cref="Table"/> started is visible to everybody at once; that of one which a
/// <see cref="Transaction"/> started waits for the commit of the transaction.
/// </remarks>
public abstract class WritableTable
{
    private protected WritableTable(ICatalog catalog, TableIdentifier identifier, IFileIO io, CommitContext context)
    {
        Catalog = catalog;
        Identifier = identifier;
        Io = io;
        Context = context;
    }

    /// <summary>The catalog that knows the table.</summary>
    public ICatalog Catalog { get; }

    /// <summary>The name of the table.</summary>
    public TableIdentifier Identifier { get; }

    /// <summary>The storage of its files.</summary>
    public IFileIO Io { get; }

    /// <summary>The metadata that scans and operations start from.</summary>
    public abstract TableMetadata Metadata { get; }

    /// <summary>The current schema.</summary>
    public Schema Schema => Metadata.Schema;

    /// <summary>The partition spec that writers use.</summary>
    public PartitionSpec Spec => Metadata.Spec;

    /// <summary>The sort order that writers use.</summary>
    public SortOrder SortOrder => Metadata.SortOrder;

    /// <summary>The current snapshot; null while the table has none.</summary>
    public Snapshot? CurrentSnapshot => Metadata.CurrentSnapshot;

    /// <summary>Where new files of the table go.</summary>
    public LocationProvider Locations => new(Metadata);

    internal CommitContext Context { get; }

    /// <summary>The metadata that a transaction began with; that of the table itself outside of one.</summary>
    internal virtual TableMetadata? Origin => Metadata;

    /// <summary>Starts a scan of the current snapshot.</summary>
    public TableScan NewScan() => new(this);

    /// <summary>Starts a read of the data files that came between two snapshots.</summary>
    public IncrementalAppendScan NewIncrementalAppendScan() => new(this);

    /// <summary>Starts a commit that adds data files and merges small manifests.</summary>
    public AppendFiles NewAppend() => new(this, mergeManifests: true);

    /// <summary>Starts a commit that adds data files and leaves all manifests as they are.</summary>
    public AppendFiles NewFastAppend() => new(this, mergeManifests: false);

    /// <summary>Starts a commit that replaces data files by others.</summary>
    public OverwriteFiles NewOverwrite() => new(this);

    /// <summary>Starts a commit that removes whole data files.</summary>
    public DeleteFiles NewDelete() => new(this);

    /// <summary>Starts a commit that replaces the partitions that get new files.</summary>
    public ReplacePartitions NewReplacePartitions() => new(this);

    /// <summary>Starts a commit that adds rows and delete files.</summary>
    public RowDelta NewRowDelta() => new(this);

    /// <summary>Starts a commit that replaces files by others with the same rows.</summary>
    public RewriteFiles NewRewrite() => new(this);

    /// <summary>Starts a commit that writes manifests anew.</summary>
    public RewriteManifests NewRewriteManifests() => new(this);

    /// <summary>Starts a change of columns.</summary>
    public UpdateSchema UpdateSchema() => new(this);

    /// <summary>Starts a change of how future files are partitioned.</summary>
    public UpdateSpec UpdateSpec() => new(this);

    /// <summary>Starts to replace the order in which writers lay rows.</summary>
    public ReplaceSortOrder ReplaceSortOrder() => new(this);

    /// <summary>Starts a change of branches, tags and the current snapshot.</summary>
    public ManageSnapshots ManageSnapshots() => new(this);

    /// <summary>Starts a change of table properties.</summary>
    public UpdateProperties UpdateProperties() => new(this);

    /// <summary>
    /// Changes metadata through a builder and commits; on a conflict the change is made again on the new base.
    /// </summary>
    /// <exception cref="CommitConflictException">Others kept committing first.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public Task UpdateAsync(Action<TableMetadataBuilder> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return RunAsync(new MetadataUpdate(change), cancellationToken);
    }

    /// <summary>Moves the root of future files; existing files stay.</summary>
    /// <exception cref="CommitConflictException">Others kept committing first.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public Task UpdateLocationAsync(string location, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(location);
        return UpdateAsync(b => b.SetLocation(location), cancellationToken);
    }

    /// <summary>Raises the format version; nothing that is there is written anew, and there is no way back.</summary>
    /// <exception cref="IcebergException">The version is not 2, or below the table's.</exception>
    /// <exception cref="CommitConflictException">Others kept committing first.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public Task UpgradeFormatVersionAsync(int formatVersion, CancellationToken cancellationToken = default)
    {
        // Version 1 may be without an identity.
        var uuid = Context.Ids.NewGuid();
        return UpdateAsync(
            b => b.AssignUuid(b.Current.TableUuid ?? uuid).UpgradeFormatVersion(formatVersion), cancellationToken);
    }

    /// <summary>Commits a change, or stages it.</summary>
    internal abstract Task RunAsync(IPendingChange change, CancellationToken cancellationToken);
}
