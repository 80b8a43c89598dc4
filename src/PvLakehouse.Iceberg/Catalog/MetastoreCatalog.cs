using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Inspect;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>
/// A catalog that keeps, for each table, the location of its current metadata file and can swap it atomically.
/// </summary>
public abstract partial class MetastoreCatalog : ICatalog
{
    private readonly string _warehouse;
    private readonly CommitContext _context;
    private readonly CatalogOptions _options;
    private readonly MetadataStore _store;

    /// <summary>Sets up what all such catalogs share.</summary>
    /// <param name="name">Name of the catalog.</param>
    /// <param name="warehouse">Root under which tables lie that name no location of their own.</param>
    /// <param name="io">Storage of metadata files.</param>
    /// <param name="context">Clock and ids.</param>
    /// <param name="options">What the catalog decides for its tables; null means nothing.</param>
    protected MetastoreCatalog(
        string name, string warehouse, IFileIO io, CommitContext context, CatalogOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(warehouse);
        ArgumentNullException.ThrowIfNull(io);
        ArgumentNullException.ThrowIfNull(context);
        Name = name;
        _warehouse = warehouse.TrimEnd('/');
        Io = io;
        _options = options ?? CatalogOptions.None;
        _context = context with { Reporter = _options.Reporter };
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
        await CheckNameIsFreeAsync(identifier, cancellationToken);
        var builder = Build(identifier, creation);
        var prepared = new Prepared(identifier, null, null, builder.Build(_context.Time.GetUtcNow()));
        return await WriteAndSwapAsync([prepared], cancellationToken) switch
        {
            TablesCommitOutcome.Committed { Tables: [var done] } => TableAt(identifier, done.Metadata, done.MetadataLocation),
            TablesCommitOutcome.Unknown unknown => throw new CommitStateUnknownException(
                $"It is not known whether table {identifier} was made. {unknown.Reason}", unknown.Cause),
            _ => throw TableExists(identifier),
        };
    }

    /// <inheritdoc/>
    public async Task<Transaction> NewCreateTransactionAsync(
        TableIdentifier identifier, TableCreation creation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentNullException.ThrowIfNull(creation);
        await CheckNameIsFreeAsync(identifier, cancellationToken);
        var changes = Build(identifier, creation).Changes;
        return new Transaction(this, identifier, Io, _context, replaced: null, new MetadataUpdate(b => b.Apply(changes)));
    }

    /// <inheritdoc/>
    public async Task<Transaction> NewReplaceTransactionAsync(
        TableIdentifier identifier, TableCreation creation, bool orCreate = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentNullException.ThrowIfNull(creation);
        var replacement = new TableReplacement(identifier, _options.Complete(creation));
        var change = new MetadataUpdate(replacement.Apply);
        if (!orCreate || await TableExistsAsync(identifier, cancellationToken))
        {
            var table = await LoadTableAsync(identifier, cancellationToken);
            return new Transaction(this, identifier, Io, _context, table, change);
        }

        await CheckNameIsFreeAsync(identifier, cancellationToken);
        replacement.OrCreate = Build(identifier, creation).Changes;
        return new Transaction(this, identifier, Io, _context, replaced: null, change) { MayReplace = true };
    }

    /// <inheritdoc/>
    public MultiTableTransaction NewMultiTableTransaction() => new(this, _context);

    /// <inheritdoc/>
    public async Task<Table> RegisterTableAsync(
        TableIdentifier identifier, string metadataLocation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        ArgumentException.ThrowIfNullOrEmpty(metadataLocation);
        await CheckNameIsFreeAsync(identifier, cancellationToken);
        CheckMetadataLocation(metadataLocation);
        var metadata = await _store.ReadAsync(metadataLocation, cancellationToken);
        var (outcome, cause) = await SwapAsync(identifier, null, metadataLocation, cancellationToken);
        if (outcome == SwapOutcome.Lost)
        {
            throw TableExists(identifier, cause);
        }

        return outcome == SwapOutcome.Swapped || await HappenedAsync(identifier, metadataLocation)
            ? TableAt(identifier, metadata, metadataLocation)
            : throw new CommitStateUnknownException($"It is not known whether table {identifier} was registered.", cause);
    }

    /// <inheritdoc/>
    public async Task DropTableAsync(TableIdentifier identifier, bool purge, CancellationToken cancellationToken = default)
    {
        if (!purge)
        {
            await DropTableAsync(identifier, cancellationToken);
            return;
        }

        var table = await LoadTableAsync(identifier, cancellationToken);
        await DropTableAsync(identifier, cancellationToken);
        await new TablePurge(Io, table.Metadata, table.MetadataLocation).RunAsync(cancellationToken);
    }

    /// <summary>The location of the current metadata file, or null when there is no such table.</summary>
    protected abstract Task<string?> FindMetadataAsync(TableIdentifier identifier, CancellationToken cancellationToken);

    /// <summary>The failure to report for a table that is not there.</summary>
    protected NoSuchTableException NoSuchTable(TableIdentifier identifier)
    {
        var hint = LoadedMetadataTable.OwnerOf(identifier) is { } owner
            ? $" A table about table {owner} is loaded by {nameof(CatalogExtensions.LoadMetadataTableAsync)}."
            : "";
        return new($"Table does not exist: {identifier} (catalog '{Name}').{hint}");
    }

    /// <summary>The failure to report for a namespace that is not there.</summary>
    protected NoSuchNamespaceException NoSuchNamespace(Namespace @namespace) =>
        new($"Namespace does not exist: {@namespace} (catalog '{Name}').");

    /// <summary>The failure to report for a name that is taken.</summary>
    protected AlreadyExistsException TableExists(TableIdentifier identifier, Exception? cause = null) =>
        new($"Table already exists: {identifier} (catalog '{Name}').", cause);

    private Table TableAt(TableIdentifier identifier, TableMetadata metadata, string location) =>
        new(this, identifier, Io, new TableState(metadata, location), _context);

    private async Task CheckNameIsFreeAsync(TableIdentifier identifier, CancellationToken cancellationToken)
    {
        await CheckNamespaceAsync(identifier, cancellationToken);
        if (await FindMetadataAsync(identifier, cancellationToken) is not null)
        {
            throw TableExists(identifier);
        }
    }

    private async Task CheckNamespaceAsync(TableIdentifier identifier, CancellationToken cancellationToken)
    {
        if (!await NamespaceExistsAsync(identifier.Namespace, cancellationToken))
        {
            throw new NoSuchNamespaceException(
                $"Table {identifier} cannot be made: there is no namespace '{identifier.Namespace}' in catalog "
                + $"'{Name}'.");
        }
    }

    private TableMetadataBuilder Build(TableIdentifier identifier, TableCreation creation) => NewTable.Build(
        _options.Complete(creation), creation.Location ?? DefaultLocation(identifier), _context.Ids.NewGuid());

    private string DefaultLocation(TableIdentifier identifier)
    {
        var folder = string.Join(
            '/', identifier.Namespace.Levels.Append(identifier.Name).Select(FolderName).Prepend(_warehouse));
        return _options.UniqueTableLocations ? $"{folder}-{_context.Ids.NewGuid():N}" : folder;
    }

    /// <summary>A name as a folder: names may hold slashes or be "..", folders must not.</summary>
    private static string FolderName(string name) => name is "." or ".."
        ? name.Replace(".", "%2E", StringComparison.Ordinal)
        : FormUrl.Encode(name);
}
