using System.Globalization;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading.Projection;

/// <summary>Values of Iceberg as constants of DuckDB.</summary>
internal static class LiteralSql
{
    /// <summary>An expression of the value in DuckDB's type for its Iceberg type.</summary>
    /// <exception cref="SqlEngineException">Values of that type cannot be shown.</exception>
    public static string Of(Literal value) => value.Type.Kind switch
    {
        TypeKind.Boolean => value.AsBoolean ? "true" : "false",
        TypeKind.Int or TypeKind.Long => Cast(Number(value.AsLong), value.Type),
        TypeKind.Float => Cast(SqlText.Literal(Floating(((float)value.AsDouble).ToString("R", CultureInfo.InvariantCulture), value.AsDouble)), value.Type),
        TypeKind.Double => Cast(SqlText.Literal(Floating(value.AsDouble.ToString("R", CultureInfo.InvariantCulture), value.AsDouble)), value.Type),

        // Dates and times by their counts, which hold years that .NET has no names for.
        TypeKind.Date => $"make_date(CAST({Number(value.AsLong)} AS INTEGER))",
        TypeKind.Time => $"(TIME '00:00:00' + to_microseconds({Number(value.AsLong)}))",
        TypeKind.Timestamp => $"make_timestamp({Number(value.AsLong)})",
        TypeKind.TimestampTz => $"CAST(make_timestamp({Number(value.AsLong)}) AS TIMESTAMP WITH TIME ZONE)",
        TypeKind.TimestampNs => $"make_timestamp_ns({Number(value.AsLong)})",

        // In microseconds, cut towards 1970, as DuckDB reads the same instants from files.
        TypeKind.TimestampTzNs => $"CAST(make_timestamp({Number(value.AsLong / 1000)}) AS TIMESTAMP WITH TIME ZONE)",
        TypeKind.Decimal => Cast(SqlText.Literal(value.ToString()), value.Type),
        TypeKind.String => SqlText.Literal(value.AsString),
        TypeKind.Uuid => Cast(SqlText.Literal(value.AsGuid.ToString("D")), value.Type),
        TypeKind.Fixed or TypeKind.Binary => $"from_hex({SqlText.Literal(Convert.ToHexString(value.AsBytes.Span))})",
        _ => throw new SqlEngineException($"A constant of the Iceberg type {value.Type} cannot be shown in DuckDB."),
    };

    private static string Cast(string text, PrimitiveType type) => $"CAST({text} AS {DuckDbTypes.Of(type)})";

    private static string Number(long value) =>
        string.Create(CultureInfo.InvariantCulture, $"CAST('{value}' AS BIGINT)");

    private static string Floating(string text, double value) => double.IsNaN(value) ? "nan"
        : double.IsPositiveInfinity(value) ? "inf"
        : double.IsNegativeInfinity(value) ? "-inf"
        : text;
}
