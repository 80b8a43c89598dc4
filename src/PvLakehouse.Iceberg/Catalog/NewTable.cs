using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>Makes the metadata of a new or replaced table: field ids assigned, everything else following them.</summary>
internal static class NewTable
{
    private const string FormatVersion = "format-version";

    /// <exception cref="ArgumentException">
    /// The schema, spec, order or a property does not fit a table of version 2.
    /// </exception>
    public static TableMetadataBuilder Build(TableCreation creation, string location, Guid uuid)
    {
        var last = 0;
        var ids = new Dictionary<int, int>();
        var schema = new FreshIds(ids, _ => ++last).Assign(creation.Schema);

        // As the reference implementation does, so that engines agree on how to compress.
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["write.parquet.compression-codec"] = "zstd" };
        foreach (var (key, value) in Properties(creation))
        {
            properties[key] = value;
        }

        var builder = TableMetadataBuilder.ForNewTable().AssignUuid(uuid).UpgradeFormatVersion(2).SetLocation(location);
        return Describe(builder, creation, schema, ids).SetProperties(properties);
    }

    /// <summary>
    /// Replaces what a table is: no current snapshot, other columns; those of the same name keep their ids.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The schema, spec, order or a property does not fit a table of version 2.
    /// </exception>
    public static void Replace(TableMetadataBuilder builder, TableCreation creation)
    {
        var table = builder.Current;
        var last = table.LastColumnId;
        var ids = new Dictionary<int, int>();
        var schema = new FreshIds(ids, old => table.Schema.Find(creation.Schema.Find(old)!.FullName)?.Id ?? ++last)
            .Assign(creation.Schema);
        builder.UpgradeFormatVersion(2).RemoveRef(SnapshotRef.Main);
        Describe(builder, creation, schema, ids).SetProperties(Properties(creation));
        if (creation.Location is { } location)
        {
            builder.SetLocation(location);
        }
    }

    private static TableMetadataBuilder Describe(
        TableMetadataBuilder builder, TableCreation creation, Schema schema, Dictionary<int, int> ids)
    {
        if (creation.Properties.TryGetValue(FormatVersion, out var version) && version != "2")
        {
            throw new ArgumentException(
                $"Tables of format version '{version}' are not written; version 2 is.", nameof(creation));
        }

        CheckVersion(schema);
        return builder
            .AddSchema(schema)
            .SetCurrentSchema()
            .AddSpec(new PartitionSpec(0, [.. creation.Spec.Fields.Select(f => f with { SourceId = Map(ids, f.SourceId) })]))
            .SetDefaultSpec()
            .AddSortOrder(new SortOrder(
                creation.SortOrder.OrderId, [.. creation.SortOrder.Fields.Select(f => f with { SourceId = Map(ids, f.SourceId) })]))
            .SetDefaultSortOrder();
    }

    private static Dictionary<string, string> Properties(TableCreation creation) =>
        new(creation.Properties.Where(p => p.Key != FormatVersion), StringComparer.Ordinal);

    private static int Map(Dictionary<int, int> ids, int id) => ids.TryGetValue(id, out var fresh)
        ? fresh
        : throw new ArgumentException(
            $"The partition spec or sort order refers to column {id}, which the schema does not have.", nameof(id));

    private static void CheckVersion(Schema schema)
    {
        if (VersionRules.Violation(schema, TableMetadata.HighestWritableVersion) is { } violation)
        {
            throw new ArgumentException(violation, nameof(schema));
        }
    }
}
