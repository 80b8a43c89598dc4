using PvLakehouse.Iceberg.Spec;

namespace PvLakehouse.Iceberg.Commit;

/// <summary>What is to become of the fields of a schema, by field id.</summary>
internal sealed class SchemaChanges
{
    /// <summary>Stands for the top level where the id of a parent is asked for.</summary>
    public const int Top = -1;

    /// <summary>Fields that go, with all that is nested in them.</summary>
    public HashSet<int> Deleted { get; } = [];

    /// <summary>
    /// Fields that change: name, doc, type or whether they are required. What is nested in them is not counted.
    /// </summary>
    public Dictionary<int, NestedField> Updated { get; } = [];

    /// <summary>New fields in order, by the id of their parent.</summary>
    public Dictionary<int, List<NestedField>> Added { get; } = [];

    /// <summary>Moves in order, by the id of the parent of what moves.</summary>
    public Dictionary<int, List<FieldMove>> Moved { get; } = [];

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Deleted.Count == 0 && Updated.Count == 0 && Added.Count == 0 && Moved.Count == 0;

    /// <summary>The columns with the changes made.</summary>
    /// <exception cref="InvalidOperationException">
    /// A map key would change, or a list or map lose what it holds.
    /// </exception>
    public StructType Apply(StructType columns) => (StructType)Nested(columns, Top);

    private IcebergType Nested(IcebergType type, int id) => type switch
    {
        StructType s => Struct(s, id),
        ListType l => List(l),
        MapType m => Map(m),
        _ => type,
    };

    private StructType Struct(StructType type, int id)
    {
        var fields = type.Fields.Where(f => !Deleted.Contains(f.Id)).Select(Field).ToList();
        fields.AddRange(Added.GetValueOrDefault(id) ?? []);
        foreach (var move in Moved.GetValueOrDefault(id) ?? [])
        {
            var field = fields.Single(f => f.Id == move.FieldId);
            fields.Remove(field);
            var at = move.Place == FieldPlace.First ? 0 : fields.FindIndex(f => f.Id == move.ReferenceId);
            fields.Insert(move.Place == FieldPlace.After ? at + 1 : at, field);
        }

        return new StructType(fields);
    }

    private NestedField Field(NestedField field)
    {
        var type = Nested(field.Type, field.Id);
        return Updated.GetValueOrDefault(field.Id) is not { } changed
            ? field with { Type = type }
            : changed with { Type = changed.Type is PrimitiveType ? changed.Type : type };
    }

    private ListType List(ListType type)
    {
        if (Deleted.Contains(type.ElementId))
        {
            throw new InvalidOperationException("The element of a list cannot be deleted.");
        }

        var element = Field(new NestedField(type.ElementId, "element", type.Element, type.ElementRequired));
        return new ListType(type.ElementId, element.Type, element.Required);
    }

    private MapType Map(MapType type)
    {
        if (Deleted.Contains(type.ValueId))
        {
            throw new InvalidOperationException("The value of a map cannot be deleted.");
        }

        var key = Nested(type.Key, type.KeyId);
        if (Deleted.Contains(type.KeyId) || Updated.ContainsKey(type.KeyId) || Added.ContainsKey(type.KeyId) || !key.Equals(type.Key))
        {
            throw new InvalidOperationException($"The key of a map cannot change: {type}.");
        }

        var value = Field(new NestedField(type.ValueId, "value", type.Value, type.ValueRequired));
        return new MapType(type.KeyId, type.Key, type.ValueId, value.Type, value.Required);
    }
}

/// <summary>Where a field moves to.</summary>
internal enum FieldPlace
{
    First,
    Before,
    After,
}

/// <summary>A field that moves within its parent, to a place that may depend on another.</summary>
internal readonly record struct FieldMove(int FieldId, FieldPlace Place, int ReferenceId);
