using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>Values and types of a result as plain .NET values and SQL names.</summary>
internal static class DuckDbValues
{
    private static readonly MethodInfo GetFieldValue = typeof(DuckDBDataReader).GetMethod(nameof(DuckDBDataReader.GetFieldValue))!;

    public static object?[] Row(DuckDBDataReader reader)
    {
        var row = new object?[reader.FieldCount];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = reader.IsDBNull(i) ? null : Value(reader, i);
        }

        return row;
    }

    public static SqlColumn Column(DuckDBDataReader reader, int column) =>
        new(reader.GetName(column), reader.GetDataTypeName(column) switch
    {
        "TimestampTz" => "TIMESTAMP WITH TIME ZONE",
        "TimestampNs" => "TIMESTAMP_NS",
        "TimestampMs" => "TIMESTAMP_MS",
        "TimestampS" => "TIMESTAMP_S",
        "TimeTz" => "TIME WITH TIME ZONE",
        "UnsignedTinyInt" => "UTINYINT",
        "UnsignedSmallInt" => "USMALLINT",
        "UnsignedInteger" => "UINTEGER",
        "UnsignedBigInt" => "UBIGINT",
        "UnsignedHugeInt" => "UHUGEINT",
        var name => name.ToUpperInvariant(),
    });

    private static object Value(DuckDBDataReader reader, int column)
    {
        try
        {
            return (NullableList(reader.GetFieldType(column)) is { } list ? List(reader, column, list) : reader.GetValue(column)) switch
            {
                Stream bytes => Bytes(bytes),
                DateTime instant when reader.GetDataTypeName(column) is "TimestampTz" =>
                    DateTime.SpecifyKind(instant, DateTimeKind.Utc),
                var value => value,
            };
        }
        catch (Exception error)
            when (error is InvalidOperationException or ArgumentOutOfRangeException or OverflowException)
        {
            return OutOfRange(reader.GetProviderSpecificValue(column));
        }
        catch (InvalidCastException error)
        {
            var name = reader.GetName(column);
            throw new SqlEngineException(
                $"Column '{name}' holds lists with nulls inside of structs or maps, which have "
                + $"no .NET value; select CAST({name} AS VARCHAR).",
                error);
        }
    }

    /// <summary>
    /// The driver gives lists as those of a plain value type, which cannot hold their nulls, unless asked for another.
    /// </summary>
    private static object List(DuckDBDataReader reader, int column, Type type)
    {
        try
        {
            return GetFieldValue.MakeGenericMethod(type).Invoke(reader, [column])!;
        }
        catch (TargetInvocationException error) when (error.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    /// <summary>
    /// The type of a list whose values may be null; null for what is no list of value types, however deep.
    /// </summary>
    private static Type? NullableList(Type type)
    {
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(List<>))
        {
            return null;
        }

        var element = type.GetGenericArguments()[0];
        var nullable = element.IsValueType && Nullable.GetUnderlyingType(element) is null
            ? typeof(Nullable<>).MakeGenericType(element)
            : NullableList(element);
        return nullable is null ? null : typeof(List<>).MakeGenericType(nullable);
    }

    /// <summary>
    /// Infinite times, years beyond 9999 and decimals of more than 28 digits have no .NET value: they come as DuckDB's
    /// text.
    /// </summary>
    private static string OutOfRange(object value) => value switch
    {
        DuckDBTimestamp { IsPositiveInfinity: true } or DuckDBDateOnly { IsPositiveInfinity: true } => "infinity",
        DuckDBTimestamp { IsNegativeInfinity: true } or DuckDBDateOnly { IsNegativeInfinity: true } => "-infinity",
        DuckDBTimestamp t => FormattableString.Invariant(
            $"{Day(t.Date)} {t.Time.Hour:00}:{t.Time.Min:00}:{t.Time.Sec:00}.{t.Time.Microsecond:000000}"),
        DuckDBDateOnly date => Day(date),
        DuckDBDecimal number => Digits(number.Value.ToBigInteger(), number.Scale),
        _ => string.Format(CultureInfo.InvariantCulture, "{0}", value),
    };

    private static string Day(DuckDBDateOnly date) =>
        FormattableString.Invariant($"{date.Year:0000}-{date.Month:00}-{date.Day:00}");

    private static string Digits(BigInteger unscaled, int scale)
    {
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return unscaled.Sign < 0 ? $"-{text}" : text;
    }

    private static byte[] Bytes(Stream stream)
    {
        using (stream)
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }
}
