using System.Collections.Immutable;
using System.Text.Json;

namespace PvLakehouse.Iceberg.Json;

/// <summary>
/// Members of a JSON object that this library does not know, kept word for word so that writing back loses nothing.
/// </summary>
public sealed class ExtraProperties : IEquatable<ExtraProperties>
{
    private readonly ImmutableSortedDictionary<string, string> _rawJson;

    private ExtraProperties(ImmutableSortedDictionary<string, string> rawJson) => _rawJson = rawJson;

    /// <summary>No extra members.</summary>
    public static ExtraProperties None { get; } =
        new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>The names of the members, in ordinal order.</summary>
    public IEnumerable<string> Names => _rawJson.Keys;

    /// <summary>The JSON text of a member, or null when there is no such member.</summary>
    public string? RawJson(string name) => _rawJson.GetValueOrDefault(name);

    /// <summary>The same members with one set to a JSON text.</summary>
    public ExtraProperties With(string name, string rawJson) => new(_rawJson.SetItem(name, rawJson));

    /// <summary>Whether both hold the same members with the same JSON text.</summary>
    public bool Equals(ExtraProperties? other) => other is not null && _rawJson.SequenceEqual(other._rawJson);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ExtraProperties);

    /// <inheritdoc/>
    public override int GetHashCode() => _rawJson.Count;

    internal void WriteTo(Utf8JsonWriter writer)
    {
        foreach (var (name, rawJson) in _rawJson)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(rawJson);
        }
    }
}
