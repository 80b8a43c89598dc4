using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DuckDB.NET.Data;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Engine.DuckDb.Reading;

/// <summary>Brings the rows of metadata tables into DuckDB.</summary>
/// <remarks>
/// The appender takes no structs and maps, so these columns travel as JSON and the view casts them to their types. Bytes in
/// them are written as DuckDB's text form of a BLOB, which a cast reads from VARCHAR but not from JSON.
/// </remarks>
internal sealed class MetadataRows(DuckDBConnection connection, DuckDbStatements duckDb)
{
    /// <summary>Loads the rows and says how to read them.</summary>
    public async Task<string> StageAsync(ShownMetadata table, CancellationToken cancellationToken)
    {
        var name = $"metadata of {table.Mention}";
        var columns = table.Schema.Columns;
        var staged = columns.Select(c => new StagedColumn(c.Name, IsPlain(c.Type) ? c.Type : IcebergType.String)).ToList();
        await new RowStager(connection, duckDb).StageAsync(
            name, staged, PlainAsync(table, columns, cancellationToken), cancellationToken);
        var select = columns.Select(c => IsPlain(c.Type)
            ? SqlText.Name(c.Name)
            : $"CAST(CAST(CAST({SqlText.Name(c.Name)} AS JSON) AS {DuckDbTypes.Of(WithoutBytes(c.Type))}) AS {DuckDbTypes.Of(c.Type)}) AS {SqlText.Name(c.Name)}");
        return $"SELECT {SqlText.List(select)} FROM temp.main.{SqlText.Name(name)}";
    }

    private static async IAsyncEnumerable<object?[]> PlainAsync(
        ShownMetadata table, IReadOnlyList<NestedField> columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in table.Kind.ReadAsync(table.Table, table.SnapshotId, cancellationToken))
        {
            var values = new object?[row.Length];
            for (var i = 0; i < row.Length; i++)
            {
                values[i] = row[i] is { } value && !IsPlain(columns[i].Type) ? Json(value, columns[i].Type) : row[i];
            }

            yield return values;
        }
    }

    /// <summary>Whether the appender takes the type as it is.</summary>
    private static bool IsPlain(IcebergType type) => type is PrimitiveType or ListType { Element: PrimitiveType };

    /// <summary>The same type with texts in place of bytes.</summary>
    private static IcebergType WithoutBytes(IcebergType type) => type switch
    {
        StructType fields => new StructType([.. fields.Fields.Select(f => f with { Type = WithoutBytes(f.Type) })]),
        ListType list => list with { Element = WithoutBytes(list.Element) },
        MapType map => map with { Key = WithoutBytes(map.Key), Value = WithoutBytes(map.Value) },
        { Kind: TypeKind.Binary or TypeKind.Fixed } => IcebergType.String,
        _ => type,
    };

    private static string Json(object value, IcebergType type)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, value, type);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, object? value, IcebergType type)
    {
        switch (value, type)
        {
            case (null, _):
                json.WriteNullValue();
                break;
            case (System.Collections.IDictionary fields, StructType structure):
                json.WriteStartObject();
                foreach (var field in structure.Fields)
                {
                    json.WritePropertyName(field.Name);
                    Write(json, fields[field.Name], field.Type);
                }

                json.WriteEndObject();
                break;
            case (System.Collections.IDictionary entries, MapType map):
                json.WriteStartObject();
                foreach (System.Collections.DictionaryEntry entry in entries)
                {
                    json.WritePropertyName(Text(entry.Key));
                    Write(json, entry.Value, map.Value);
                }

                json.WriteEndObject();
                break;
            case (System.Collections.IEnumerable items, ListType list):
                json.WriteStartArray();
                foreach (var item in items)
                {
                    Write(json, item, list.Element);
                }

                json.WriteEndArray();
                break;
            case (bool flag, _):
                json.WriteBooleanValue(flag);
                break;
            default:
                json.WriteStringValue(Text(value!));
                break;
        }
    }

    /// <summary>A value as DuckDB reads it from text; numbers too, because JSON has no NaN and no infinity.</summary>
    private static string Text(object value) => value switch
    {
        byte[] bytes => string.Concat(bytes.Select(b => $"\\x{b:X2}")),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTime { Kind: DateTimeKind.Utc } instant => instant.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF'+00'", CultureInfo.InvariantCulture),
        DateTime clock => clock.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
