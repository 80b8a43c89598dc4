namespace PvLakehouse.Iceberg.Spec;

/// <summary>Named fields, in order.</summary>
public sealed record StructType : IcebergType
{
    private readonly Dictionary<int, NestedField> _byId;
    private readonly Dictionary<string, NestedField> _byName;

    /// <summary>Makes a struct of fields whose ids and names are distinct.</summary>
    /// <exception cref="ArgumentException">Two fields share an id or a name.</exception>
    public StructType(IReadOnlyList<NestedField> fields)
        : base(TypeKind.Struct)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = [.. fields];
        _byId = new(Fields.Count);
        _byName = new(Fields.Count, StringComparer.Ordinal);
        foreach (var field in Fields)
        {
            if (!_byId.TryAdd(field.Id, field))
            {
                throw new ArgumentException(
                    $"Fields '{_byId[field.Id].Name}' and '{field.Name}' share the id {field.Id}.", nameof(fields));
            }

            if (!_byName.TryAdd(field.Name, field))
            {
                throw new ArgumentException($"Two fields are named '{field.Name}'.", nameof(fields));
            }
        }
    }

    /// <summary>The fields in their order.</summary>
    public IReadOnlyList<NestedField> Fields { get; }

    /// <summary>The direct field of that id, or null.</summary>
    public NestedField? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>The direct field of exactly that name, or null.</summary>
    public NestedField? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Whether both have equal fields in the same order.</summary>
    public bool Equals(StructType? other) => other is not null && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var field in Fields)
        {
            hash.Add(field);
        }

        return hash.ToHashCode();
    }
}

/// <summary>Elements of one type; the element has a field id of its own.</summary>
public sealed record ListType(int ElementId, IcebergType Element, bool ElementRequired) : IcebergType(TypeKind.List);

/// <summary>Keys and values; both have field ids of their own.</summary>
public sealed record MapType(int KeyId, IcebergType Key, int ValueId, IcebergType Value, bool ValueRequired)
    : IcebergType(TypeKind.Map);
