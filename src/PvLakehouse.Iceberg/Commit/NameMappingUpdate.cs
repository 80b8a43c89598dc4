using System.Text.Json;
using System.Text.Json.Nodes;
using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>
/// Keeps the mapping of names to field ids (spec: "Column Projection") up with a change of the schema: files that come
/// without ids may carry old names as well as new ones.
/// </summary>
internal sealed class NameMappingUpdate(SchemaChanges changes)
{
    /// <exception cref="IcebergFormatException">The mapping is not what the specification says.</exception>
    public static string Apply(string mapping, SchemaChanges changes)
    {
        try
        {
            var fields = JsonNode.Parse(mapping) as JsonArray ?? throw new JsonException("It should be a list of fields.");
            new NameMappingUpdate(changes).Update(fields, SchemaChanges.Top);
            return fields.ToJsonString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new IcebergFormatException(
                $"Table property '{NameMapping.Property}' is no name mapping: {e.Message}", location: null, e);
        }
    }

    private void Update(JsonArray fields, int parent)
    {
        var assigned = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var field in fields.OfType<JsonObject>())
        {
            if (Id(field) is { } id && changes.Updated.TryGetValue(id, out var changed))
            {
                assigned[changed.Name] = id;
            }
        }

        var added = changes.Added.GetValueOrDefault(parent) ?? [];
        foreach (var field in added)
        {
            assigned[field.Name] = field.Id;
        }

        foreach (var field in fields.OfType<JsonObject>())
        {
            UpdateNames(field, assigned);
            if (Id(field) is { } id)
            {
                UpdateNested(field, id);
            }
        }

        foreach (var field in added)
        {
            fields.Add((JsonNode)New(field));
        }
    }

    private void UpdateNested(JsonObject field, int id)
    {
        if (field["fields"] is JsonArray nested)
        {
            Update(nested, id);
        }
        else if (changes.Added.TryGetValue(id, out var added))
        {
            field["fields"] = new JsonArray([.. added.Select(f => (JsonNode)New(f))]);
        }
    }

    /// <summary>A name belongs to one field of a level: the one that got it last.</summary>
    private void UpdateNames(JsonObject field, Dictionary<string, int> assigned)
    {
        var id = Id(field);
        var names = (field["names"] as JsonArray ?? []).Select(n => n!.GetValue<string>())
            .Where(n => !assigned.TryGetValue(n, out var owner) || owner == id).ToList();
        if (id is { } known && changes.Updated.TryGetValue(known, out var changed) && !names.Contains(changed.Name, StringComparer.Ordinal))
        {
            names.Add(changed.Name);
        }

        field["names"] = new JsonArray([.. names.Select(n => (JsonNode)JsonValue.Create(n))]);
    }

    private static int? Id(JsonObject field) => field["field-id"]?.GetValue<int>();

    private static JsonObject New(NestedField field)
    {
        var made = new JsonObject
        {
            ["field-id"] = field.Id,
            ["names"] = new JsonArray(JsonValue.Create(field.Name)),
        };
        var nested = Children(field.Type);
        if (nested.Count > 0)
        {
            made["fields"] = new JsonArray([.. nested.Select(f => (JsonNode)New(f))]);
        }

        return made;
    }

    private static IReadOnlyList<NestedField> Children(IcebergType type) => type switch
    {
        StructType s => s.Fields,
        ListType l => [new NestedField(l.ElementId, "element", l.Element, l.ElementRequired)],
        MapType m =>
        [
            new NestedField(m.KeyId, "key", m.Key, Required: true),
            new NestedField(m.ValueId, "value", m.Value, m.ValueRequired),
        ],
        _ => [],
    };
}
