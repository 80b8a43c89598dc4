using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.IO;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>A catalog of one table that is known by its files; it can load the table and do nothing else.</summary>
internal sealed class StaticCatalog(IFileIO io, string location, TableIdentifier identifier) : ICatalog
{
    public string Name => "files";

    public async Task<Table> LoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        CheckKnown(identifier);
        var file = TableMetadataFiles.IsMetadataFile(location)
            ? location
            : await TableMetadataFiles.FindCurrentAsync(io, location, cancellationToken);
        try
        {
            var metadata = await TableMetadataFiles.ReadAsync(io, file, cancellationToken);
            return new Table(this, identifier, io, new TableState(metadata, file), CommitContext.System);
        }
        catch (FileNotFoundException e)
        {
            throw new IcebergFormatException("There is no such metadata file.", file, e);
        }
    }

    public Task<bool> TableExistsAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsKnown(identifier));

    public Task<IReadOnlyList<TableIdentifier>> ListTablesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<TableIdentifier>>(@namespace == identifier.Namespace ? [identifier] : []);

    public Task<bool> NamespaceExistsAsync(Namespace @namespace, CancellationToken cancellationToken = default) =>
        Task.FromResult(@namespace == identifier.Namespace);

    public Task<IReadOnlyList<Namespace>> ListNamespacesAsync(
        Namespace? parent = null, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<Namespace>>(parent is null ? [identifier.Namespace] : []);

    public Task<IReadOnlyDictionary<string, string>> LoadNamespacePropertiesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(StringComparer.Ordinal));

    public Task CreateNamespaceAsync(
        Namespace @namespace, IReadOnlyDictionary<string, string>? properties = null, CancellationToken cancellationToken = default) =>
        throw ReadOnly();

    public Task UpdateNamespacePropertiesAsync(
        Namespace @namespace,
        IReadOnlyDictionary<string, string> updates,
        IReadOnlyCollection<string> removals,
        CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task<Table> CreateTableAsync(
        TableIdentifier identifier, TableCreation creation, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task<Transaction> NewCreateTransactionAsync(
        TableIdentifier identifier, TableCreation creation, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task<Transaction> NewReplaceTransactionAsync(
        TableIdentifier identifier, TableCreation creation, bool orCreate = false, CancellationToken cancellationToken = default) =>
        throw ReadOnly();

    public MultiTableTransaction NewMultiTableTransaction() => throw ReadOnly();

    public Task<Table> RegisterTableAsync(
        TableIdentifier identifier, string metadataLocation, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task DropTableAsync(TableIdentifier identifier, bool purge, CancellationToken cancellationToken = default) =>
        throw ReadOnly();

    public Task RenameTableAsync(
        TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task<CommitOutcome> CommitTableAsync(
        TableIdentifier identifier,
        IReadOnlyList<TableRequirement> requirements,
        IReadOnlyList<TableUpdate> updates,
        CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task<TablesCommitOutcome> CommitTablesAsync(
        IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default) => throw ReadOnly();

    /// <summary>Refuses a commit.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void Refuse() => throw ReadOnly();

    private bool IsKnown(TableIdentifier other) => other == identifier;

    private void CheckKnown(TableIdentifier other)
    {
        if (!IsKnown(other))
        {
            throw new NoSuchTableException($"There is no table {other} here, only {identifier}.");
        }
    }

    private NotSupportedException ReadOnly() => new(
        $"Table {identifier} was opened by its files ('{location}') and is read only; load it through its catalog to "
        + "change it.");
}
