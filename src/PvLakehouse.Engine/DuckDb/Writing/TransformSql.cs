using System.Globalization;
using System.Numerics;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>Partition transforms computed by DuckDB, with results printed so that they can be read back exactly.</summary>
/// <remarks>Sessions run in UTC, so that dates of instants are UTC dates as the specification asks.</remarks>
internal static class TransformSql
{
    /// <summary>The result as a sortable number or text.</summary>
    /// <exception cref="SqlEngineException">The transform of that type cannot be written.</exception>
    public static string Of(Transform transform, PrimitiveType source, string column) => (transform.Kind, source.Kind) switch
    {
        (TransformKind.Identity, TypeKind.Date) => $"CAST({column} - DATE '1970-01-01' AS INTEGER)",
        (TransformKind.Identity, TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz) => $"epoch_us({column})",
        (TransformKind.Identity, TypeKind.Boolean or TypeKind.Int or TypeKind.Long or TypeKind.Decimal or TypeKind.String or TypeKind.Uuid) => column,
        (TransformKind.Identity, TypeKind.Binary) => $"hex({column})",
        (TransformKind.Year, _) => $"date_diff('year', DATE '1970-01-01', CAST({column} AS DATE))",
        (TransformKind.Month, _) => $"date_diff('month', DATE '1970-01-01', CAST({column} AS DATE))",
        (TransformKind.Day, _) => $"CAST(CAST({column} AS DATE) - DATE '1970-01-01' AS INTEGER)",
        (TransformKind.Hour, _) => $"(epoch_us({column}) - {Modulo($"epoch_us({column})", "3600000000")}) // 3600000000",
        (TransformKind.Truncate, TypeKind.Int or TypeKind.Long) =>
            FormattableString.Invariant($"({column} - {Modulo(column, $"{transform.Parameter}")})"),
        (TransformKind.Truncate, TypeKind.Decimal) =>
            FormattableString.Invariant($"({Unscaled(column)} - {Modulo(Unscaled(column), $"{transform.Parameter}")})"),
        (TransformKind.Truncate, TypeKind.String) => FormattableString.Invariant($"left({column}, {transform.Parameter})"),
        (TransformKind.Truncate, TypeKind.Binary) => FormattableString.Invariant($"left(hex({column}), {2 * transform.Parameter})"),
        (TransformKind.Void, _) => "CAST(NULL AS INTEGER)",
        (TransformKind.Bucket, _) => BucketFunctions.Of(transform, source, column) ?? throw Unwritable(transform, source),
        _ => throw Unwritable(transform, source),
    };

    /// <summary>The digits of a decimal as a whole number, without loss.</summary>
    public static string Unscaled(string value) => $"CAST(replace(CAST({value} AS VARCHAR), '.', '') AS HUGEINT)";

    /// <summary>Reads the printed result.</summary>
    public static Literal? Read(Transform transform, PrimitiveType source, string text)
    {
        var type = transform.ResultType(source);
        if (type.Kind == TypeKind.Decimal && transform.Kind == TransformKind.Truncate)
        {
            var whole = BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var unscaled);
            return whole ? Literal.Decimal(unscaled, type.Precision, type.Scale) : null;
        }

        return type.Kind switch
        {
            TypeKind.Date or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz =>
                DuckDbText.Read(IcebergType.Long, text) is { } number ? Literal.Whole(type, number.AsLong) : null,
            _ => DuckDbText.Read(type, text),
        };
    }

    private static SqlEngineException Unwritable(Transform transform, PrimitiveType source) =>
        new($"Tables partitioned or sorted by {transform} of {source} cannot be written; the transforms of the specification can, of columns that DuckDB can write.");

    /// <summary>The remainder that is never negative, also of negative numbers.</summary>
    private static string Modulo(string value, string width) => $"((({value} % {width}) + {width}) % {width})";
}
