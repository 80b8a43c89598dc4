using PvLakehouse.Iceberg.Catalog;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Operations on several tables of one catalog that become visible together: all of them or none.</summary>
/// <remarks>
/// Disposing it without a commit removes what was written. Not safe for concurrent use.
/// </remarks>
public sealed class MultiTableTransaction : IAsyncDisposable
{
    private readonly ICatalog _catalog;
    private readonly CommitContext _context;
    private readonly Dictionary<TableIdentifier, Transaction> _parts = [];
    private bool _ended;

    internal MultiTableTransaction(ICatalog catalog, CommitContext context)
    {
        _catalog = catalog;
        _context = context;
    }

    /// <summary>The part of one table: start operations there. The same table gives the same part.</summary>
    /// <exception cref="ArgumentException">The table is of another catalog.</exception>
    public Transaction On(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        CheckOpen();
        if (!ReferenceEquals(table.Catalog, _catalog))
        {
            throw new ArgumentException(
                $"Table {table.Identifier} is of catalog '{table.Catalog.Name}', the transaction of '{_catalog.Name}'.",
                nameof(table));
        }

        if (!_parts.TryGetValue(table.Identifier, out var part))
        {
            part = new Transaction(table) { IsPart = true };
            _parts.Add(table.Identifier, part);
        }

        return part;
    }

    /// <summary>Commits the operations of all tables at once, and moves their table objects to the results.</summary>
    /// <exception cref="CommitConflictException">
    /// Others kept committing first, or what they committed stands against an operation. No table changed.
    /// </exception>
    /// <exception cref="CommitStateUnknownException">
    /// The catalog did not say whether the commit happened: all tables changed or none did.
    /// </exception>
    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        CheckOpen();
        _ended = true;
        await new CommitLoop(_catalog, _context, [.. _parts.Values.Select(p => p.End())]).RunAsync(cancellationToken);
    }

    /// <summary>Removes what was written, unless it was committed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            _ended = true;
            foreach (var part in _parts.Values)
            {
                await part.DisposeAsync();
            }
        }
    }

    private void CheckOpen()
    {
        if (_ended)
        {
            throw new InvalidOperationException("The transaction has ended; start another.");
        }
    }
}
