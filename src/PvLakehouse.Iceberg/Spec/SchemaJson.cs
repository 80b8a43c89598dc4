using System.Text.Json;
using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>The JSON form of schemas and types (spec: "Appendix C").</summary>
internal static class SchemaJson
{
    private const string InitialDefault = "initial-default";
    private const string WriteDefault = "write-default";

    public static Schema Read(string json) => JsonText.Read(json, "The schema", Read);

    public static string Write(Schema schema) => JsonText.Write(writer => Write(writer, schema));

    public static Schema Read(JsonElement element)
    {
        var json = new JsonObjectReader(element, "a schema");
        var type = ReadType(element) as StructType
            ?? throw new IcebergFormatException("A schema should be of type struct.");
        return new Schema(
            type, json.OptionalInt("schema-id") ?? 0, json.OptionalList("identifier-field-ids", id => id.GetInt32()));
    }

    public static void Write(Utf8JsonWriter writer, Schema schema)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "struct");
        writer.WriteNumber("schema-id", schema.SchemaId);
        if (schema.IdentifierFieldIds.Count > 0)
        {
            writer.WriteStartArray("identifier-field-ids");
            foreach (var id in schema.IdentifierFieldIds)
            {
                writer.WriteNumberValue(id);
            }

            writer.WriteEndArray();
        }

        WriteFields(writer, schema.Struct);
        writer.WriteEndObject();
    }

    private static IcebergType ReadType(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return IcebergType.Parse(element.GetString()!);
        }

        var json = new JsonObjectReader(element, "a type");
        return json.Text("type") switch
        {
            "struct" => new StructType(json.List("fields", ReadField)),
            "list" => new ListType(json.Int("element-id"), ReadType(json.Value("element")), json.Bool("element-required")),
            "map" => new MapType(
                json.Int("key-id"), ReadType(json.Value("key")),
                json.Int("value-id"), ReadType(json.Value("value")), json.Bool("value-required")),
            var other => throw new IcebergFormatException($"Type '{other}' is not struct, list or map."),
        };
    }

    private static NestedField ReadField(JsonElement element)
    {
        var json = new JsonObjectReader(element, "a field");
        var (id, name, type) = (json.Int("id"), json.Text("name"), ReadType(json.Value("type")));
        var required = json.Bool("required");
        if (required && type is PrimitiveType { Kind: TypeKind.Unknown })
        {
            throw new IcebergFormatException($"Field '{name}' is of type unknown, so it cannot be required.");
        }

        var (initial, nestedInitial) = ReadDefault(json, InitialDefault, type, name);
        var (write, nestedWrite) = ReadDefault(json, WriteDefault, type, name);
        return new NestedField(id, name, type, required, json.OptionalText("doc"))
        {
            InitialDefault = initial,
            WriteDefault = write,
            NestedInitialDefault = nestedInitial,
            NestedWriteDefault = nestedWrite,
            Extra = json.Extra("id", "name", "type", "required", "doc", InitialDefault, WriteDefault),
        };
    }

    private static (Literal? Value, string? Nested) ReadDefault(
        JsonObjectReader json, string member, IcebergType type, string field)
    {
        if (json.OptionalValue(member) is not { } value)
        {
            return (null, null);
        }

        try
        {
            if (type is PrimitiveType primitive)
            {
                return (SingleValueJson.Read(primitive, value), null);
            }

            SingleValueJson.Check(type, value);
            return (null, value.GetRawText());
        }
        catch (IcebergFormatException e)
        {
            throw new IcebergFormatException($"{member} of field '{field}': {e.Message}", innerException: e);
        }
    }

    private static void WriteType(Utf8JsonWriter writer, IcebergType type)
    {
        switch (type)
        {
            case StructType s:
                writer.WriteStartObject();
                writer.WriteString("type", "struct");
                WriteFields(writer, s);
                writer.WriteEndObject();
                break;
            case ListType l:
                writer.WriteStartObject();
                writer.WriteString("type", "list");
                writer.WriteNumber("element-id", l.ElementId);
                writer.WritePropertyName("element");
                WriteType(writer, l.Element);
                writer.WriteBoolean("element-required", l.ElementRequired);
                writer.WriteEndObject();
                break;
            case MapType m:
                writer.WriteStartObject();
                writer.WriteString("type", "map");
                writer.WriteNumber("key-id", m.KeyId);
                writer.WritePropertyName("key");
                WriteType(writer, m.Key);
                writer.WriteNumber("value-id", m.ValueId);
                writer.WritePropertyName("value");
                WriteType(writer, m.Value);
                writer.WriteBoolean("value-required", m.ValueRequired);
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(type.ToString());
                break;
        }
    }

    private static void WriteFields(Utf8JsonWriter writer, StructType type)
    {
        writer.WriteStartArray("fields");
        foreach (var field in type.Fields)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", field.Id);
            writer.WriteString("name", field.Name);
            writer.WriteBoolean("required", field.Required);
            writer.WritePropertyName("type");
            WriteType(writer, field.Type);
            if (field.Doc is { } doc)
            {
                writer.WriteString("doc", doc);
            }

            WriteDefaultValue(writer, InitialDefault, field.InitialDefault, field.NestedInitialDefault);
            WriteDefaultValue(writer, WriteDefault, field.WriteDefault, field.NestedWriteDefault);
            field.Extra.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteDefaultValue(Utf8JsonWriter writer, string member, Literal? value, string? nested)
    {
        if (value is { } literal)
        {
            writer.WritePropertyName(member);
            SingleValueJson.Write(writer, literal);
        }
        else if (nested is not null)
        {
            writer.WritePropertyName(member);
            writer.WriteRawValue(nested);
        }
    }
}
