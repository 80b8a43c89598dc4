using System.Collections.Frozen;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>The columns of a table at one time, nested fields included, found by id and by name.</summary>
/// <remarks>
/// Immutable. Nested names are joined by dots: <c>address.street</c>, <c>tags.element</c>, <c>codes.value</c>.
/// </remarks>
public sealed class Schema : IEquatable<Schema>
{
    private readonly FrozenDictionary<int, SchemaField> _byId;
    private readonly FrozenDictionary<string, SchemaField> _byName;
    private readonly Dictionary<string, List<SchemaField>> _byLowerName;

    /// <summary>Makes a schema of fields whose ids are unique through all levels.</summary>
    /// <param name="fields">Top-level fields in order.</param>
    /// <param name="schemaId">Id among the schemas of its table; a catalog assigns 0 to the first.</param>
    /// <param name="identifierFieldIds">Fields that together identify a row; required primitives.</param>
    /// <exception cref="ArgumentException">
    /// An id is used twice, or an identifier field is not fit to be one.
    /// </exception>
    public Schema(IReadOnlyList<NestedField> fields, int schemaId = 0, IEnumerable<int>? identifierFieldIds = null)
        : this(new StructType(fields), schemaId, identifierFieldIds)
    {
    }

    /// <summary>Makes a schema of a struct.</summary>
    /// <exception cref="ArgumentException">
    /// An id is used twice, or an identifier field is not fit to be one.
    /// </exception>
    public Schema(StructType type, int schemaId, IEnumerable<int>? identifierFieldIds = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        Struct = type;
        SchemaId = schemaId;
        IdentifierFieldIds = [.. (identifierFieldIds ?? []).Order()];
        var all = SchemaIndex.Flatten(type);
        AllFields = all;
        _byId = all.ToFrozenDictionary(f => f.Id);
        _byName = SchemaIndex.ByName(all);
        _byLowerName = SchemaIndex.ByLowerName(_byName);
        HighestFieldId = all.Count == 0 ? 0 : all.Max(f => f.Id);
        SchemaIndex.CheckIdentifiers(this);
    }

    /// <summary>Id among the schemas of its table.</summary>
    public int SchemaId { get; }

    /// <summary>The columns as a struct.</summary>
    public StructType Struct { get; }

    /// <summary>The top-level columns in order.</summary>
    public IReadOnlyList<NestedField> Columns => Struct.Fields;

    /// <summary>Ids of the fields that together identify a row, ascending; often none.</summary>
    public IReadOnlyList<int> IdentifierFieldIds { get; }

    /// <summary>The highest field id in use; 0 when there is no field.</summary>
    public int HighestFieldId { get; }

    /// <summary>Every field of every level, parents before children.</summary>
    public IReadOnlyList<SchemaField> AllFields { get; }

    /// <summary>The field of that id at any level, or null.</summary>
    public SchemaField? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>The field of that full name, or null.</summary>
    /// <exception cref="ArgumentException">Case is ignored and several fields fit.</exception>
    public SchemaField? Find(string name, bool caseSensitive = true)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_byName.TryGetValue(name, out var exact) || caseSensitive)
        {
            return exact;
        }

        return _byLowerName.GetValueOrDefault(SchemaIndex.Lower(name)) switch
        {
            null => null,
            [var only] => only,
            var several => throw new ArgumentException(
                $"Name '{name}' is ambiguous without case: it may be {string.Join(" or ", several.Select(f => f.FullName))}.",
                nameof(name)),
        };
    }

    /// <summary>The same fields under another schema id.</summary>
    public Schema WithId(int schemaId) => new(Struct, schemaId, IdentifierFieldIds);

    /// <summary>Whether fields and identifier fields are the same; the schema id does not count.</summary>
    public bool HasSameFields(Schema other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Struct.Equals(other.Struct) && IdentifierFieldIds.SequenceEqual(other.IdentifierFieldIds);
    }

    /// <summary>Whether id, fields and identifier fields are the same.</summary>
    public bool Equals(Schema? other) => other is not null && SchemaId == other.SchemaId && HasSameFields(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Schema);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SchemaId, Struct.Fields.Count, HighestFieldId);

    /// <summary>The JSON form of the specification.</summary>
    public string ToJson() => SchemaJson.Write(this);

    /// <summary>Reads the JSON form of the specification.</summary>
    /// <exception cref="IcebergFormatException">The text is not a schema.</exception>
    public static Schema FromJson(string json) => SchemaJson.Read(json);
}
