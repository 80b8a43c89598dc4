using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>
/// A catalog that keeps, for each table, the location of its current metadata file and can swap it atomically.
/// </summary>
public abstract class MetastoreCatalog : ICatalog
{
    /// <summary>
    /// How often a commit that still holds is tried again when another metadata file became current meanwhile.
    /// </summary>
    private const int SwapAttempts = 5;

    /// <summary>How often a swap of unknown outcome is looked up.</summary>
    private const int StatusChecks = 3;

    private readonly string _warehouse;
    private readonly CommitContext _context;
    private readonly MetadataStore _store;

    /// <summary>Sets up what all such catalogs share.</summary>
    /// <param name="name">Name of the catalog.</param>
    /// <param name="warehouse">Root under which tables lie that name no location of their own.</param>
    /// <param name="io">Storage of metadata files.</param>
    /// <param name="context">Clock and ids.</param>
    protected MetastoreCatalog(string name, string warehouse, IFileIO io, CommitContext context)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(warehouse);
        ArgumentNullException.ThrowIfNull(io);
        ArgumentNullException.ThrowIfNull(context);
        Name = name;
        _warehouse = warehouse.TrimEnd('/');
        Io = io;
        _context = context;
        _store = new MetadataStore(io, context);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Storage of metadata files.</summary>
    protected IFileIO Io { get; }

    /// <inheritdoc/>
    public abstract Task CreateNamespaceAsync(
        Namespace @namespace, IReadOnlyDictionary<string, string>? properties = null, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract Task<bool> NamespaceExistsAsync(Namespace @namespace, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract Task<IReadOnlyList<Namespace>> ListNamespacesAsync(
        Namespace? parent = null, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract Task<IReadOnlyDictionary<string, string>> LoadNamespacePropertiesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract Task UpdateNamespacePropertiesAsync(
        Namespace @namespace,
        IReadOnlyDictionary<string, string> updates,
        IReadOnlyCollection<string> removals,
        CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract Task DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract Task<IReadOnlyList<TableIdentifier>> ListTablesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract Task RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public async Task<bool> TableExistsAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) =>
        await FindMetadataAsync(identifier, cancellationToken) is not null;

    /// <inheritdoc/>
    public async Task<Table> LoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        var location = await FindMetadataAsync(identifier, cancellationToken) ?? throw NoSuchTable(identifier);
        return TableAt(identifier, await _store.ReadAsync(location, cancellationToken), location);
    }

    /// <inheritdoc/>
    public async Task<Table> CreateTableAsync(
        TableIdentifier identifier, TableCreation creation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentNullException.ThrowIfNull(creation);
        if (!await NamespaceExistsAsync(identifier.Namespace, cancellationToken))
        {
            throw new NoSuchNamespaceException(
                $"Table {identifier} cannot be made: there is no namespace '{identifier.Namespace}' in catalog "
                + $"'{Name}'.");
        }

        if (await FindMetadataAsync(identifier, cancellationToken) is not null)
        {
            throw TableExists(identifier);
        }

        var builder = NewTable.Build(creation, creation.Location ?? DefaultLocation(identifier), _context.Ids.NewGuid());
        return await CommitNewAsync(identifier, builder, cancellationToken) switch
        {
            CommitOutcome.Committed done => TableAt(identifier, done.Metadata, done.MetadataLocation),
            CommitOutcome.Unknown unknown => throw new CommitStateUnknownException(
                $"It is not known whether table {identifier} was made. {unknown.Reason}", unknown.Cause),
            _ => throw TableExists(identifier),
        };
    }

    /// <inheritdoc/>
    public async Task<CommitOutcome> CommitTableAsync(
        TableIdentifier identifier,
        IReadOnlyList<TableRequirement> requirements,
        IReadOnlyList<TableUpdate> updates,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(requirements);
        ArgumentNullException.ThrowIfNull(updates);
        for (var attempt = 0; attempt < SwapAttempts; attempt++)
        {
            var location = await FindMetadataAsync(identifier, cancellationToken);
            var @base = location is null ? null : await _store.ReadAsync(location, cancellationToken);
            if (requirements.Select(r => r.Validate(@base)).FirstOrDefault(reason => reason is not null) is { } reason)
            {
                return location is null ? throw NoSuchTable(identifier) : new CommitOutcome.Conflict(reason);
            }

            if (@base is null)
            {
                return requirements.Any(r => r is TableRequirement.AssertCreate)
                    ? await CommitNewAsync(identifier, TableMetadataBuilder.ForNewTable().Apply(updates), cancellationToken)
                    : throw NoSuchTable(identifier);
            }

            if (await TryCommitAsync(identifier, @base, location!, updates, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }

        return new CommitOutcome.Conflict($"Others changed the table {SwapAttempts} times in a row.");
    }

    /// <summary>The location of the current metadata file, or null when there is no such table.</summary>
    protected abstract Task<string?> FindMetadataAsync(TableIdentifier identifier, CancellationToken cancellationToken);

    /// <summary>Makes a metadata file the current one if another is; without another, makes the table.</summary>
    /// <param name="identifier">The table.</param>
    /// <param name="expected">The file that must be current; null for a table that must not exist.</param>
    /// <param name="next">The file that becomes current.</param>
    /// <param name="cancellationToken">Stops before the swap, never in the middle of it.</param>
    /// <returns>The outcome, and the failure behind an unknown one.</returns>
    protected abstract Task<(SwapOutcome Outcome, Exception? Cause)> SwapAsync(
        TableIdentifier identifier, string? expected, string next, CancellationToken cancellationToken);

    /// <summary>Refuses locations that the catalog cannot hold, before anything is written.</summary>
    protected virtual void CheckMetadataLocation(string location)
    {
    }

    /// <summary>The failure to report for a table that is not there.</summary>
    protected NoSuchTableException NoSuchTable(TableIdentifier identifier) =>
        new($"Table does not exist: {identifier} (catalog '{Name}').");

    /// <summary>The failure to report for a namespace that is not there.</summary>
    protected NoSuchNamespaceException NoSuchNamespace(Namespace @namespace) =>
        new($"Namespace does not exist: {@namespace} (catalog '{Name}').");

    /// <summary>The failure to report for a name that is taken.</summary>
    protected AlreadyExistsException TableExists(TableIdentifier identifier, Exception? cause = null) =>
        new($"Table already exists: {identifier} (catalog '{Name}').", cause);

    private Table TableAt(TableIdentifier identifier, TableMetadata metadata, string location) =>
        new(this, identifier, Io, new TableState(metadata, location), _context);

    /// <summary>
    /// One attempt; null when the base is not current any more and the next attempt should look again.
    /// </summary>
    private async Task<CommitOutcome?> TryCommitAsync(
        TableIdentifier identifier,
        TableMetadata @base,
        string location,
        IReadOnlyList<TableUpdate> updates,
        CancellationToken cancellationToken)
    {
        TableMetadata metadata;
        try
        {
            metadata = TableMetadataBuilder.From(@base).Apply(updates).WithPreviousMetadata(location).Build(_context.Time.GetUtcNow());
        }
        catch (CommitConflictException e)
        {
            return new CommitOutcome.Conflict(e.Message);
        }

        if (ReferenceEquals(metadata, @base))
        {
            return new CommitOutcome.Committed(@base, location);
        }

        var outcome = await WriteAndSwapAsync(identifier, metadata, location, cancellationToken);
        if (outcome is CommitOutcome.Committed
            && TableProperties.Flag(metadata.Properties, TableProperties.MetadataDeleteAfterCommit, false))
        {
            await _store.DiscardAsync(@base.MetadataLog.Except(metadata.MetadataLog).Select(e => e.MetadataFile));
        }

        return outcome;
    }

    private async Task<CommitOutcome> CommitNewAsync(
        TableIdentifier identifier, TableMetadataBuilder builder, CancellationToken cancellationToken) =>
        await WriteAndSwapAsync(identifier, builder.Build(_context.Time.GetUtcNow()), null, cancellationToken)
        ?? new CommitOutcome.Conflict("The table already exists.");

    /// <summary>Writes the metadata file and makes it current; null when the swap was lost.</summary>
    private async Task<CommitOutcome?> WriteAndSwapAsync(
        TableIdentifier identifier, TableMetadata metadata, string? expected, CancellationToken cancellationToken)
    {
        CheckMetadataLocation($"{new LocationProvider(metadata).MetadataRoot}/00000-{Guid.Empty}.gz.metadata.json");
        var next = await _store.WriteAsync(metadata, expected, cancellationToken);
        (SwapOutcome Outcome, Exception? Cause) swap;
        try
        {
            swap = await SwapAsync(identifier, expected, next, cancellationToken);
        }
        catch (Exception e) when (e is IcebergException or OperationCanceledException)
        {
            // Both say that the swap did not happen.
            await _store.DiscardAsync([next]);
            throw;
        }

        if (swap.Outcome == SwapOutcome.Lost)
        {
            await _store.DiscardAsync([next]);
            return null;
        }

        return swap.Outcome == SwapOutcome.Swapped || await HappenedAsync(identifier, next)
            ? new CommitOutcome.Committed(metadata, next)
            : new CommitOutcome.Unknown(
                $"Metadata file '{next}' may or may not have become current: {swap.Cause?.Message}", swap.Cause);
    }

    /// <summary>Looks whether a file is current or was: then its swap did happen.</summary>
    private async Task<bool> HappenedAsync(TableIdentifier identifier, string next)
    {
        for (var check = 0; check < StatusChecks; check++)
        {
            try
            {
                var current = await FindMetadataAsync(identifier, CancellationToken.None);
                if (current == next)
                {
                    return true;
                }

                return current is not null
                    && (await _store.ReadAsync(current, CancellationToken.None)).MetadataLog.Any(e => e.MetadataFile == next);
            }
            catch (Exception e) when (e is IcebergException or IOException)
            {
                // The catalog is still not answering: ask again.
            }
        }

        return false;
    }

    private string DefaultLocation(TableIdentifier identifier) =>
        string.Join('/', identifier.Namespace.Levels.Append(identifier.Name).Select(FolderName).Prepend(_warehouse));

    /// <summary>A name as a folder: names may hold slashes or be "..", folders must not.</summary>
    private static string FolderName(string name) => name is "." or ".."
        ? name.Replace(".", "%2E", StringComparison.Ordinal)
        : FormUrl.Encode(name);
}
