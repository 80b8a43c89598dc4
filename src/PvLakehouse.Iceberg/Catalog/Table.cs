using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Inspect;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Maintenance;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>
/// A table of a catalog at the metadata that was loaded last; the starting point of scans and commits.
/// </summary>
/// <remarks>
/// A scan keeps the metadata that it began with. <see cref="RefreshAsync"/> and every commit through this object move it to
/// the newest. Reading from several threads is safe; each thread that writes should load a table of its own.
/// </remarks>
public sealed class Table : WritableTable
{
    private volatile TableState _state;

    internal Table(ICatalog catalog, TableIdentifier identifier, IFileIO io, TableState state, CommitContext context)
        : base(catalog, identifier, io, context) => _state = state;

    /// <summary>The metadata as of the last load, refresh or commit.</summary>
    public override TableMetadata Metadata => _state.Metadata;

    /// <summary>The metadata file that <see cref="Metadata"/> was read from.</summary>
    public string MetadataLocation => _state.Location;

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

    /// <summary>Starts several operations that become visible in one commit.</summary>
    public Transaction NewTransaction() => new(this);

    /// <summary>Starts forgetting old snapshots and removing the files that only they lead to.</summary>
    public ExpireSnapshots ExpireSnapshots() => new(this);

    /// <summary>Starts removing files in the table's folders that nothing leads to.</summary>
    public RemoveOrphanFiles RemoveOrphanFiles() => new(this);

    /// <summary>Starts writing data files of unfit size, or with many deletes, anew.</summary>
    public RewriteDataFiles RewriteDataFiles(RewriteDataFilesOptions? options = null) => new(this, options ?? new());

    /// <summary>Starts writing manifests anew, so that there are few and each holds neighbouring partitions.</summary>
    public RewriteManifestFiles RewriteManifests() => new(this);

    /// <summary>Looks at what the table knows of itself: snapshots, files, manifests, partitions.</summary>
    public TableInspection Inspect() => new(this);

    internal override Task RunAsync(IPendingChange change, CancellationToken cancellationToken) =>
        new CommitLoop(Catalog, Context, [new ChangeSet(Identifier, this, [change])]).RunAsync(cancellationToken);

    internal void MoveTo(TableMetadata metadata, string location) => _state = new TableState(metadata, location);
}

/// <summary>Metadata and the file that it was read from: swapped together.</summary>
internal sealed record TableState(TableMetadata Metadata, string Location);
