using System.Numerics;
using DuckDB.NET.Data;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Writing;

/// <summary>The bucket transform inside DuckDB, which has no MurmurHash3: functions that call the Iceberg library.</summary>
/// <remarks>They belong to the database, so that every connection to it has them. One function for each way of hashing.</remarks>
internal static class BucketFunctions
{
    private const string OfNumber = "__bucket_number";
    private const string OfDecimal = "__bucket_decimal";
    private const string OfText = "__bucket_text";
    private const string OfUuid = "__bucket_uuid";
    private const string OfHex = "__bucket_hex";

    /// <summary>How many digits the widest decimal has.</summary>
    private const int Digits = 38;

    /// <summary>Adds the functions to a database.</summary>
    public static void Register(DuckDBConnection connection)
    {
        Register<long>(connection, OfNumber, Literal.Long);
        Register<BigInteger>(connection, OfDecimal, v => Literal.Decimal(v, Digits, 0));
        Register<string>(connection, OfText, Literal.String);
        Register<Guid>(connection, OfUuid, Literal.Uuid);

        // DuckDB.NET hands bytes over as streams; hexadecimal digits are plain text.
        Register<string>(connection, OfHex, v => Literal.Binary(Convert.FromHexString(v)));
    }

    /// <summary>SQL of the bucket of a value; null when values of the type have none.</summary>
    public static string? Of(Transform transform, PrimitiveType source, string value)
    {
        var call = source.Kind switch
        {
            // Keys of a merge may be wider numbers; those that do not fit meet nothing.
            TypeKind.Int or TypeKind.Long => $"{OfNumber}(TRY_CAST({value} AS BIGINT)",
            TypeKind.Date => $"{OfNumber}(CAST({value} - DATE '1970-01-01' AS BIGINT)",
            TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz => $"{OfNumber}(epoch_us({value})",
            TypeKind.Decimal => $"{OfDecimal}({TransformSql.Unscaled(value)}",
            TypeKind.String => $"{OfText}({value}",
            TypeKind.Uuid => $"{OfUuid}({value}",
            TypeKind.Binary => $"{OfHex}(hex({value})",
            _ => null,
        };
        return call is null ? null : FormattableString.Invariant($"{call}, {transform.Parameter})");
    }

    private static void Register<T>(DuckDBConnection connection, string name, Func<T, Literal> literal) =>
        connection.RegisterScalarFunction<T, int, int>(
            name,
            (arguments, results, count) =>
            {
                var (values, buckets) = (arguments[0], arguments[1]);
                Transform? transform = null;
                for (var row = 0UL; row < count; row++)
                {
                    if (!values.IsValid(row))
                    {
                        results.WriteNull(row);
                        continue;
                    }

                    var number = buckets.GetValue<int>(row);
                    transform = transform?.Parameter == number ? transform : Transform.Bucket(number);
                    results.WriteValue((int)transform.Apply(literal(values.GetValue<T>(row)))!.Value.AsLong, row);
                }
            },
            new ScalarFunctionOptions { IsPureFunction = true, HandlesNulls = true });
}
