using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Several operations on one table that become visible together, by one commit.</summary>
/// <remarks>
/// <para>Operations are started and committed as on a table; each sees what the ones before it have done, nobody else
/// sees anything before <see cref="CommitAsync"/>. When others commit first, all operations are made and checked again
/// on the new state: what is written anew are manifest lists, neither data files nor manifests.</para>
/// <para>Disposing a transaction that was not committed removes what it wrote. Not safe for concurrent use.</para>
/// </remarks>
public sealed class Transaction : WritableTable, IAsyncDisposable
{
    private readonly Table? _table;
    private readonly List<IPendingChange> _changes = [];
    private TableMetadataBuilder _staged;
    private bool _ended;

    internal Transaction(Table table)
        : base(table.Catalog, table.Identifier, table.Io, table.Context)
    {
        (table.Catalog as StaticCatalog)?.Refuse();
        _table = table;
        Origin = table.Metadata;
        _staged = TableMetadataBuilder.From(table.Metadata);
    }

    /// <summary>Begins with a change that makes the table, or that replaces what it was.</summary>
    internal Transaction(
        ICatalog catalog, TableIdentifier identifier, IO.IFileIO io, CommitContext context, Table? replaced, MetadataUpdate first)
        : base(catalog, identifier, io, context)
    {
        _table = replaced;
        Origin = replaced?.Metadata;
        _staged = replaced is null ? TableMetadataBuilder.ForNewTable() : TableMetadataBuilder.From(replaced.Metadata);
        first.Apply(_staged);
        _changes.Add(first);
    }

    /// <summary>The table as the operations so far have changed it; sequence numbers may still change.</summary>
    public override TableMetadata Metadata => _staged.Current;

    /// <summary>Set when the transaction is one of several that are committed together.</summary>
    internal bool IsPart { get; init; }

    /// <summary>Whether a table that somebody else makes meanwhile is replaced.</summary>
    internal bool MayReplace { get; init; }

    internal override TableMetadata? Origin { get; }

    /// <summary>
    /// Commits all operations at once and moves the table object that began the transaction to the result.
    /// </summary>
    /// <returns>The table after the commit.</returns>
    /// <exception cref="CommitConflictException">
    /// Others kept committing first, or what they committed stands against an operation. Nothing of the transaction
    /// became visible.
    /// </exception>
    /// <exception cref="AlreadyExistsException">The table was to be made, and somebody else made it first.</exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the commit happened.</exception>
    public async Task<Table> CommitAsync(CancellationToken cancellationToken = default)
    {
        if (IsPart)
        {
            throw new InvalidOperationException(
                $"The changes of table {Identifier} are part of a commit to several tables: commit that.");
        }

        var set = End();
        await new CommitLoop(Catalog, Context, [set]).RunAsync(cancellationToken);
        return Finished(set);
    }

    /// <summary>Removes what was written, unless the transaction was committed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            await End().CleanUpAsync(committed: false);
        }
    }

    /// <summary>Closes the transaction and gives its changes.</summary>
    internal ChangeSet End()
    {
        CheckOpen();
        _ended = true;
        return new ChangeSet(Identifier, _table, _changes) { Staged = _staged, MayReplace = MayReplace };
    }

    internal Table Finished(ChangeSet set) => _table ?? new Table(
        Catalog, Identifier, Io, new TableState(set.Result!.Metadata, set.Result.MetadataLocation), Context);

    internal override async Task RunAsync(IPendingChange change, CancellationToken cancellationToken)
    {
        CheckOpen();
        var next = _staged.Fork();
        try
        {
            await change.ApplyAsync(next, cancellationToken);
        }
        catch
        {
            await change.CleanUpAsync(committed: false);
            throw;
        }

        _staged = next;
        _changes.Add(change);
    }

    private void CheckOpen()
    {
        if (_ended)
        {
            throw new InvalidOperationException($"The transaction of table {Identifier} has ended; start another.");
        }
    }
}
