namespace PvLakehouse.Iceberg.Spec;

/// <summary>
/// Numbers fields anew: all of a level before those nested in it, as the reference implementation does.
/// </summary>
/// <param name="ids">Told which id became which.</param>
/// <param name="fresh">Gives the new id for an old one.</param>
internal sealed class FreshIds(Dictionary<int, int> ids, Func<int, int> fresh)
{
    public Schema Assign(Schema schema)
    {
        var type = Struct(schema.Struct);
        return new Schema(type, 0, schema.IdentifierFieldIds.Select(id => ids[id]));
    }

    public StructType Struct(StructType type)
    {
        var numbered = type.Fields.Select(f => (Field: f, Id: Next(f.Id))).ToList();
        return new StructType([.. numbered.Select(n => n.Field with { Id = n.Id, Type = Type(n.Field.Type) })]);
    }

    public IcebergType Type(IcebergType type)
    {
        switch (type)
        {
            case StructType s:
                return Struct(s);
            case ListType l:
                var elementId = Next(l.ElementId);
                return new ListType(elementId, Type(l.Element), l.ElementRequired);
            case MapType m:
                var (keyId, valueId) = (Next(m.KeyId), Next(m.ValueId));
                return new MapType(keyId, Type(m.Key), valueId, Type(m.Value), m.ValueRequired);
            default:
                return type;
        }
    }

    private int Next(int old) => ids[old] = fresh(old);
}
