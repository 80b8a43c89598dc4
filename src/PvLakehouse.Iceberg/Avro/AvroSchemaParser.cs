using System.Text.Json;
using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Avro;

/// <summary>Reads the JSON form of Avro schemas (Avro 1.12 specification, "Schema Declaration").</summary>
internal sealed class AvroSchemaParser
{
    private readonly Dictionary<string, AvroSchema> _named = new(StringComparer.Ordinal);

    /// <summary>Records whose fields are being read.</summary>
    private readonly HashSet<AvroSchema> _open = [];

    public static AvroSchema Parse(string json) =>
        JsonText.Read(json, "An Avro schema", element => new AvroSchemaParser().Read(element, ""));

    private AvroSchema Read(JsonElement element, string space)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return Named(element.GetString()!, space);
            case JsonValueKind.Array:
                return new AvroUnion([.. element.EnumerateArray().Select(branch => Read(branch, space))]);
        }

        var json = new JsonObjectReader(element, "an Avro schema");
        var type = json.Value("type");
        if (type.ValueKind != JsonValueKind.String)
        {
            return Read(type, space);
        }

        var logical = json.OptionalText("logicalType");
        switch (type.GetString())
        {
            case "record":
                return ReadRecord(json, space);
            case "fixed":
                return Remember(json, space, new AvroFixed(json.Int("size"))
                {
                    LogicalType = logical,
                    Precision = json.OptionalInt("precision") ?? 0,
                    Scale = json.OptionalInt("scale") ?? 0,
                });
            case "enum":
                return Remember(json, space, new AvroEnum());
            case "array":
                return new AvroArray(Read(json.Value("items"), space)) { LogicalType = logical };
            case "map":
                return new AvroMap(Read(json.Value("values"), space)) { LogicalType = logical };
            case var name when Primitive(name!) is { } kind:
                return new AvroPrimitive(kind)
                {
                    LogicalType = logical,
                    AdjustToUtc = json.OptionalBool("adjust-to-utc") ?? false,
                    Precision = json.OptionalInt("precision") ?? 0,
                    Scale = json.OptionalInt("scale") ?? 0,
                };
            case var name:
                return Named(name!, space);
        }
    }

    private AvroRecord ReadRecord(JsonObjectReader json, string space)
    {
        var record = new AvroRecord();
        var fullName = Remember(json, space, record, out var inner);
        _open.Add(record);
        record.Fields = json.List("fields", element =>
        {
            var field = new JsonObjectReader(element, $"a field of Avro record {fullName}");
            return new AvroField(field.Text("name"), field.OptionalInt("field-id"), Read(field.Value("type"), inner));
        });
        _open.Remove(record);
        return record;
    }

    private AvroSchema Named(string name, string space)
    {
        if (Primitive(name) is { } kind)
        {
            return new AvroPrimitive(kind);
        }

        var found = _named.GetValueOrDefault(FullName(name, space)) ?? _named.GetValueOrDefault(name)
            ?? throw new IcebergFormatException($"Avro type '{name}' is not defined.");

        // No file of Iceberg needs that, and data could nest deeper than the stack is.
        return _open.Contains(found) ? throw new IcebergFormatException($"Avro record '{name}' contains itself.") : found;
    }

    private AvroSchema Remember(JsonObjectReader json, string space, AvroSchema schema)
    {
        Remember(json, space, schema, out _);
        return schema;
    }

    private string Remember(JsonObjectReader json, string space, AvroSchema schema, out string inner)
    {
        var fullName = FullName(json.Text("name"), json.OptionalText("namespace") ?? space);
        inner = fullName.Contains('.', StringComparison.Ordinal) ? fullName[..fullName.LastIndexOf('.')] : "";
        _named[fullName] = schema;
        return fullName;
    }

    private static string FullName(string name, string space) =>
        name.Contains('.', StringComparison.Ordinal) || space.Length == 0 ? name : $"{space}.{name}";

    private static AvroPrimitiveKind? Primitive(string name) => name switch
    {
        "null" => AvroPrimitiveKind.Null,
        "boolean" => AvroPrimitiveKind.Boolean,
        "int" => AvroPrimitiveKind.Int,
        "long" => AvroPrimitiveKind.Long,
        "float" => AvroPrimitiveKind.Float,
        "double" => AvroPrimitiveKind.Double,
        "bytes" => AvroPrimitiveKind.Bytes,
        "string" => AvroPrimitiveKind.String,
        _ => null,
    };
}
