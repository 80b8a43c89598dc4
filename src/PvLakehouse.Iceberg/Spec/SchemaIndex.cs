using System.Collections.Frozen;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>Walks a schema once and makes its look-up tables.</summary>
internal static class SchemaIndex
{
    public static List<SchemaField> Flatten(StructType type)
    {
        var all = new List<SchemaField>();
        AddStruct(all, type, "", null, repeated: false, optionalAncestor: false);
        var seen = new Dictionary<int, string>();
        foreach (var field in all)
        {
            if (!seen.TryAdd(field.Id, field.FullName))
            {
                throw new ArgumentException(
                    $"Fields '{seen[field.Id]}' and '{field.FullName}' share the id {field.Id}.", nameof(type));
            }
        }

        return all;
    }

    public static FrozenDictionary<string, SchemaField> ByName(List<SchemaField> all)
    {
        var names = new Dictionary<string, SchemaField>(StringComparer.Ordinal);
        foreach (var field in all)
        {
            // A column named "a.b" hides the nested field b of a, as in the reference implementation.
            if (!names.TryAdd(field.FullName, field) && field.ParentId is null)
            {
                names[field.FullName] = field;
            }
        }

        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static Dictionary<string, List<SchemaField>> ByLowerName(FrozenDictionary<string, SchemaField> names)
    {
        var lower = new Dictionary<string, List<SchemaField>>(StringComparer.Ordinal);
        foreach (var (name, field) in names)
        {
            var key = Lower(name);
            if (lower.TryGetValue(key, out var fields))
            {
                fields.Add(field);
            }
            else
            {
                lower[key] = [field];
            }
        }

        return lower;
    }

#pragma warning disable CA1308 // A look-up key, never shown; lower case is what other engines fold to.
    public static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    public static void CheckIdentifiers(Schema schema)
    {
        foreach (var id in schema.IdentifierFieldIds)
        {
            var why = schema.Find(id) switch
            {
                null => "there is no such field",
                { Field.Required: false } => "it is optional",
                { Type: not PrimitiveType } => "it is nested",
                { Type: PrimitiveType { IsFloating: true } } => "it is a floating-point number",
                { Repeated: true } => "it lies inside a list or map",
                { OptionalAncestor: true } => "it lies inside an optional struct",
                _ => null,
            };
            if (why is not null)
            {
                throw new ArgumentException($"Field {id} cannot identify rows: {why}.", nameof(schema));
            }
        }
    }

    private static void AddStruct(
        List<SchemaField> all, StructType type, string prefix, int? parent, bool repeated, bool optionalAncestor)
    {
        foreach (var field in type.Fields)
        {
            Add(all, field, prefix, parent, repeated, optionalAncestor);
        }
    }

    private static void Add(
        List<SchemaField> all, NestedField field, string prefix, int? parent, bool repeated, bool optionalAncestor)
    {
        var fullName = prefix + field.Name;
        all.Add(new SchemaField(field, fullName, parent, repeated, optionalAncestor));
        var below = fullName + ".";
        var optional = optionalAncestor || !field.Required;
        switch (field.Type)
        {
            case StructType nested:
                AddStruct(all, nested, below, field.Id, repeated, optional);
                break;
            case ListType list:
                var element = new NestedField(list.ElementId, "element", list.Element, list.ElementRequired);
                Add(all, element, below, field.Id, repeated: true, optional);
                break;
            case MapType map:
                Add(all, new NestedField(map.KeyId, "key", map.Key, Required: true), below, field.Id, repeated: true, optional);
                var value = new NestedField(map.ValueId, "value", map.Value, map.ValueRequired);
                Add(all, value, below, field.Id, repeated: true, optional);
                break;
        }
    }
}
