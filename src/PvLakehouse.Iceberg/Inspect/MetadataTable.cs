using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Inspect;

/// <summary>
/// A table about a table, such as <c>snapshots</c>: its name, its columns and its rows, for whoever prints or queries
/// rows of any kind.
/// </summary>
public sealed class MetadataTable
{
    private readonly Func<TableMetadata, Schema> _schema;
    private readonly Func<TableInspection, long?, CancellationToken, IAsyncEnumerable<object?[]>> _read;

    internal MetadataTable(
        string name,
        bool isOfOneSnapshot,
        Func<TableMetadata, Schema> schema,
        Func<TableInspection, long?, CancellationToken, IAsyncEnumerable<object?[]>> read)
    {
        Name = name;
        IsOfOneSnapshot = isOfOneSnapshot;
        _schema = schema;
        _read = read;
    }

    /// <summary>The name in lower case, for example <c>metadata_log_entries</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the rows are those of one snapshot, so that the table can be read as of another one.</summary>
    public bool IsOfOneSnapshot { get; }

    /// <summary>The metadata table of a name, in any case; null when there is none.</summary>
    public static MetadataTable? Find(string name) =>
        MetadataTables.All.FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The columns; those about partitions and metrics depend on the table.</summary>
    public Schema SchemaOf(TableMetadata table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return _schema(table);
    }

    /// <summary>Streams the rows, values in the order of the columns.</summary>
    /// <remarks>
    /// Values are null or: bool, int, long, float, double, decimal, string, <see cref="DateOnly"/>, <see
    /// cref="TimeOnly"/>,
    /// <see cref="DateTime"/> (kind Unspecified for a wall clock, Utc for an instant), <see cref="Guid"/>, byte[],
    /// <c>List&lt;T&gt;</c> of these, <c>Dictionary&lt;TKey, TValue&gt;</c> of these for a map, and
    /// <c>Dictionary&lt;string, object?&gt;</c> in the order of the fields for a struct. Bounds and partition values
    /// that
    /// .NET cannot hold (years beyond 9999, more than 28 digits) come as text.
    /// </remarks>
    /// <param name="table">The table to look at, at the metadata that it has now.</param>
    /// <param name="snapshotId">The snapshot; null for the current one.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="ArgumentException">
    /// There is no such snapshot, or one is given although the rows are not those of one snapshot.
    /// </exception>
    public IAsyncEnumerable<object?[]> ReadAsync(
        Table table, long? snapshotId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (snapshotId is not null && !IsOfOneSnapshot)
        {
            throw new ArgumentException(
                $"The metadata table '{Name}' is about the whole table and cannot be read at a snapshot; "
                + $"{string.Join(", ", MetadataTables.All.Where(t => t.IsOfOneSnapshot).Select(t => t.Name))} can.",
                nameof(snapshotId));
        }

        if (snapshotId is { } id && table.Metadata.FindSnapshot(id) is null)
        {
            throw new ArgumentException(
                $"There is no snapshot {id}; it never was or has expired. There are "
                + $"{table.Metadata.Snapshots.Count} snapshots.",
                nameof(snapshotId));
        }

        return _read(table.Inspect(), snapshotId, cancellationToken);
    }
}
