using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>Changes a schema until another one fits into it, by name.</summary>
internal sealed class SchemaUnion(UpdateSchema update, Func<string, SchemaField?> find)
{
    public void Add(string? parent, StructType other)
    {
        foreach (var field in other.Fields)
        {
            if (find(parent is null ? field.Name : $"{parent}.{field.Name}") is { } existing)
            {
                Merge(existing, field);
            }
            else
            {
                update.AddColumn(parent, field.Name, field.Type, field.Doc);
            }
        }
    }

    private void Merge(SchemaField existing, NestedField other)
    {
        var name = existing.FullName;
        switch (existing.Type, other.Type)
        {
            case (PrimitiveType from, PrimitiveType to) when from.CanPromoteTo(to):
                update.UpdateColumnType(name, to);
                break;
            case (PrimitiveType wide, PrimitiveType narrow) when narrow.CanPromoteTo(wide):
                break;
            case (StructType, StructType type):
                Add(name, type);
                break;
            case (ListType, ListType list):
                Merge(find($"{name}.element")!, new NestedField(list.ElementId, "element", list.Element, list.ElementRequired));
                break;
            case (MapType mine, MapType map) when KeyFits(map.Key, mine.Key):
                Merge(find($"{name}.value")!, new NestedField(map.ValueId, "value", map.Value, map.ValueRequired));
                break;
            default:
                throw new IncompatibleSchemaException(
                    $"Column '{name}' of type {existing.Type} cannot become {other.Type}.");
        }

        if (!other.Required)
        {
            update.MakeOptional(name);
        }

        if (other.Doc is { } doc)
        {
            update.UpdateDoc(name, doc);
        }
    }

    /// <summary>Keys cannot change, so those of the other must fit as they are.</summary>
    private static bool KeyFits(IcebergType other, IcebergType mine) => other.Equals(mine)
        || (other is PrimitiveType from && mine is PrimitiveType to && from.CanPromoteTo(to));
}
