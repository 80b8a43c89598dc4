using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>A metadata table of one table, as <c>namespace.table.snapshots</c> names it.</summary>
/// <param name="Table">The table that it is about.</param>
/// <param name="Kind">What it tells.</param>
public sealed record LoadedMetadataTable(Table Table, MetadataTable Kind)
{
    /// <summary>The table's name with that of the metadata table behind it.</summary>
    public TableIdentifier Identifier =>
        new(new Namespace([.. Table.Identifier.Namespace.Levels, Table.Identifier.Name]), Kind.Name);

    /// <summary>The columns; those about partitions and metrics depend on the table.</summary>
    public Schema Schema => Kind.SchemaOf(Table.Metadata);

    /// <summary>Loads the newest metadata of the table.</summary>
    /// <exception cref="NoSuchTableException">The table is gone.</exception>
    public Task RefreshAsync(CancellationToken cancellationToken = default) => Table.RefreshAsync(cancellationToken);

    /// <summary>Streams the rows as <see cref="MetadataTable.ReadAsync"/> does.</summary>
    /// <param name="snapshotId">The snapshot; null for the current one.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="ArgumentException">
    /// There is no such snapshot, or one is given although the rows are not those of one snapshot.
    /// </exception>
    public IAsyncEnumerable<object?[]> ReadAsync(long? snapshotId = null, CancellationToken cancellationToken = default) =>
        Kind.ReadAsync(Table, snapshotId, cancellationToken);

    /// <summary>The table that a name of this form would be about; null when the name is of another form.</summary>
    internal static TableIdentifier? OwnerOf(TableIdentifier identifier) =>
        identifier.Namespace is { Parent: { } parent, Levels: [.., var name] } && MetadataTable.Find(identifier.Name) is not null
            ? new TableIdentifier(parent, name)
            : null;
}
