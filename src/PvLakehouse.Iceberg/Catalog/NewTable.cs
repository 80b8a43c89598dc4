using PvLakehouse.Iceberg.Metadata;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Catalog;

/// <summary>Makes the first metadata of a table: field ids assigned anew, everything else following them.</summary>
internal static class NewTable
{
    private const string FormatVersion = "format-version";

    /// <exception cref="ArgumentException">
    /// The schema, spec, order or a property does not fit a table of version 2.
    /// </exception>
    public static TableMetadataBuilder Build(TableCreation creation, string location, Guid uuid)
    {
        if (creation.Properties.TryGetValue(FormatVersion, out var version) && version != "2")
        {
            throw new ArgumentException(
                $"Tables of format version '{version}' are not written; version 2 is.", nameof(creation));
        }

        var ids = new Dictionary<int, int>();
        var schema = new FreshIds(ids).Assign(creation.Schema);
        CheckTypes(schema);

        // As the reference implementation does, so that engines agree on how to compress.
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["write.parquet.compression-codec"] = "zstd" };
        foreach (var (key, value) in creation.Properties.Where(p => p.Key != FormatVersion))
        {
            properties[key] = value;
        }

        return TableMetadataBuilder.ForNewTable()
            .AssignUuid(uuid)
            .UpgradeFormatVersion(2)
            .SetLocation(location)
            .AddSchema(schema)
            .SetCurrentSchema()
            .AddSpec(new PartitionSpec(0, [.. creation.Spec.Fields.Select(f => f with { SourceId = Map(ids, f.SourceId) })]))
            .SetDefaultSpec()
            .AddSortOrder(new SortOrder(
                creation.SortOrder.OrderId, [.. creation.SortOrder.Fields.Select(f => f with { SourceId = Map(ids, f.SourceId) })]))
            .SetDefaultSortOrder()
            .SetProperties(properties);
    }

    private static int Map(Dictionary<int, int> ids, int id) => ids.TryGetValue(id, out var fresh)
        ? fresh
        : throw new ArgumentException(
            $"The partition spec or sort order refers to column {id}, which the schema does not have.", nameof(id));

    private static void CheckTypes(Schema schema)
    {
        if (schema.AllFields.FirstOrDefault(f => f.Type is PrimitiveType { NeedsVersion3: true }) is { } field)
        {
            throw new ArgumentException(
                $"Column '{field.FullName}' has type {field.Type}, which needs format version 3; tables of "
                + "version 2 are made here.",
                nameof(schema));
        }
    }

    /// <summary>
    /// Numbers fields from 1: all of a level before those nested in it, as the reference implementation does.
    /// </summary>
    private sealed class FreshIds(Dictionary<int, int> ids)
    {
        private int _last;

        public Schema Assign(Schema schema)
        {
            var type = Struct(schema.Struct);
            return new Schema(type, 0, schema.IdentifierFieldIds.Select(id => ids[id]));
        }

        private StructType Struct(StructType type)
        {
            var numbered = type.Fields.Select(f => (Field: f, Id: Next(f.Id))).ToList();
            return new StructType([.. numbered.Select(n => n.Field with { Id = n.Id, Type = Type(n.Field.Type) })]);
        }

        private IcebergType Type(IcebergType type)
        {
            switch (type)
            {
                case StructType s:
                    return Struct(s);
                case ListType l:
                    var elementId = Next(l.ElementId);
                    return new ListType(elementId, Type(l.Element), l.ElementRequired);
                case MapType m:
                    var (keyId, valueId) = (Next(m.KeyId), Next(m.ValueId));
                    return new MapType(keyId, Type(m.Key), valueId, Type(m.Value), m.ValueRequired);
                default:
                    return type;
            }
        }

        private int Next(int old) => ids[old] = ++_last;
    }
}
