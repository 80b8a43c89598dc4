using DuckDB.NET.Data;

namespace PvLakehouse.Engine.DuckDb;

/// <summary>Values of a result as plain .NET values.</summary>
internal static class DuckDbValues
{
    public static object?[] Row(DuckDBDataReader reader)
    {
        var row = new object?[reader.FieldCount];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = reader.IsDBNull(i) ? null : Plain(reader, i);
        }

        return row;
    }

    private static object Plain(DuckDBDataReader reader, int column) => reader.GetValue(column) switch
    {
        Stream bytes => Bytes(bytes),
        DateTime instant when reader.GetDataTypeName(column) is "TimestampTz" => DateTime.SpecifyKind(instant, DateTimeKind.Utc),
        var value => value,
    };

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
