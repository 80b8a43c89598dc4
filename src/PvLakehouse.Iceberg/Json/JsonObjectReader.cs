using System.Text.Json;

namespace PvLakehouse.Iceberg.Json;

/// <summary>
/// Reads the members of one JSON object; failures name the member, what was found and what was expected.
/// </summary>
internal readonly struct JsonObjectReader
{
    private readonly JsonElement _element;
    private readonly string _what;

    public JsonObjectReader(JsonElement element, string what)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new IcebergFormatException($"{what} should be a JSON object but is {Shorten(element)}.");
        }

        _element = element;
        _what = what;
    }

    public bool Has(string name) => Member(name) is not null;

    public int Int(string name) => OptionalInt(name) ?? throw Missing(name);

    public long Long(string name) => OptionalLong(name) ?? throw Missing(name);

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public bool Bool(string name) => OptionalBool(name) ?? throw Missing(name);

    public int? OptionalInt(string name) => Member(name) is not { } m ? null
        : m.ValueKind == JsonValueKind.Number && m.TryGetInt32(out var value) ? value : throw Wrong(name, m, "a 32-bit integer");

    public long? OptionalLong(string name) => Member(name) is not { } m ? null
        : m.ValueKind == JsonValueKind.Number && m.TryGetInt64(out var value) ? value : throw Wrong(name, m, "an integer");

    /// <summary>
    /// A snapshot id. Some writers draw them from 64 bits without sign; those above the signed range wrap around.
    /// </summary>
    public long SnapshotId(string name) => OptionalSnapshotId(name) ?? throw Missing(name);

    public long? OptionalSnapshotId(string name) =>
        Member(name) is { ValueKind: JsonValueKind.Number } m && m.TryGetUInt64(out var unsigned)
            ? unchecked((long)unsigned)
            : OptionalLong(name);

    public string? OptionalText(string name) => Member(name) is not { } m ? null
        : m.ValueKind == JsonValueKind.String ? m.GetString() : throw Wrong(name, m, "a string");

    public bool? OptionalBool(string name) => Member(name) is not { } m ? null
        : m.ValueKind is JsonValueKind.True or JsonValueKind.False ? m.GetBoolean() : throw Wrong(name, m, "true or false");

    public JsonElement Value(string name) => Member(name) ?? throw Missing(name);

    public JsonElement? OptionalValue(string name) => Member(name);

    public JsonObjectReader Object(string name, string what) => new(Value(name), what);

    public List<T> List<T>(string name, Func<JsonElement, T> read) => OptionalList(name, read) ?? throw Missing(name);

    public List<T>? OptionalList<T>(string name, Func<JsonElement, T> read)
    {
        if (Member(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, member, "an array");
        }

        var list = new List<T>(member.GetArrayLength());
        foreach (var item in member.EnumerateArray())
        {
            list.Add(read(item));
        }

        return list;
    }

    public Dictionary<string, string>? OptionalTexts(string name)
    {
        if (Member(name) is not { } member)
        {
            return null;
        }

        if (member.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(name, member, "an object of strings");
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in member.EnumerateObject())
        {
            texts[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : throw Wrong($"{name}.{property.Name}", property.Value, "a string");
        }

        return texts;
    }

    /// <summary>The members that were not asked for by any of the names given.</summary>
    public ExtraProperties Extra(params ReadOnlySpan<string> known)
    {
        var extra = ExtraProperties.None;
        foreach (var property in _element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                extra = extra.With(property.Name, property.Value.GetRawText());
            }
        }

        return extra;
    }

    public IcebergFormatException Missing(string name) => new($"{_what} lacks '{name}', which is required.");

    public IcebergFormatException Wrong(string name, JsonElement found, string expected) =>
        new($"'{name}' of {_what} should be {expected} but is {Shorten(found)}.");

    private static string Shorten(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 60 ? text : text[..60] + "...";
    }

    /// <summary>A member that is there and not null.</summary>
    private JsonElement? Member(string name) =>
        _element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;
}
