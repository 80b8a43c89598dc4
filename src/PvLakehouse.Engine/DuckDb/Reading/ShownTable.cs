using PvLakehouse.Iceberg.Catalog;
using PvLakehouse.Iceberg.Expressions;
using PvLakehouse.Iceberg.Inspect;
using PvLakehouse.Iceberg.Scan;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>What a name in a statement shows.</summary>
/// <param name="Mention">The name.</param>
/// <param name="Schema">Its columns.</param>
internal abstract record ShownTable(TableMention Mention, Schema Schema);

/// <summary>The rows of a table, now or at another version.</summary>
/// <param name="Mention">The name.</param>
/// <param name="Table">The table.</param>
/// <param name="Scan">A scan of every row of that version.</param>
/// <param name="Version">Tells equal rows without planning: metadata file and version.</param>
internal sealed record ShownRows(TableMention Mention, Table Table, TableScan Scan, string Version) : ShownTable(Mention, Scan.Schema)
{
    /// <summary>A scan of at least the rows that a filter selects.</summary>
    public TableScan Where(Expression filter) => filter == Expression.True ? Scan : Scan.Where(filter);
}

/// <summary>What a table knows of itself, such as its snapshots.</summary>
/// <param name="Mention">The name.</param>
/// <param name="Table">The table.</param>
/// <param name="Kind">Which metadata table.</param>
/// <param name="SnapshotId">The snapshot that it is about; null for the current one.</param>
internal sealed record ShownMetadata(TableMention Mention, Table Table, MetadataTable Kind, long? SnapshotId)
    : ShownTable(Mention, Kind.SchemaOf(Table.Metadata));
