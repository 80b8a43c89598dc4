using System.Globalization;
using DuckDB.NET.Data;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>How a .NET value gets into a column of an appender, by the column's type.</summary>
internal static class AppendedValue
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <exception cref="SqlEngineException">Columns of that type cannot be staged.</exception>
    public static Action<IDuckDBAppenderRow, object> For(StagedColumn column) => column.Type switch
    {
        PrimitiveType primitive => Primitive(primitive.Kind) ?? throw Unsupported(column),
        ListType { Element: PrimitiveType element } => List(element.Kind) ?? throw Unsupported(column),
        _ => throw Unsupported(column),
    };

    private static Action<IDuckDBAppenderRow, object>? Primitive(TypeKind kind) => kind switch
    {
        TypeKind.Boolean => (row, value) => row.AppendValue((bool?)value),
        TypeKind.Int => (row, value) => row.AppendValue((int?)Whole(value, Convert.ToInt32)),
        TypeKind.Long => (row, value) => row.AppendValue((long?)Whole(value, Convert.ToInt64)),
        TypeKind.Float => (row, value) => row.AppendValue((float?)Convert.ToSingle(Number(value), Invariant)),
        TypeKind.Double => (row, value) => row.AppendValue((double?)Convert.ToDouble(Number(value), Invariant)),
        TypeKind.Decimal => (row, value) => row.AppendValue((decimal?)Convert.ToDecimal(Number(value), Invariant)),
        TypeKind.Date => (row, value) => row.AppendValue((DateOnly?)value),
        TypeKind.Time => (row, value) => row.AppendValue((TimeOnly?)value),
        TypeKind.Timestamp or TypeKind.TimestampNs => (row, value) => row.AppendValue((DateTime?)value),
        TypeKind.TimestampTz => (row, value) => row.AppendValue((DateTime?)Instant(value)),
        TypeKind.String => (row, value) => row.AppendValue((string)value),
        TypeKind.Uuid => (row, value) => row.AppendValue((Guid?)value),
        TypeKind.Fixed or TypeKind.Binary => (row, value) => row.AppendValue((byte[])value),
        _ => null,
    };

    private static Action<IDuckDBAppenderRow, object>? List(TypeKind kind) => kind switch
    {
        TypeKind.Boolean => (row, value) => row.AppendValue((IEnumerable<bool>)value),
        TypeKind.Int => (row, value) => row.AppendValue((IEnumerable<int>)value),
        TypeKind.Long => (row, value) => row.AppendValue((IEnumerable<long>)value),
        TypeKind.Float => (row, value) => row.AppendValue((IEnumerable<float>)value),
        TypeKind.Double => (row, value) => row.AppendValue((IEnumerable<double>)value),
        TypeKind.String => (row, value) => row.AppendValue((IEnumerable<string>)value),
        _ => null,
    };

    private static T Whole<T>(object value, Func<object, IFormatProvider, T> convert) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong
            ? convert(value, Invariant)
            : throw new InvalidCastException("The value is no whole number.");

    private static object Number(object value) => value is string or bool or DateTime
        ? throw new InvalidCastException("The value is no number.")
        : value;

    /// <summary>Instants as UTC; a local time of this machine has no place in a lake.</summary>
    private static DateTime Instant(object value) => value switch
    {
        DateTimeOffset instant => instant.UtcDateTime,
        DateTime { Kind: DateTimeKind.Utc } instant => instant,
        _ => throw new InvalidCastException("An instant must be a DateTimeOffset or a DateTime in UTC."),
    };

    private static SqlEngineException Unsupported(StagedColumn column) =>
        new($"Column '{column.Name}' has the type {column.Type}, which rows from C# cannot be staged as; stage its parts and build it in SQL.");
}
