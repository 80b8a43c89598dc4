using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Replaces the order in which writers lay rows; without keys, rows are not sorted any more.</summary>
/// <remarks>For one commit; make another object for the next.</remarks>
public sealed class ReplaceSortOrder
{
    private readonly WritableTable _table;
    private readonly SortOrder _before;
    private readonly List<SortField> _fields = [];
    private bool _caseSensitive = true;

    internal ReplaceSortOrder(WritableTable table)
    {
        _table = table;
        _before = table.SortOrder;
    }

    /// <summary>Compares column names without case from here on.</summary>
    public ReplaceSortOrder IgnoreCase()
    {
        _caseSensitive = false;
        return this;
    }

    /// <summary>Adds a key, small values first.</summary>
    /// <param name="column">Full name of the column.</param>
    /// <param name="nulls">Where null stands.</param>
    /// <param name="transform">How the key comes from the column; null means the value itself.</param>
    /// <exception cref="ArgumentException">There is no such column, or it cannot be sorted by.</exception>
    public ReplaceSortOrder Asc(string column, NullOrder nulls = NullOrder.First, Transform? transform = null) =>
        Add(column, SortDirection.Ascending, nulls, transform);

    /// <summary>Adds a key, large values first.</summary>
    /// <param name="column">Full name of the column.</param>
    /// <param name="nulls">Where null stands.</param>
    /// <param name="transform">How the key comes from the column; null means the value itself.</param>
    /// <exception cref="ArgumentException">There is no such column, or it cannot be sorted by.</exception>
    public ReplaceSortOrder Desc(string column, NullOrder nulls = NullOrder.Last, Transform? transform = null) =>
        Add(column, SortDirection.Descending, nulls, transform);

    /// <summary>Commits the change, repeating it as long as nobody else changes the order.</summary>
    /// <exception cref="CommitConflictException">
    /// Somebody changed the order, or others kept committing first.
    /// </exception>
    /// <exception cref="CommitStateUnknownException">The catalog did not say whether the change happened.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default) =>
        _table.RunAsync(
            new MetadataUpdate(Commit, table => table.SortOrder.Fields.SequenceEqual(_fields)), cancellationToken);

    private ReplaceSortOrder Add(string column, SortDirection direction, NullOrder nulls, Transform? transform)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        var by = transform ?? Transform.Identity;
        var source = _table.Schema.Find(column, _caseSensitive) ?? throw new ArgumentException(
            $"There is no column '{column}' to sort by; there are {string.Join(", ", _table.Schema.AllFields.Select(f => f.FullName))}.",
            nameof(column));
        if (source.Repeated || by.Kind == TransformKind.Unknown || !by.CanApplyTo(source.Type))
        {
            throw new ArgumentException(
                $"Column '{column}' of type {source.Type} cannot be sorted by {by}.", nameof(column));
        }

        _fields.Add(new SortField(source.Id, by, direction, nulls));
        return this;
    }

    private void Commit(TableMetadataBuilder builder)
    {
        if (!builder.Current.SortOrder.Equals(_before))
        {
            throw new CommitConflictException(
                $"Table {_table.Identifier}: somebody else changed the sort order meanwhile. Refresh the table and "
                + "change "
                + "it again.");
        }

        builder.AddSortOrder(new SortOrder(0, _fields)).SetDefaultSortOrder();
    }
}
