using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Field ids of a schema in the notation of DuckDB's COPY option FIELD_IDS.</summary>
internal static class FieldIds
{
    public static string Of(Schema schema) => $"{{{SqlText.List(schema.Columns.Select(c => Entry(SqlText.Name(c.Name), c.Id, c.Type)))}}}";

    private static string Entry(string name, int id, IcebergType type) => type is PrimitiveType
        ? FormattableString.Invariant($"{name}: {id}")
        : FormattableString.Invariant($"{name}: {{__duckdb_field_id: {id}, {Children(type)}}}");

    private static string Children(IcebergType type) => type switch
    {
        StructType fields => SqlText.List(fields.Fields.Select(f => Entry(SqlText.Name(f.Name), f.Id, f.Type))),
        ListType list => Entry("element", list.ElementId, list.Element),
        MapType map => $"{Entry("key", map.KeyId, map.Key)}, {Entry("value", map.ValueId, map.Value)}",
        _ => throw new ArgumentException($"The type {type} has no children.", nameof(type)),
    };
}
