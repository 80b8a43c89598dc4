using PvLakehouse.Iceberg.Commit;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>
/// Knows which tables there are and which metadata file of each is current; swaps that file atomically.
/// </summary>
/// <remarks>Implementations are safe for concurrent use.</remarks>
public interface ICatalog
{
    /// <summary>The name under which the catalog keeps its tables.</summary>
    string Name { get; }

    /// <summary>Makes a namespace.</summary>
    /// <exception cref="AlreadyExistsException">It is already there.</exception>
    Task CreateNamespaceAsync(
        Namespace @namespace, IReadOnlyDictionary<string, string>? properties = null, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such a namespace, of its own or because a table lies in it.</summary>
    Task<bool> NamespaceExistsAsync(Namespace @namespace, CancellationToken cancellationToken = default);

    /// <summary>The namespaces directly below another, or at the top, in ordinal order.</summary>
    /// <exception cref="NoSuchNamespaceException">The parent does not exist.</exception>
    Task<IReadOnlyList<Namespace>> ListNamespacesAsync(Namespace? parent = null, CancellationToken cancellationToken = default);

    /// <summary>The properties of a namespace.</summary>
    /// <exception cref="NoSuchNamespaceException">It does not exist.</exception>
    Task<IReadOnlyDictionary<string, string>> LoadNamespacePropertiesAsync(
        Namespace @namespace, CancellationToken cancellationToken = default);

    /// <summary>Sets some properties of a namespace and removes others.</summary>
    /// <exception cref="NoSuchNamespaceException">It does not exist.</exception>
    /// <exception cref="ArgumentException">A key is both set and removed.</exception>
    Task UpdateNamespacePropertiesAsync(
        Namespace @namespace,
        IReadOnlyDictionary<string, string> updates,
        IReadOnlyCollection<string> removals,
        CancellationToken cancellationToken = default);

    /// <summary>Removes an empty namespace.</summary>
    /// <exception cref="NoSuchNamespaceException">It does not exist.</exception>
    /// <exception cref="NamespaceNotEmptyException">It holds tables or other namespaces.</exception>
    Task DropNamespaceAsync(Namespace @namespace, CancellationToken cancellationToken = default);

    /// <summary>Makes a table without rows.</summary>
    /// <exception cref="AlreadyExistsException">A table or view of that name is already there.</exception>
    /// <exception cref="NoSuchNamespaceException">The namespace does not exist.</exception>
    Task<Table> CreateTableAsync(
        TableIdentifier identifier, TableCreation creation, CancellationToken cancellationToken = default);

    /// <summary>Starts to make a table together with its first rows: nothing is visible before the commit.</summary>
    /// <exception cref="AlreadyExistsException">A table of that name is already there.</exception>
    /// <exception cref="NoSuchNamespaceException">The namespace does not exist.</exception>
    Task<Transaction> NewCreateTransactionAsync(
        TableIdentifier identifier, TableCreation creation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts to replace what a table is, rows included: nothing changes before the commit. Its identity, its earlier
    /// snapshots and the ids of columns of the same name stay.
    /// </summary>
    /// <param name="identifier">The table.</param>
    /// <param name="creation">What it shall be; without a location it stays where it is.</param>
    /// <param name="orCreate">
    /// Whether a table that is not there is made. One that somebody else makes before the commit is replaced then, if it
    /// gives the columns and partitions the same ids; else that is a conflict.
    /// </param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="NoSuchTableException">There is no such table, and it is not to be made.</exception>
    Task<Transaction> NewReplaceTransactionAsync(
        TableIdentifier identifier, TableCreation creation, bool orCreate = false, CancellationToken cancellationToken = default);

    /// <summary>Starts operations on several tables that become visible together.</summary>
    MultiTableTransaction NewMultiTableTransaction();

    /// <summary>Takes in a table that lies somewhere already, by its metadata file.</summary>
    /// <exception cref="AlreadyExistsException">A table or view of that name is already there.</exception>
    /// <exception cref="NoSuchNamespaceException">The namespace does not exist.</exception>
    /// <exception cref="IcebergFormatException">The file is missing or is no table metadata.</exception>
    Task<Table> RegisterTableAsync(
        TableIdentifier identifier, string metadataLocation, CancellationToken cancellationToken = default);

    /// <summary>Loads a table at its current metadata.</summary>
    /// <exception cref="NoSuchTableException">There is no such table.</exception>
    Task<Table> LoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default);

    /// <summary>Whether there is such a table.</summary>
    Task<bool> TableExistsAsync(TableIdentifier identifier, CancellationToken cancellationToken = default);

    /// <summary>The tables of a namespace, in ordinal order.</summary>
    /// <exception cref="NoSuchNamespaceException">It does not exist.</exception>
    Task<IReadOnlyList<TableIdentifier>> ListTablesAsync(Namespace @namespace, CancellationToken cancellationToken = default);

    /// <summary>Forgets a table; its files stay.</summary>
    /// <exception cref="NoSuchTableException">There is no such table.</exception>
    Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default);

    /// <summary>Forgets a table and, if asked to, deletes every file that any of its snapshots refers to.</summary>
    /// <remarks>
    /// The table is gone first. What leads to a file goes after it, so that a purge which failed half way can be done
    /// again once the table is registered by its metadata file. Data files are kept when the table says
    /// <c>gc.enabled=false</c>.
    /// </remarks>
    /// <exception cref="NoSuchTableException">There is no such table.</exception>
    /// <exception cref="IcebergException">
    /// The catalog failed; or the table is gone and files of it could not be removed, which the message says.
    /// </exception>
    Task DropTableAsync(TableIdentifier identifier, bool purge, CancellationToken cancellationToken = default);

    /// <summary>Gives a table another name; its files stay where they are.</summary>
    /// <exception cref="NoSuchTableException">There is no such table.</exception>
    /// <exception cref="NoSuchNamespaceException">The new namespace does not exist.</exception>
    /// <exception cref="AlreadyExistsException">The new name is taken.</exception>
    Task RenameTableAsync(TableIdentifier from, TableIdentifier to, CancellationToken cancellationToken = default);

    /// <summary>Applies updates to a table if all requirements hold, in one atomic step.</summary>
    /// <returns>
    /// Whether it happened, did not, or may have: see <see cref="CommitOutcome"/>. Exceptions mean that it certainly
    /// did not.
    /// </returns>
    /// <exception cref="NoSuchTableException">There is no such table.</exception>
    Task<CommitOutcome> CommitTableAsync(
        TableIdentifier identifier,
        IReadOnlyList<TableRequirement> requirements,
        IReadOnlyList<TableUpdate> updates,
        CancellationToken cancellationToken = default);

    /// <summary>Applies updates to several tables if all requirements of all hold, in one atomic step.</summary>
    /// <returns>
    /// Whether it happened, did not, or may have: see <see cref="TablesCommitOutcome"/>. Exceptions mean that it
    /// certainly did not.
    /// </returns>
    /// <exception cref="NoSuchTableException">There is no such table.</exception>
    /// <exception cref="NotSupportedException">The catalog cannot change several tables at once.</exception>
    Task<TablesCommitOutcome> CommitTablesAsync(
        IReadOnlyList<TableCommit> commits, CancellationToken cancellationToken = default);
}
