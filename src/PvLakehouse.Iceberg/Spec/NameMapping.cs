using System.Text.Json;
using PvLakehouse.Iceberg.Json;

namespace PvLakehouse.Iceberg.Spec;

/// <summary>Field ids by the names that columns have in data files without ids (property <c>schema.name-mapping.default</c>).</summary>
/// <remarks>
/// Names are literal: a dot in one is no path. The element of a list is called <c>element</c>, the parts of a map <c>key</c> and
/// <c>value</c>. Immutable.
/// </remarks>
public sealed class NameMapping
{
    /// <summary>The table property that holds the mapping as JSON.</summary>
    public const string Property = "schema.name-mapping.default";

    private readonly Dictionary<string, MappedField> _byName = new(StringComparer.Ordinal);

    /// <summary>Makes a mapping of the fields of one level.</summary>
    /// <exception cref="ArgumentException">Two fields share a name.</exception>
    public NameMapping(IReadOnlyList<MappedField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = [.. fields];
        foreach (var field in Fields)
        {
            foreach (var name in field.Names)
            {
                if (!_byName.TryAdd(name, field) && !ReferenceEquals(_byName[name], field))
                {
                    throw new ArgumentException($"Two fields of one level are mapped from the name '{name}'.", nameof(fields));
                }
            }
        }
    }

    /// <summary>A mapping that knows no name.</summary>
    public static NameMapping Empty { get; } = new([]);

    /// <summary>The fields of this level.</summary>
    public IReadOnlyList<MappedField> Fields { get; }

    /// <summary>The field of this level that has a name, or null.</summary>
    public MappedField? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads the JSON form of the specification.</summary>
    /// <exception cref="IcebergFormatException">The text is no name mapping.</exception>
    public static NameMapping FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return JsonText.Read(json, $"The property '{Property}'", mapping => Read(mapping, Property));
    }

    private static NameMapping Read(JsonElement level, string what)
    {
        if (level.ValueKind != JsonValueKind.Array)
        {
            throw new IcebergFormatException($"{what} should be an array of mapped fields but is {level.ValueKind}.");
        }

        try
        {
            return new NameMapping([.. level.EnumerateArray().Select(field => ReadField(field, what))]);
        }
        catch (ArgumentException error)
        {
            throw new IcebergFormatException($"{what} is ambiguous: {error.Message}", innerException: error);
        }
    }

    private static MappedField ReadField(JsonElement element, string what)
    {
        var field = new JsonObjectReader(element, $"a field of {what}");
        var names = field.List("names", name => name.ValueKind == JsonValueKind.String
            ? name.GetString()!
            : throw new IcebergFormatException($"A name in {what} should be a string but is {name.GetRawText()}."));
        return new MappedField(field.OptionalInt("field-id"), names)
        {
            Children = field.OptionalValue("fields") is { } children
                ? Read(children, $"{what} below '{(names.Count > 0 ? names[0] : "")}'")
                : Empty,
        };
    }
}

/// <summary>A field of a name mapping.</summary>
/// <param name="FieldId">The field of the table; null hides the column.</param>
/// <param name="Names">Names that it has or had in files.</param>
public sealed record MappedField(int? FieldId, IReadOnlyList<string> Names)
{
    /// <summary>The fields below it.</summary>
    public NameMapping Children { get; init; } = NameMapping.Empty;
}
