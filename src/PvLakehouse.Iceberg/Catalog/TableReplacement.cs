using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>Replaces what a table is, on one base after another.</summary>
/// <remarks>
/// Files that are written for the replacement carry the field and spec ids of the first base. Another base must give
/// the same, or their columns would be read as others.
/// </remarks>
internal sealed class TableReplacement(TableIdentifier identifier, TableCreation creation)
{
    private Schema? _schema;
    private PartitionSpec? _spec;

    /// <summary>What makes the table where there is none; null when there must be one.</summary>
    public IReadOnlyList<TableUpdate>? OrCreate { get; set; }

    /// <exception cref="CommitConflictException">Another commit changed what the columns or specs would be.</exception>
    public void Apply(TableMetadataBuilder builder)
    {
        if (builder.Base is null && OrCreate is { } updates)
        {
            builder.Apply(updates);
        }
        else
        {
            NewTable.Replace(builder, creation);
        }

        var (schema, spec) = (builder.Current.Schema, builder.Current.Spec);
        if (_schema is not null && (!_schema.HasSameFields(schema) || !spec.Equals(_spec)))
        {
            throw new CommitConflictException(
                $"Table {identifier}: its columns or partitions were changed while it was being replaced. Refresh the "
                + "table and do the work again.");
        }

        (_schema, _spec) = (schema, spec);
    }
}
