using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>Iceberg types in DuckDB's notation.</summary>
internal static class DuckDbTypes
{
    public static string Of(IcebergType type) => type switch
    {
        PrimitiveType primitive => Of(primitive),
        StructType fields =>
            $"STRUCT({SqlText.List(fields.Fields.Select(f => $"{SqlText.Name(f.Name)} {Of(f.Type)}"))})",
        ListType list => $"{Of(list.Element)}[]",
        MapType map => $"MAP({Of(map.Key)}, {Of(map.Value)})",
        _ => throw new SqlEngineException($"The Iceberg type {type} has no counterpart in DuckDB."),
    };

    private static string Of(PrimitiveType type) => type.Kind switch
    {
        TypeKind.Boolean => "BOOLEAN",
        TypeKind.Int => "INTEGER",
        TypeKind.Long => "BIGINT",
        TypeKind.Float => "FLOAT",
        TypeKind.Double => "DOUBLE",
        TypeKind.Decimal => FormattableString.Invariant($"DECIMAL({type.Precision}, {type.Scale})"),
        TypeKind.Date => "DATE",
        TypeKind.Time => "TIME",
        TypeKind.Timestamp => "TIMESTAMP",
        TypeKind.TimestampTz => "TIMESTAMP WITH TIME ZONE",

        // DuckDB has no instants in nanoseconds: it reads such files in microseconds, cut towards 1970.
        TypeKind.TimestampTzNs => "TIMESTAMP WITH TIME ZONE",
        TypeKind.TimestampNs => "TIMESTAMP_NS",
        TypeKind.String => "VARCHAR",
        TypeKind.Uuid => "UUID",
        TypeKind.Fixed or TypeKind.Binary => "BLOB",

        // Shapes as well-known binary, variants as JSON: what clients can take. An unknown is null and needs some type.
        TypeKind.Geometry or TypeKind.Geography => "BLOB",
        TypeKind.Variant => "JSON",
        TypeKind.Unknown => "INTEGER",
        _ => throw new SqlEngineException($"The Iceberg type {type} has no counterpart in DuckDB."),
    };
}
