using System.Text.Json;
using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>The JSON form of partition specs and sort orders (spec: "Appendix C").</summary>
internal static class PartitionSpecJson
{
    public static PartitionSpec Read(JsonElement element)
    {
        var json = new JsonObjectReader(element, "a partition spec");
        return new PartitionSpec(json.Int("spec-id"), ReadFields(json.Value("fields")));
    }

    /// <summary>Reads the bare fields, as version 1 metadata and manifest headers hold them.</summary>
    public static List<PartitionField> ReadFields(JsonElement fields)
    {
        if (fields.ValueKind != JsonValueKind.Array)
        {
            throw new IcebergFormatException("The fields of a partition spec should be a JSON array.");
        }

        var list = new List<PartitionField>();
        foreach (var element in fields.EnumerateArray())
        {
            var json = new JsonObjectReader(element, "a partition field");

            // Version 1 may leave the ids out: they count from 1000 then.
            var fieldId = json.OptionalInt("field-id") ?? PartitionSpec.FirstFieldId + list.Count;
            var (source, transform) = Source(json);
            list.Add(new PartitionField(source, fieldId, json.Text("name"), transform)
            {
                Extra = json.Extra("source-id", "field-id", "name", "transform"),
            });
        }

        return list;
    }

    public static void Write(Utf8JsonWriter writer, PartitionSpec spec)
    {
        writer.WriteStartObject();
        writer.WriteNumber("spec-id", spec.SpecId);
        writer.WritePropertyName("fields");
        WriteFields(writer, spec);
        writer.WriteEndObject();
    }

    public static void WriteFields(Utf8JsonWriter writer, PartitionSpec spec)
    {
        writer.WriteStartArray();
        foreach (var field in spec.Fields)
        {
            writer.WriteStartObject();
            writer.WriteString("name", field.Name);
            writer.WriteString("transform", field.Transform.ToString());
            writer.WriteNumber("source-id", field.SourceId);
            writer.WriteNumber("field-id", field.FieldId);
            field.Extra.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static SortOrder ReadOrder(JsonElement element)
    {
        var order = new JsonObjectReader(element, "a sort order");
        return new SortOrder(order.Int("order-id"), order.List("fields", field =>
        {
            var json = new JsonObjectReader(field, "a sort field");
            var direction = json.Text("direction") switch
            {
                "asc" => SortDirection.Ascending,
                "desc" => SortDirection.Descending,
                var other => throw new IcebergFormatException($"Sort direction '{other}' is neither asc nor desc."),
            };
            var nulls = json.Text("null-order") switch
            {
                "nulls-first" => NullOrder.First,
                "nulls-last" => NullOrder.Last,
                var other => throw new IcebergFormatException(
                    $"Null order '{other}' is neither nulls-first nor nulls-last."),
            };
            var (source, transform) = Source(json);
            return new SortField(source, transform, direction, nulls)
            {
                Extra = json.Extra("source-id", "transform", "direction", "null-order"),
            };
        }));
    }

    public static void WriteOrder(Utf8JsonWriter writer, SortOrder order)
    {
        writer.WriteStartObject();
        writer.WriteNumber("order-id", order.OrderId);
        writer.WriteStartArray("fields");
        foreach (var field in order.Fields)
        {
            writer.WriteStartObject();
            writer.WriteString("transform", field.Transform.ToString());
            writer.WriteNumber("source-id", field.SourceId);
            writer.WriteString("direction", field.Direction == SortDirection.Ascending ? "asc" : "desc");
            writer.WriteString("null-order", field.Nulls == NullOrder.First ? "nulls-first" : "nulls-last");
            field.Extra.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>
    /// The source column and its transform. Version 3 may give a list of columns; with more than one the transform is none
    /// of those that are known here, whatever its name.
    /// </summary>
    private static (int Id, Transform Transform) Source(JsonObjectReader json)
    {
        var text = json.Text("transform");
        var ids = json.OptionalList("source-ids", id => id.GetInt32()) ?? [];
        var first = json.OptionalInt("source-id") ?? (ids is [var only, ..] ? only : throw json.Missing("source-id"));
        return (first, ids.Count > 1 ? Transform.OfUnknown(text) : Transform.Parse(text));
    }
}
