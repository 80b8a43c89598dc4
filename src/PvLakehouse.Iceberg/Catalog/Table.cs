using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Inspect;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>
/// A table of a catalog at the metadata that was loaded last; the starting point of scans and commits.
/// </summary>
/// <remarks>
/// A scan keeps the metadata that it began with. <see cref="RefreshAsync"/> and every commit through this object move it to
/// the newest. Reading from several threads is safe; each thread that writes should load a table of its own.
/// </remarks>
public sealed class Table
{
    private volatile TableState _state;

    internal Table(ICatalog catalog, TableIdentifier identifier, IFileIO io, TableState state, CommitContext context)
    {
        Catalog = catalog;
        Identifier = identifier;
        Io = io;
        Context = context;
        _state = state;
    }

    /// <summary>The catalog that knows the table.</summary>
    public ICatalog Catalog { get; }

    /// <summary>The name of the table.</summary>
    public TableIdentifier Identifier { get; }

    /// <summary>The storage of its files.</summary>
    public IFileIO Io { get; }

    /// <summary>The metadata as of the last load, refresh or commit.</summary>
    public TableMetadata Metadata => _state.Metadata;

    /// <summary>The metadata file that <see cref="Metadata"/> was read from.</summary>
    public string MetadataLocation => _state.Location;

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

    /// <summary>Loads the newest metadata.</summary>
    /// <exception cref="NoSuchTableException">The table is gone.</exception>
    /// <exception cref="IcebergException">Another table has the name now.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        var fresh = await Catalog.LoadTableAsync(Identifier, cancellationToken);
        if (Metadata.TableUuid is { } uuid && fresh.Metadata.TableUuid != uuid)
        {
            throw new IcebergException(
                $"Table {Identifier} is another table now: its uuid was {uuid} and is {fresh.Metadata.TableUuid}. "
                + "Load it again.");
        }

        _state = fresh._state;
    }

    /// <summary>Starts a scan of the current snapshot.</summary>
    public TableScan NewScan() => new(this);

    /// <summary>Starts a commit that adds data files.</summary>
    public AppendFiles NewAppend() => new(this);

    /// <summary>Starts a commit that replaces data files by others.</summary>
    public OverwriteFiles NewOverwrite() => new(this);

    /// <summary>Starts a change of table properties.</summary>
    public UpdateProperties UpdateProperties() => new(this);

    /// <summary>Starts a read of the data files that came between two snapshots.</summary>
    public IncrementalAppendScan NewIncrementalAppendScan() => new(this);

    /// <summary>Starts forgetting old snapshots and removing the files that only they lead to.</summary>
    public ExpireSnapshots ExpireSnapshots() => new(this);

    /// <summary>Starts removing files in the table's folders that nothing leads to.</summary>
    public RemoveOrphanFiles RemoveOrphanFiles() => new(this);

    /// <summary>Starts writing data files of unfit size, or with many deletes, anew.</summary>
    public RewriteDataFiles RewriteDataFiles(RewriteDataFilesOptions? options = null) => new(this, options ?? new());

    /// <summary>Looks at what the table knows of itself: snapshots, files, manifests, partitions.</summary>
    public TableInspection Inspect() => new(this);

    /// <summary>
    /// Changes metadata through a builder and commits; on a conflict the change is made again on the new base.
    /// </summary>
    /// <exception cref="CommitConflictException">Others kept committing first.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public Task UpdateAsync(Action<TableMetadataBuilder> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new MetadataUpdate(this, change).CommitAsync(cancellationToken);
    }

    internal void MoveTo(TableMetadata metadata, string location) => _state = new TableState(metadata, location);
}

/// <summary>Metadata and the file that it was read from: swapped together.</summary>
internal sealed record TableState(TableMetadata Metadata, string Location);
